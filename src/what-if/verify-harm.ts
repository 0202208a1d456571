import { CLONE_FLAGS } from "../abi/constants.ts";
import type { Call } from "../kernel/call.ts";
import type { NotMade } from "../messages/verify.ts";

/** The process that stands for the machine's own first one. */
const INIT = "init";

/** Why a call is not made on the running kernel, even by a throw-away process in a copy; undefined: it can be. */
export function whyNotHere(call: Call): NotMade | undefined {
  if (("of" in call && call.of === INIT) || ("child" in call && call.child === INIT)) return "real-process";
  switch (call.op) {
    // A number means whoever has it on this machine.
    case "pidfd_open":
      return typeof call.of === "object" ? "real-process" : undefined;
    case "ioctl":
      return typeof call.argument === "number" ? "real-process" : typeof call.request === "number" ? "raw" : undefined;
    // Limits and pid_max of the first namespaces are the machine's.
    case "write-sysctl":
      return "machine";
    case "clone":
    case "legacy-clone":
      return (call.flags & (CLONE_FLAGS.CLONE_VM | CLONE_FLAGS.CLONE_FILES)) !== 0 ? "shared" : undefined;
    case "bind":
    case "unbind":
    case "open-path":
      return call.path.startsWith("/run/") && !call.path.includes("..") ? undefined : "machine";
    case "chroot":
    case "pivot-root":
      return "machine";
    default:
      return undefined;
  }
}
