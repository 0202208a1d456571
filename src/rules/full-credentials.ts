import { changedLike } from "./reserved.ts";
import type { Credentials } from "./view.ts";

/**
 * All of a task's credentials: what the decisions on namespaces look at, and what changes of ids and capabilities follow
 * from. Source: include/linux/cred.h.
 */
export interface FullCredentials<N> extends Credentials<N> {
  /** Supplementary groups, in the initial user namespace's numbers, ascending. */
  readonly groups: readonly number[];
  readonly inheritable: bigint;
  readonly bounding: bigint;
  /** What execve keeps for who is not root: always within permitted and inheritable. */
  readonly ambient: bigint;
  /** SECBIT_* flags. */
  readonly securebits: number;
  /** The kernel keeps it beside the credentials; like them it is each thread's own. */
  readonly noNewPrivs: boolean;
}

/** The same credentials with something changed. */
export const changedCredentials = <N>(
  who: FullCredentials<N>,
  change: Partial<FullCredentials<N>>,
): FullCredentials<N> => changedLike(who, change, copyOf);

const copyOf = <N>(like: FullCredentials<N>): FullCredentials<N> => ({
  user: like.user,
  ruid: like.ruid,
  euid: like.euid,
  suid: like.suid,
  fsuid: like.fsuid,
  rgid: like.rgid,
  egid: like.egid,
  sgid: like.sgid,
  fsgid: like.fsgid,
  groups: like.groups,
  permitted: like.permitted,
  effective: like.effective,
  inheritable: like.inheritable,
  ambient: like.ambient,
  bounding: like.bounding,
  securebits: like.securebits,
  noNewPrivs: like.noNewPrivs,
});
