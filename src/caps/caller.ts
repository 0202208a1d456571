import type { NamespaceId } from "../abi/ids.ts";
import type { ProcessRecord, StatusRecord } from "../snapshot/types.ts";
import { HIDDEN, OVERFLOW_ID, type Ground } from "./ground.ts";

/** A process or thread whose power is asked about: by its record, and the status of the thread where it is one. */
export interface Person {
  readonly process: ProcessRecord;
  /** A further thread of it: it has credentials of its own, in the same user namespace. Undefined: they were not read. */
  readonly thread?: { readonly tid: number; readonly status: StatusRecord | undefined };
}

/** What of its credentials the walk looks at. */
export interface Caller {
  /** The number of its user namespace in the `Ground`, or `HIDDEN`. */
  readonly user: number;
  readonly userId: NamespaceId | undefined;
  /** In the viewer's numbers; `HIDDEN` where nobody read it, or it has no number there. */
  readonly euid: number;
  /** The effective set; undefined where nobody read it. */
  readonly effective: bigint | undefined;
}

/** /proc/PID/status, or that of the thread. */
export const statusOf = ({ process, thread }: Person): StatusRecord | undefined =>
  thread === undefined ? process.status : thread.status;

export function callerOf(ground: Ground, person: Person): Caller {
  const { process, thread } = person;
  const status = statusOf(person);
  const userId = process.namespaces.user;
  // The owner of /proc/PID is the process's effective uid; a thread may have another.
  const euid = status?.uid.effective ?? (thread === undefined ? process.uid : undefined);
  return {
    user: userId === undefined ? HIDDEN : (ground.numberOf.get(userId) ?? HIDDEN),
    userId,
    euid: euid === undefined ? HIDDEN : knownId(ground, euid),
    effective: status === undefined ? undefined : BigInt(`0x${status.capabilities.effective}`),
  };
}

/** An id as the viewer sees it, or `HIDDEN`: what is shown for ids without a number may stand for any. */
export const knownId = ({ seesEveryId }: Ground, id: number): number =>
  id === OVERFLOW_ID && !seesEveryId ? HIDDEN : id;
