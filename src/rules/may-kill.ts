import { hasCapability } from "./has-capability.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import type { Credentials, View } from "./view.ts";

/**
 * KILL: whether a task may send a signal to a process: to its own always, else its effective or real uid has to be the
 * target's real or saved one, or it has CAP_KILL over the target's user namespace.
 * Source: kernel/signal.c check_kill_permission, kill_ok_by_cred.
 */
export function mayKill<N>(
  view: View<N>,
  who: Credentials<N>,
  { credentials, sameThreadGroup }: { readonly credentials: Credentials<N>; readonly sameThreadGroup: boolean },
): Outcome<true> {
  const theirs = [credentials.ruid, credentials.suid];
  const same = theirs.includes(who.euid) || theirs.includes(who.ruid);
  if (sameThreadGroup || same || hasCapability(view, who, credentials.user, "CAP_KILL")) return ok(true);
  return refused("EPERM", "no-kill");
}
