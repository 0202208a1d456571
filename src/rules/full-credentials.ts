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
