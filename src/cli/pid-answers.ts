import { inodeOf, type NamespaceId } from "../abi/ids.ts";
import type { NsFile, Observer, PidTranslation } from "../kernel/observer.ts";
import { PID_WORDS } from "../messages/pid.ts";
import type { Language } from "../messages/sentence.ts";
import { parseStatus } from "../procfs/status.ts";
import type { Who } from "../refs/who.ts";
import { refused, type Outcome } from "../rules/outcome.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { localPath } from "../snapshot/local-path.ts";
import { pidNumbers, processesIn, type PidNumber } from "../snapshot/pid-numbers.ts";
import type { ProcessRecord } from "../snapshot/types.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";

/** A number, and what told it: the ioctl, or the field of /proc/PID/status. */
export interface ToldNumber extends PidNumber {
  readonly by: string;
}
interface Place {
  readonly id: NamespaceId;
  /** A file of it, where the user named one. */
  readonly path: string | undefined;
}
interface Asked {
  readonly index: SnapshotIndex;
  /** The kernel to ask; undefined: there is a snapshot only. */
  readonly observer: Observer | undefined;
  readonly who: Who;
  /** WHO as it was written, safe to print. */
  readonly text: string;
  readonly language: Language;
  /** The pid namespace that WHO's numbers are of; undefined: that of the /proc. */
  readonly from: Place | undefined;
}
/** A process or thread that was found, by the numbers that /proc has for it. */
interface Found {
  readonly process: ProcessRecord;
  readonly tid: number | undefined;
  /** What told who it is. */
  readonly by: string;
}

/** Every number of a process or thread, from the outermost pid namespace inwards. Throws where none is known. */
export function askNumbers(asked: Asked): readonly ToldNumber[] {
  const found = findWho(asked);
  const { told, by } = statusNumbers(asked, found);
  if (told === undefined) throw notRead(asked, "not-read");
  return told.map((number) => ({ ...number, by }));
}

/** Its number in one pid namespace; `undefined`: that of the /proc. Throws where it has none, or none is known. */
export function askNumber(asked: Asked, target: Place | undefined): ToldNumber {
  const { index } = asked;
  const found = findWho(asked);
  if (target === undefined) {
    const namespace = index.snapshot.viewpoint.namespaces.pid;
    return { namespace, number: found.tid ?? found.process.pid, by: found.by };
  }
  const request = found.tid === undefined ? "NS_GET_TGID_IN_PIDNS" : "NS_GET_PID_IN_PIDNS";
  const answer = translate(asked, target, request, found.tid ?? found.process.pid);
  if (answer.ok) return { namespace: target.id, number: answer.value, by: `ioctl ${request}` };
  if (answer.errno === "ESRCH") throw noNumber(asked, target);

  const { told, by } = statusNumbers(asked, found);
  if (told === undefined) throw notRead(asked, "not-read");
  const number = told.find(({ namespace }) => namespace === target.id);
  if (number !== undefined) return { ...number, by };
  if (told.every(({ namespace }) => namespace === undefined)) throw notRead(asked, "namespace-not-read");
  throw noNumber(asked, target);
}

/** The process or thread that WHO is. Throws where nobody that can be seen is. */
export function findWho(asked: Asked): Found {
  const { index, who, from } = asked;
  const { viewpoint } = index.snapshot;
  const isForeign = readsForeignProc(index);
  if (who.process === "self" || from === undefined || (from.id === viewpoint.namespaces.pid && !isForeign)) {
    // Our own number means nothing in a /proc of another pid namespace.
    const number = who.process !== "self" ? who.process : isForeign ? undefined : viewpoint.pid;
    const process = number === undefined ? undefined : index.processes.get(number);
    if (process === undefined || !hasThread(asked, process.pid)) throw noProcess(asked);
    return { process, tid: who.thread, by: "NStgid" };
  }
  const request = "NS_GET_TGID_FROM_PIDNS";
  const answer = translate(asked, from, request, who.process);
  const listed = answer.ok || answer.errno === "ESRCH" ? undefined : processesIn(index, from.id).get(who.process);
  const process = answer.ok ? index.processes.get(answer.value) : listed;
  if (process === undefined) throw noProcess(asked);
  const by = answer.ok ? `ioctl ${request}` : "NStgid";
  if (who.thread === undefined) return { process, tid: undefined, by };
  const thread = translate(asked, from, "NS_GET_PID_FROM_PIDNS", who.thread);
  if (thread.ok) return { process, tid: thread.value, by: "ioctl NS_GET_PID_FROM_PIDNS" };
  throw thread.errno === "ESRCH" ? noProcess(asked) : notRead(asked, "not-read");
}

