import { inodeOf } from "../../abi/ids.ts";
import type { NamespaceRecord, ProcessRecord } from "../../snapshot/types.ts";
import type { Actor } from "./actors.ts";
import type { Because, PathNode } from "./path.ts";

/** A process that the walk can act as, and how it came to that. */
export interface Member {
  readonly process: ProcessRecord;
  readonly at: PathNode | undefined;
}
/** Where the walk is: credentials, and the processes that have them. */
export interface State {
  readonly actor: Actor;
  readonly at: PathNode | undefined;
  readonly members: readonly Member[];
  /** Only another mount namespace came with the last step: what is mounted there is all there is to look at. */
  readonly pinsOnly?: true;
}

/** User namespaces that were looked through, and with which rights: another time would show nothing more. */
export class Searched {
  /** By pid namespace and user namespace: sets of rights. */
  readonly #done = new Map<string, number[]>();

  /** Whether one was looked through with all of these rights; from now on it was. */
  isDone(actor: Actor, node: number, rights: number): boolean {
    const key = stateKey(actor, node);
    const sets = this.#done.get(key);
    if (sets?.some((set) => (set & rights) === rights) === true) return true;
    if (sets === undefined) this.#done.set(key, [rights]);
    else sets.push(rights);
    return false;
  }
}

/** Everybody in a user namespace has the same there, but for the processes that it has numbers for. */
export const stateKey = ({ pid }: Actor, node: number): string => `${pid} ${node}`;
export const nameOf = ({ kind, id }: NamespaceRecord): string => `${kind}:[${inodeOf(id)}]`;

/** What somebody may do with a process, and why: open what it has under /proc, or attach to it. */
export interface Leave {
  readonly because: Because;
  readonly open: boolean;
  readonly attach: boolean;
}
