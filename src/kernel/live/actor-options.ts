/** How a live actor starts its tasks. */
export interface LiveActorOptions {
  /** The uid and gid that the first task takes, as if it had been started by that user. Needs root, unless it is ours. */
  readonly uid?: number;
  /**
   * Gives the first task a mount namespace of its own, out of which no mount can leak: needed for `bind`. Needs
   * CAP_SYS_ADMIN.
   */
  readonly privateMounts?: boolean;
  /** How long a call may take; HolderLostError: it takes longer. */
  readonly limitMs?: number;
}
