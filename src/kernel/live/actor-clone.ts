import { CLONE_FLAGS, CONSTANTS } from "../../abi/constants.ts";
import type { Clone3Arguments } from "../../rules/clone3-arguments.ts";
import { cloneArgs } from "./holder-clone.ts";
import type { CloneCall } from "./holder-answer.ts";

/** Whoever has the caller's parent, or its thread group, takes its exit signal from there. */
const NO_SIGNAL = CLONE_FLAGS.CLONE_THREAD | CLONE_FLAGS.CLONE_PARENT;
const wantsPidfd = (flags: number): boolean => (flags & CLONE_FLAGS.CLONE_PIDFD) !== 0;
const suspends = (flags: number): boolean => (flags & CLONE_FLAGS.CLONE_VFORK) !== 0;

/** The bytes of clone3's struct for a call of the port. */
export function clone3Wish(flags: number, args: Clone3Arguments = {}): CloneCall {
  const { exitSignal = flags & NO_SIGNAL ? 0 : CONSTANTS.SIGCHLD, pidfd, ...rest } = args;
  const wish = { flags, exitSignal, ...rest, pidfd: wantsPidfd(flags) && pidfd !== "null" };
  return { call: "clone3", args: cloneArgs(wish), suspends: suspends(flags) };
}

/** The flags are all that clone(2) gets: no stack of its own, no pointers. */
export const cloneWish = (flags: number): CloneCall => ({
  call: "clone",
  args: [flags, 0, 0, 0, 0],
  suspends: suspends(flags),
});
