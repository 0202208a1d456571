import type { ProcessRecord } from "../../snapshot/types.ts";
import type { Captured } from "./capture.ts";

/** Who leads the session, and the group, of a process. */
export interface Led {
  readonly session: ProcessRecord;
  readonly group: ProcessRecord;
  /** The image does not have whoever leads it: the topmost of those who share it leads it in its place. */
  readonly isSessionElsewhere: boolean;
  readonly isGroupElsewhere: boolean;
}

/**
 * Of each captured process whose pid namespace is not captured, where numbers are anybody's, those who lead its session and
 * its group. `ordered`: parents before children; `numbers` are those of `capturedNumbers`. Absent: the kernel did not tell.
 */
export function ledAtBoundary(
  { processes }: Captured,
  ordered: readonly ProcessRecord[],
  numbers: ReadonlyMap<number, readonly number[]>,
): ReadonlyMap<number, Led> {
  const there = ordered.flatMap((process) => (numbers.get(process.pid)?.length === 0 ? (asBeside(process) ?? []) : []));
  const byNumber = new Map(there.map((one) => [keyOf(one, one.own), one]));
  const byPid = new Map(there.map((one) => [one.process.pid, one]));
  const parentOf = ({ process: { pid, ppid }, key }: Beside): Beside | undefined => {
    const parent = ppid === pid || !processes.has(ppid) ? undefined : byPid.get(ppid);
    return parent?.key === key ? parent : undefined;
  };

  const sessions = new Map<Beside, Beside>();
  for (const one of there) {
    const leader = byNumber.get(keyOf(one, one.session));
    const parent = parentOf(one);
    const isShared = one.session !== OUTSIDE && parent?.session === one.session;
    sessions.set(one, leader ?? (isShared ? sessions.get(parent) : undefined) ?? one);
  }
  const groups = new Map<Beside, Beside>();
  for (const one of there) {
    const session = sessions.get(one) ?? one;
    const leader = byNumber.get(keyOf(one, one.group));
    // Whoever has the number may be in another group by now; and where one leads a session in place of somebody, it leads a group.
    const isLed = leader !== undefined && leader.group === leader.own && sessions.get(leader) === session;
    const parent = parentOf(one);
    const isShared = one.group !== OUTSIDE && parent?.group === one.group && sessions.get(parent) === session;
    const found = session === one ? one : isLed ? leader : isShared ? groups.get(parent) : one;
    groups.set(one, found ?? one);
  }
  return new Map(
    there.map((one) => {
      const [session, group] = [sessions.get(one) ?? one, groups.get(one) ?? one];
      const isSessionElsewhere = session === one && one.session !== one.own;
      const isGroupElsewhere = group === one && one.group !== one.own;
      return [
        one.process.pid,
        { session: session.process, group: group.process, isSessionElsewhere, isGroupElsewhere },
      ];
    }),
  );
}

/** As the kernel says of a session that began outside of the pid namespace. */
const OUTSIDE = 0;

/** A process with its numbers in its own pid namespace, `key`. */
interface Beside {
  readonly process: ProcessRecord;
  readonly key: string;
  readonly own: number;
  readonly session: number;
  readonly group: number;
}

function asBeside(process: ProcessRecord): Beside | undefined {
  const { status, namespaces } = process;
  const own = status?.numbers?.at(-1);
  const { session, group } = status ?? {};
  if (own === undefined || session === undefined || group === undefined) return undefined;
  return { process, key: String(namespaces.pid), own, session, group };
}
const keyOf = ({ key }: Beside, number: number): string => `${key} ${number}`;
