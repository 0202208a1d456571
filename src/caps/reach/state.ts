import { hasCap } from "../../abi/capabilities.ts";
import { inodeOf } from "../../abi/ids.ts";
import type { FullCredentials } from "../../rules/full-credentials.ts";
import type { NamespaceRecord, ProcessRecord } from "../../snapshot/types.ts";
import type { Actor } from "./actors.ts";
import { isMighty } from "./become.ts";
import type { Because, PathNode } from "./path.ts";
import { push } from "../../snapshot/push.ts";

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

/** The states in the order of their lengths; more may come while they are gone through. */
export class States {
  readonly #all: State[] = [];
  readonly #mighty = new Set<string>();
  readonly #changers = new Map<string, FullCredentials<number>[]>();

  push(state: State): void {
    this.#all.push(state);
    const { actor } = state;
    if (isMighty(actor)) this.#mighty.add(stateKey(actor, actor.user));
  }

  *[Symbol.iterator](): Iterator<State> {
    for (let nth = 0; nth < this.#all.length; nth++) {
      const state = this.#all[nth];
      if (state !== undefined) yield state;
    }
  }

  /**
   * Whether somebody not further away leads to all that other ids would give this one: has all power there, or takes the
   * same ids with no capability less. From now on this one counts as such.
   */
  isOutdone({ actor }: State): boolean {
    const key = stateKey(actor, actor.user);
    if (this.#mighty.has(key)) return true;
    const { credentials } = actor;
    if (credentials === undefined) return false;
    const changers = this.#changers.get(key) ?? [];
    this.#changers.set(key, changers);
    if (changers.some((one) => outdoes(one, credentials))) return true;
    changers.push(credentials);
    return false;
  }
}

function outdoes(one: FullCredentials<number>, other: FullCredentials<number>): boolean {
  const missing = (other.permitted & ~one.effective) | ((other.bounding | other.inheritable) & ~one.bounding);
  if (missing !== 0n || (one.noNewPrivs && !other.noNewPrivs)) return false;
  const same = (...ids: readonly (keyof FullCredentials<number>)[]): boolean =>
    ids.every((id) => one[id] === other[id]);
  const hasUids = hasCap(one.effective, "CAP_SETUID") || same("ruid", "euid", "suid", "fsuid");
  return hasUids && (hasCap(one.effective, "CAP_SETGID") || same("rgid", "egid", "sgid", "fsgid"));
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
    push(this.#done, key, rights);
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