/** A snapshot cannot tell: then nobody has read its numbers. */
function hasThread({ observer, who }: Asked, process: number): boolean {
  if (who.thread === undefined || observer === undefined) return true;
  return observer.read(`${observer.procRoot}/${process}/task/${who.thread}/status`).ok;
}

const readsForeignProc = ({ snapshot }: SnapshotIndex): boolean =>
  snapshot.coverage.some(({ notes = [] }) => notes.includes("proc-of-another-pid-namespace"));

/** By the kernel, where it can be asked about pids as this /proc has them; ENOTTY where it cannot. */
function translate({ index, observer }: Asked, place: Place, request: PidTranslation, number: number): Outcome<number> {
  if (observer === undefined || readsForeignProc(index)) return refused("ENOTTY");
  const opened = openNamespace(index, observer, place);
  if (opened === undefined) return refused("ENOTTY");
  using file = opened;
  return file.translatePid(request, number);
}

/** By the file that was named, or the link of a process in it; undefined where none opens it. */
function openNamespace(index: SnapshotIndex, observer: Observer, { id, path }: Place): NsFile | undefined {
  const [member] = index.members.get(id) ?? [];
  const [pinned] = (index.pins.get(id) ?? []).flatMap((pin) => localPath(pin) ?? []);
  const link = member && `${observer.procRoot}/${member.pid}/ns/pid`;
  for (const one of [path, link, pinned]) {
    const opened = one === undefined ? undefined : observer.open(one);
    if (opened?.ok !== true) continue;
    if (opened.value.id === id) return opened.value;
    opened.value[Symbol.dispose]();
  }
  return undefined;
}

function statusNumbers(
  { index, observer }: Asked,
  { process, tid }: Pick<Found, "process" | "tid">,
): { readonly told: readonly PidNumber[] | undefined; readonly by: "NStgid" | "NSpid" } {
  if (tid === undefined || tid === process.pid) return { told: pidNumbers(index, process), by: "NStgid" };
  const text = observer?.read(`${observer.procRoot}/${process.pid}/task/${tid}/status`);
  const status = text?.ok === true ? parseStatus(text.value) : undefined;
  const numbers = status?.ok === true ? status.value.nsPid : undefined;
  return { told: numbers && pidNumbers(index, process, numbers), by: "NSpid" };
}

function noProcess({ text, language, from }: Asked): CommandFailure {
  const isNamed = from === undefined || text.includes("@");
  const who = isNamed ? text : `${text}@pid:[${inodeOf(from.id)}]`;
  const reason = PID_WORDS["no-process"][language]({ who });
  return new CommandFailure({ exit: EXIT.no, code: "ESRCH", subject: who, reason });
}

function noNumber({ text, language }: Asked, { id }: Place): CommandFailure {
  const reason = PID_WORDS["no-number-there"][language]({ who: text, namespace: `pid:[${inodeOf(id)}]` });
  return new CommandFailure({ exit: EXIT.no, code: "ESRCH", subject: text, reason });
}

function notRead({ text, language }: Asked, what: "not-read" | "namespace-not-read"): CommandFailure {
  const reason = PID_WORDS[what][language]({ who: text });
  const hint = PID_WORDS[what === "not-read" ? "not-read-hint" : "namespace-hint"][language];
  return new CommandFailure({ exit: EXIT.unknown, code: "UNKNOWN", subject: text, reason, hint });
}
