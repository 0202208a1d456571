import type { NamespaceId } from "../../abi/ids.ts";
import { KINDS } from "../../abi/namespace-kinds.ts";
import type { ProcessRecord } from "../../snapshot/types.ts";
import type { MissingFact } from "../proof.ts";
import type { PathNode } from "./path.ts";
import type { State } from "./state.ts";

/** A step for which evidence is missing: it is not taken. */
export interface UntakenStep {
  readonly by: number;
  /** The process that it may take over, where it is about one. */
  readonly pid?: number;
  readonly missing: MissingFact;
}

/** A namespace that can be joined, the last step to it, and who takes that. */
export interface Ahead {
  readonly namespace: NamespaceId;
  readonly node: PathNode;
  readonly state: Pick<State, "actor" | "members">;
}

/** What a walk has found; each with the last step of a shortest path, undefined where none is needed. */
export class Findings {
  /** The namespaces that it can be in. */
  readonly inside = new Map<NamespaceId, PathNode | undefined>();
  /** CAP_SYS_ADMIN over what a user namespace governs, by its number in the `Ground`. */
  readonly admin = new Map<number, PathNode | undefined>();
  /** The mount namespaces whose files it can see. */
  readonly look = new Map<NamespaceId, PathNode>();
  readonly #taken = new Set<number>();
  readonly #untaken = new Map<string, UntakenStep>();
  /** Two steps away when they were found: one step may yet turn up. */
  #ahead: Ahead[] = [];

  /** A process that the walk acts as is in its namespaces. */
  arrive(pid: number, namespaces: ProcessRecord["namespaces"], at: PathNode | undefined): void {
    this.#taken.add(pid);
    for (const kind of KINDS) {
      const id = namespaces[kind];
      if (id !== undefined && !this.inside.has(id)) this.inside.set(id, at);
    }
  }

  /** CAP_SYS_ADMIN over these user namespaces, and over all that hangs from them. */
  hold(roots: readonly number[], children: ReadonlyMap<number, readonly number[]>, at: PathNode | undefined): void {
    const left = [...roots];
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      if (this.admin.has(node)) continue;
      this.admin.set(node, at);
      left.push(...(children.get(node) ?? []));
    }
  }

  ahead(one: Ahead): void {
    this.#ahead.push(one);
  }

  /** Whatever was found ahead and is now the shortest; whether nothing is left. */
  settle(length: number): { readonly settled: readonly Ahead[]; readonly isOver: boolean } {
    const [left, settled]: [Ahead[], Ahead[]] = [[], []];
    for (const one of this.#ahead) {
      if (one.node.length > length) left.push(one);
      else if (!this.inside.has(one.namespace)) {
        this.inside.set(one.namespace, one.node);
        settled.push(one);
      }
    }
    this.#ahead = left;
    return { settled, isOver: left.length === 0 };
  }

  leave(by: number, missing: MissingFact, pid?: number): void {
    const key = `${missing.what} ${missing.of} ${pid}`;
    if (!this.#untaken.has(key)) this.#untaken.set(key, { by, ...(pid !== undefined && { pid }), missing });
  }

  /** The steps for which evidence is missing, but for those to processes that were reached otherwise. */
  untaken(): readonly UntakenStep[] {
    return [...this.#untaken.values()].filter(({ pid }) => pid === undefined || !this.#taken.has(pid));
  }
}
