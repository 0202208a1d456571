import { ALL_CAPABILITIES } from "../../abi/capabilities.ts";
import { KINDS } from "../../abi/namespace-kinds.ts";
import type { ProcLink } from "../../abi/proc-links.ts";
import type { PidNode, UserNode } from "../nodes.ts";
import type { Label, Reference } from "../reference.ts";
import type { NamespaceNode, ProcessNode } from "../topology.ts";
import type { Maker } from "./maker.ts";
import type { WrittenProcess } from "./schema.ts";

type Links = Partial<Record<ProcLink, Reference>>;

/**
 * The processes that a text says. A pid namespace's first process is the first one that is said to be in it, or one that is made
 * for it; all others are below that one. What is not said of where a process is, is as its parent's, and its user namespace
 * is the owner of what it is in.
 */
export function expandProcesses(
  namespaces: readonly NamespaceNode[],
  written: Readonly<Record<Label, WrittenProcess>>,
  maker: Maker,
): { readonly processes: readonly ProcessNode[] } {
  const nodes = new Map(namespaces.map((node) => [node.label, node]));
  const chains = pidChains(namespaces);
  const entries: [Label, WrittenProcess][] = Object.entries(written);
  const said = new Map(entries.map(([label, one]) => [label, linksSaid(one, nodes)]));
  const firsts = new Map<Label, Label>();
  for (const [label, links] of said) {
    const pid = links.pid;
    const isFirst = pid !== undefined && chains.has(pid) && !firsts.has(pid) && (written[label]?.number ?? 1) === 1;
    if (isFirst) firsts.set(pid, label);
  }
  for (const node of namespaces) {
    if (node.kind !== "pid" || node.state !== "alive" || firsts.has(node.label)) continue;
    // No label of the text has two dots in a row by chance.
    const label = `${node.label}..first`;
    firsts.set(node.label, label);
    said.set(label, { pid: node.label });
    entries.push([label, { comm: "first" }]);
  }
  const parents = new Map(
    entries.map(([label, one]) => [label, one.parent ?? parentOf(label, said, { nodes, firsts })]),
  );
  const order = parentsFirst(
    entries.map(([label]) => label),
    parents,
  );
  const numbers = new Numbers(chains);
  for (const [label, one] of entries) {
    const pid = said.get(label)?.pid;
    if (pid !== undefined && one.number !== undefined) numbers.take(pid, one.number);
  }
  const byLabel = new Map(entries);
  const done = new Map<Label, ProcessNode>();
  for (const label of order) {
    const one = byLabel.get(label) ?? {};
    const parent = parents.get(label);
    const above = parent === undefined ? undefined : done.get(parent);
    const links = completed(said.get(label) ?? {}, above, nodes);
    const isFirst = links.pid !== undefined && firsts.get(links.pid) === label;
    const user = nodes.get(links.user ?? "");
    done.set(label, {
      label,
      comm: one.comm ?? label.slice(0, LONGEST_COMM),
      ...(parent !== undefined && { parent }),
      numbers: numbers.of(links.pid, isFirst ? 1 : one.number),
      namespaces: links,
      credentials: credentialsOf(one, user?.kind === "user" ? user : undefined, maker),
      descriptors: (one.holds ?? []).map((namespace, nth) => ({ fd: FIRST_FREE + nth, namespace })),
    });
  }
  return { processes: [...done.values()] };
}

/** TASK_COMM_LEN without the NUL. */
const LONGEST_COMM = 15;
/** Behind standard input, output and error. */
const FIRST_FREE = 3;

function linksSaid(
  { in: labels = [], namespaces = {} }: WrittenProcess,
  nodes: ReadonlyMap<Label, NamespaceNode>,
): Links {
  const links: Links = {};
  for (const label of labels) {
    // A label that is not there is the laws' to find: as if it were a mount namespace's.
    const kind = nodes.get(label)?.kind ?? "mnt";
    links[kind] = label;
  }
  return { ...links, ...namespaces };
}

/** The first process of its own pid namespace, or of the one above. */
function parentOf(
  label: Label,
  said: ReadonlyMap<Label, Links>,
  { nodes, firsts }: { nodes: ReadonlyMap<Label, NamespaceNode>; firsts: ReadonlyMap<Label, Label> },
): Label | undefined {
  const pid = said.get(label)?.pid;
  const first = pid === undefined ? undefined : firsts.get(pid);
  if (first !== label) return first;
  const node = nodes.get(pid ?? "");
  return node?.kind === "pid" ? firsts.get(node.parent) : undefined;
}

