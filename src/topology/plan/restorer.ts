import type { Label } from "../reference.ts";
import type { Credentials } from "../topology.ts";

/** Whoever restores, as far as a plan depends on it. */
export interface Restorer {
  /**
   * Whether it has CAP_SYS_ADMIN in its own user namespace: then all is done from there; else from the topmost user
   * namespaces, which it owns.
   */
  readonly privileged: boolean;
  /** As its own user namespace numbers ids. Whoever stays there begins with these. */
  readonly credentials: Credentials;
  /** Whether a pid namespace can be passed on before its first process is born: PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE, Linux 6.11. */
  readonly opensUnborn: boolean;
  /** Whether each pid namespace has a kernel.pid_max of its own, Linux 6.14: before, it is everybody's. */
  readonly limitsPids: boolean;
}

/** What processes become in place of resting: a command line for the shell, by label. */
export type Commands = ReadonlyMap<Label, string>;
