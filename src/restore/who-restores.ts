import { readFileSync } from "node:fs";
import { release } from "node:os";
import { parseStatus } from "../procfs/status.ts";
import { PID_MAX_OF_EACH } from "../abi/ids.ts";
import { hasSince } from "../rules/kernel-changes.ts";
import { PIDFD_IOCTLS } from "../abi/ioctls.ts";
import { ALL_CAPABILITIES, capNumber } from "../abi/capabilities.ts";
import type { Restorer } from "../topology/plan/restorer.ts";

/** Ourselves, as far as a plan depends on it. Throws where /proc does not say. */
export function whoRestores(): Restorer {
  const status = parseStatus(readFileSync("/proc/thread-self/status", "latin1"));
  if (!status.ok) throw new Error(`/proc/thread-self/status is not understood: ${status.line}`);
  const { uid, gid, groups, capabilities, noNewPrivs } = status.value;
  const { inheritable, permitted, effective, bounding, ambient = 0n } = capabilities;
  const sets = {
    inheritable: inDigits(inheritable),
    permitted: inDigits(permitted),
    effective: inDigits(effective),
    bounding: inDigits(bounding ?? ALL_CAPABILITIES),
    ambient: inDigits(ambient),
  };
  return {
    privileged: ((capabilities.effective >> BigInt(capNumber("CAP_SYS_ADMIN"))) & 1n) === 1n,
    credentials: { uid, gid, groups, capabilities: sets, noNewPrivs: noNewPrivs ?? false },
    opensUnborn: hasSince(release(), PIDFD_IOCTLS.PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE.since),
    limitsPids: hasSince(release(), PID_MAX_OF_EACH),
  };
}

/** As an image has a set of capabilities. */
const inDigits = (set: bigint): string => set.toString(16).padStart(16, "0");