function completed(said: Links, above: ProcessNode | undefined, nodes: ReadonlyMap<Label, NamespaceNode>): Links {
  const owner = KINDS.map((kind) => nodes.get(said[kind] ?? "")).find(
    (node) => node !== undefined && node.kind !== "user" && !node.owner.startsWith("ambient:"),
  )?.owner;
  const links: Links = {};
  for (const kind of KINDS) {
    const usual = kind === "user" ? (owner ?? above?.namespaces.user) : above?.namespaces[kind];
    links[kind] = said[kind] ?? usual ?? `ambient:${kind}`;
  }
  const { pid_for_children, time_for_children } = said;
  return {
    ...links,
    ...(pid_for_children !== undefined && { pid_for_children }),
    ...(time_for_children !== undefined && { time_for_children }),
  };
}

/** In the order of the text, parents before; what goes in a circle stays for the laws to find. */
function parentsFirst(labels: readonly Label[], parents: ReadonlyMap<Label, Label | undefined>): readonly Label[] {
  const ordered = new Set<Label>();
  const known = new Set(labels);
  for (const start of labels) {
    const trail = new Set<Label>();
    let at: Label | undefined = start;
    while (at !== undefined && known.has(at) && !ordered.has(at) && !trail.has(at)) {
      trail.add(at);
      at = parents.get(at);
    }
    for (const label of [...trail].toReversed()) ordered.add(label);
  }
  return [...ordered];
}

function pidChains(namespaces: readonly NamespaceNode[]): ReadonlyMap<Label, readonly Label[]> {
  const chains = new Map<Label, readonly Label[]>();
  const isPid = (node: NamespaceNode): node is PidNode => node.kind === "pid";
  for (const { label, parent } of namespaces.filter(isPid))
    chains.set(label, [...(chains.get(parent) ?? []).slice(-MOST_KEPT), label]);
  return chains;
}
const MOST_KEPT = 64;

/** Numbers for processes: the first that is free, in each captured pid namespace that has them. */
class Numbers {
  readonly #chains: ReadonlyMap<Label, readonly Label[]>;
  readonly #taken = new Map<Label, Set<number>>();
  readonly #next = new Map<Label, number>();

  constructor(chains: ReadonlyMap<Label, readonly Label[]>) {
    this.#chains = chains;
    // 1 is the first process's.
    for (const label of chains.keys()) this.take(label, 1);
  }

  take(namespace: Label, number: number): void {
    const taken = this.#taken.get(namespace);
    if (taken === undefined) this.#taken.set(namespace, new Set([number]));
    else taken.add(number);
  }

  of(pid: Reference | undefined, own: number | undefined): readonly number[] {
    const chain = this.#chains.get(pid ?? "") ?? [];
    return chain.map((label, level) => (level === chain.length - 1 && own !== undefined ? own : this.#free(label)));
  }

  #free(namespace: Label): number {
    let next = this.#next.get(namespace) ?? 2;
    while (this.#taken.get(namespace)?.has(next) === true) next++;
    this.take(namespace, next);
    this.#next.set(namespace, next + 1);
    return next;
  }
}

const digits = (set: bigint): string => set.toString(16).padStart(16, "0");
const EVERY = digits(ALL_CAPABILITIES);
const NONE = "0".repeat(EVERY.length);

/** Root of its user namespace, where that has a root; in that of the restorer whoever restores, with power as root alone. */
function credentialsOf(
  { uid, gid, groups }: WrittenProcess,
  user: UserNode | undefined,
  maker: Maker,
): ProcessNode["credentials"] {
  const ids = (id: number | undefined): Partial<Record<"real" | "effective" | "saved" | "fs", number>> =>
    id === undefined ? {} : { real: id, effective: id, saved: id, fs: id };
  const own = (sort: "uid" | "gid"): number | undefined =>
    user === undefined ? maker[sort] : (sort === "uid" ? user.uidMap : user.gidMap)?.[0]?.inside;
  const most = user === undefined ? digits(maker.bounding ?? ALL_CAPABILITIES) : EVERY;
  const power = user === undefined && (uid ?? maker.uid) !== 0 ? NONE : most;
  const member = groups ?? (user === undefined ? maker.groups : undefined) ?? [];
  return {
    uid: ids(uid ?? own("uid")),
    gid: ids(gid ?? own("gid")),
    groups: member.toSorted((a, b) => a - b),
    capabilities: { inheritable: NONE, permitted: power, effective: power, bounding: most, ambient: NONE },
    noNewPrivs: false,
  };
}
