import type { Call } from "../../kernel/call.ts";
import type { NotMade } from "../../messages/verify.ts";

/** What stands between the calls and the machine. */
export interface Fence {
  /** The process that stands for the machine's own first one, where no copy of it is made. */
  readonly init?: string;
  /** Whether those who make the calls have mounts of their own, with an empty /run. */
  readonly ownMounts: boolean;
}

/** Why a call is not made on the running kernel, even by a throw-away process in a copy; undefined: it can be. */
export function whyNotHere(call: Call, { init, ownMounts }: Fence): NotMade | undefined {
  if (init !== undefined && (("of" in call && call.of === init) || ("child" in call && call.child === init))) {
    return "real-process";
  }
  switch (call.op) {
    // A number means whoever has it on this machine.
    case "pidfd_open":
      return typeof call.of === "object" ? "real-process" : undefined;
    case "ioctl":
      return typeof call.argument === "number" ? "real-process" : typeof call.request === "number" ? "raw" : undefined;
    case "pidfd-ioctl":
      return typeof call.request === "number" ? "raw" : undefined;
    // Limits and pid_max of the first namespaces are the machine's.
    case "write-sysctl":
      return "machine";
    case "bind":
    case "unbind":
    case "open-path":
      return ownMounts && call.path.startsWith("/run/") && !call.path.includes("..") ? undefined : "machine";
    case "chroot":
    case "pivot-root":
      return "machine";
    default:
      return undefined;
  }
}
