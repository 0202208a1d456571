import { readFileSync } from "node:fs";
import { release } from "node:os";
import { parseStatus } from "../procfs/status.ts";
import { PID_MAX_OF_EACH } from "../abi/ids.ts";
import { hasSince } from "../rules/kernel-changes.ts";
import { PIDFD_IOCTLS } from "../abi/ioctls.ts";
import { capNumber } from "../abi/capabilities.ts";
import type { Restorer } from "../topology/plan/restorer.ts";

/** Ourselves, as far as a plan depends on it. Throws where /proc does not say. */
export function whoRestores(): Restorer {
  const status = parseStatus(readFileSync("/proc/thread-self/status", "latin1"));
  if (!status.ok) throw new Error(`/proc/thread-self/status is not understood: ${status.line}`);
  const { uid, gid, groups, capabilities } = status.value;
  return {
    privileged: ((capabilities.effective >> BigInt(capNumber("CAP_SYS_ADMIN"))) & 1n) === 1n,
    credentials: { uid, gid, groups },
    opensUnborn: hasSince(release(), PIDFD_IOCTLS.PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE.since),
    limitsPids: hasSince(release(), PID_MAX_OF_EACH),
  };
}
