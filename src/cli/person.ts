import { statusOf, type Person } from "../caps/caller.ts";
import { readStatus } from "../discover/status.ts";
import type { Observer } from "../kernel/observer.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";

/** What a question about a process and namespaces works on. */
export interface SeenPerson {
  readonly index: SnapshotIndex;
  /** The kernel to ask for more; undefined: there is a snapshot only. */
  readonly observer: Observer | undefined;
  readonly person: Person;
  /** The namespaces that were named, in the order of their names. */
  readonly namespaces: readonly NamespaceRecord[];
}

/** The status of the very process or thread; a snapshot has that of processes alone. */
export function withOwnStatus(person: Person, observer: Observer): Person {
  const { process, thread } = person;
  if (thread === undefined) {
    const status = statusOf(person) ?? readStatus(observer, `${observer.procRoot}/${process.pid}`, true);
    return status === undefined ? person : { process: { ...process, status } };
  }
  const status = readStatus(observer, `${observer.procRoot}/${process.pid}/task/${thread.tid}`, true);
  return { process, thread: { tid: thread.tid, status } };
}
