import type { TaskName } from "../call.ts";

/** How a live actor starts its tasks. */
export interface LiveActorOptions {
  /** The uid and gid that the first task takes, as if it had been started by that user. Needs root, unless it is ours. */
  readonly uid?: number;
  /**
   * Gives the first task a mount namespace of its own, out of which no mount can leak: needed for `bind`. Needs
   * CAP_SYS_ADMIN.
   */
  readonly privateMounts?: boolean;
  /** The first task takes a user namespace of its own before anything else, and is root there: it has one id, ours. */
  readonly ownUser?: boolean;
  /** Processes that are not the actor's, which calls may look at and no more. */
  readonly strangers?: Strangers;
  /** How long a call may take; HolderLostError: it takes longer. */
  readonly limitMs?: number;
}

/** Processes of the machine, by the names that calls give them. */
export interface Strangers {
  /** As our own pid namespace numbers it; undefined: none of that name. */
  pidOf(name: TaskName): number | undefined;
}
