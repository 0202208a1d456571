import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { NamespaceNode } from "../topology.ts";
import type { PidNode, UserNode } from "../nodes.ts";
import { isBoundary, type Label, type Reference } from "../reference.ts";
import type { ProcessNode, Topology } from "../topology.ts";
import { push } from "../../snapshot/push.ts";

/** Where a process stands by a link that it does not name. */
export const ambient = (kind: NamespaceKind): Reference => `ambient:${kind}`;
export const AMBIENT_USER: Reference = ambient("user");
export const AMBIENT_PID: Reference = ambient("pid");

/** A topology, looked up by what leads to what. */
export class Index {
  readonly topology: Topology;
  readonly processes: ReadonlyMap<Label, ProcessNode>;
  readonly #nodes: ReadonlyMap<Label, NamespaceNode>;
  readonly #owned = new Map<Reference, NamespaceNode[]>();
  /** The first process of each pid namespace. */
  readonly first: ReadonlyMap<Label, ProcessNode>;
  readonly #numbered = new Map<string, ProcessNode>();
  /** Whose session, or group, nobody can know: led by somebody outside its pid namespace. Then it has its parent's. */
  readonly #outside: ReadonlySet<string>;
  /** Time namespaces that somebody has for its children alone, and who. */
  readonly pendingTime: ReadonlyMap<Label, ProcessNode>;
  /** The mount namespaces in which another one is bound, by that one's label. */
  readonly mountsBoundIn: ReadonlyMap<Label, ReadonlySet<Reference>>;

  constructor(topology: Topology) {
    this.topology = topology;
    this.#nodes = new Map(topology.namespaces.map((node) => [node.label, node]));
    this.processes = new Map(topology.processes.map((process) => [process.label, process]));
    for (const node of topology.namespaces) {
      push(this.#owned, node.owner, node);
    }
    const first = new Map<Label, ProcessNode>();
    const pendingTime = new Map<Label, ProcessNode>();
    for (const process of topology.processes) {
      const pid = process.namespaces.pid ?? AMBIENT_PID;
      const own = process.numbers.at(-1);
      if (!isBoundary(pid) && own === 1) first.set(pid, process);
      const time = process.namespaces.time_for_children;
      if (time !== undefined && !isBoundary(time) && !pendingTime.has(time)) pendingTime.set(time, process);
    }
    this.#outside = new Set(topology.findings.map(({ code, element }) => `${code} ${element}`));
    this.first = first;
    this.pendingTime = pendingTime;
    const boundIn = new Map<Label, Set<Reference>>();
    for (const { namespace, in: place } of topology.pins) {
      if (this.#nodes.get(namespace)?.kind !== "mnt") continue;
      boundIn.set(namespace, (boundIn.get(namespace) ?? new Set()).add(place));
    }
    this.mountsBoundIn = boundIn;
    for (const process of topology.processes) {
      for (const [level, namespace] of this.levelsOf(process).entries())
        this.#numbered.set(`${namespace} ${process.numbers[level]}`, process);
    }
  }

  node(label: Reference): NamespaceNode | undefined {
    return this.#nodes.get(label);
  }
  pid(label: Reference): PidNode | undefined {
    const node = this.#nodes.get(label);
    return node?.kind === "pid" ? node : undefined;
  }
  user(label: Reference): UserNode | undefined {
    const node = this.#nodes.get(label);
    return node?.kind === "user" ? node : undefined;
  }
  /** The pid namespaces that number a process, by the numbers that it has there. */
  levelsOf({ namespaces, numbers }: ProcessNode): readonly Reference[] {
    const levels: Reference[] = [];
    let at = namespaces.pid ?? AMBIENT_PID;
    for (const _ of numbers) {
      levels.unshift(at);
      at = this.pid(at)?.parent ?? AMBIENT_PID;
    }
    return levels;
  }
  /** Whether a process stays in the session, or the group, that it is born into: its own is not known, and it has a parent. */
  stays({ label, parent }: ProcessNode, what: "session" | "group"): boolean {
    if (parent === undefined || !this.processes.has(parent)) return false;
    return this.#outside.has(`${what}-outside ${label}`);
  }
  /** Who leads its session, or its group: itself, where nothing else is said; undefined: somebody who has ended. */
  leader(process: ProcessNode, of: "session" | "group"): ProcessNode | undefined {
    const { [of]: led = process.label, namespaces } = process;
    if (typeof led === "string") return this.processes.get(led);
    return this.numbered(namespaces.pid ?? AMBIENT_PID, led);
  }
  /** Whether it begins a session, or a group, of its own. */
  leads(process: ProcessNode, what: "session" | "group"): boolean {
    const { [what]: led, label } = process;
    return led === label || (led === undefined && !this.stays(process, what));
  }
  /** Whoever has a number in a pid namespace. */
  numbered(pid: Reference, number: number): ProcessNode | undefined {
    return this.#numbered.get(`${pid} ${number}`);
  }
  /** What a user namespace owns; of user namespaces its children. */
  ownedBy(owner: Reference): readonly NamespaceNode[] {
    return this.#owned.get(owner) ?? [];
  }

  /** The topmost captured user namespace at or above one; the boundary itself above those. */
  topmost(user: Reference): Reference {
    let at = user;
    for (let node = this.user(at); node !== undefined && !isBoundary(node.owner); node = this.user(at)) at = node.owner;
    return at;
  }
}
