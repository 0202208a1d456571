import { hasCap } from "../abi/capabilities.ts";
import type { ProcessRecord } from "../snapshot/types.ts";
import type { Caller } from "./caller.ts";
import { HIDDEN, isTop, type Ground } from "./ground.ts";
import type { AssumedFact } from "./proof.ts";

/**
 * Whether the kernel let whoever looked pass the question of dumpability, and so lets somebody who has no less: a process's
 * namespace links are read only behind it. It asks for the mode that the process's memory has, or for CAP_SYS_PTRACE in the
 * user namespace that it was started in, which somebody in the viewer's user namespace, with its effective uid and no less of
 * that capability, has wherever the viewer has it. Source: kernel/ptrace.c task_still_dumpable.
 */
export function wasShown(
  { index, numberOf }: Ground,
  { user, euid, effective = 0n }: Pick<Caller, "user" | "euid" | "effective">,
  { pid, namespaces }: ProcessRecord,
): boolean {
  const { viewpoint } = index.snapshot;
  const { capabilities, namespaces: own } = viewpoint;
  // Nobody is asked about itself.
  if (capabilities === undefined || own.user === undefined || pid === viewpoint.pid) return false;
  const isSeen = Object.keys(namespaces).length > 0;
  const alike = user !== HIDDEN && user === numberOf.get(own.user) && euid === viewpoint.uid.effective;
  const viewerTraces = hasCap(BigInt(`0x${capabilities}`), "CAP_SYS_PTRACE");
  return isSeen && alike && (!viewerTraces || hasCap(effective, "CAP_SYS_PTRACE"));
}

/** What has to be taken for granted of a process's being dumpable: who may trace everybody on the machine need not ask. */
export function dumpableOf(ground: Ground, who: Caller, process: ProcessRecord): readonly AssumedFact[] {
  const tracesAll = isTop(ground, who.user) && hasCap(who.effective ?? 0n, "CAP_SYS_PTRACE");
  return tracesAll || wasShown(ground, who, process) ? [] : [{ what: "dumpable", of: String(process.pid) }];
}
