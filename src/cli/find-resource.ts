import { inodeOf, type NamespaceId } from "../abi/ids.ts";
import type { Evidence } from "../caps/proof.ts";
import type { Resource } from "../caps/target.ts";
import { sysctlPath } from "../caps/sysctl-writers.ts";
import type { Observer } from "../kernel/observer.ts";
import { CAN_WORDS } from "../messages/can.ts";
import { ERRNO_TEXTS } from "../messages/errnos.ts";
import type { Language } from "../messages/sentence.ts";
import { USAGE_HINTS } from "../messages/usage.ts";
import { namesIn } from "../render/namespace-name.ts";
import { valueOf } from "../snapshot/attributes.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import { brief } from "./brief.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";
import type { FileFacts, MountFacts } from "../caps/situation.ts";
import type { NamedResource } from "./resource.ts";
import { withOwnStatus, type SeenPerson } from "./person.ts";
import { usageFailure } from "./usage.ts";

/** What files say of themselves, where there are any to ask. Each throws what reading them does. */
export interface Files {
  /** stat(2), and the mount it lies on. */
  look(path: string): FileFacts;
  /** The mount that a path lies on. */
  mountOf(path: string): MountFacts | undefined;
  /** The mode of a file below /proc/sys; undefined: there is none. */
  sysctlMode(path: string): number | undefined;
}

interface Looking {
  /** Files are this machine's, and sockets can be asked. */
  readonly isHere: boolean;
  /** Absent: there is a snapshot only. */
  readonly files?: Files | undefined;
  readonly language: Language;
}

/** Looks a RESOURCE up in what was seen, and at the machine where that is it. Throws where it is not there. */
export function resourceOf(named: NamedResource, seen: SeenPerson, looking: Looking): Resource {
  const { index, observer, namespaces } = seen;
  const { isHere, files, language } = looking;
  switch (named.form) {
    case "host":
      return { host: true };
    case "file":
      return { file: named.name, ...(isHere && files && { facts: files.look(named.name) }) };
    case "sysctl":
      return { sysctl: named.name, ...(isHere && files && sysctlMode(named.name, seen, files, language)) };
    case "mount":
      return mountOf(named.name, seen, looking);
    case "process":
      return { process: personOf(named.pid, seen, `pid:${named.pid}`, language) };
    case "socket":
      return socketOf(named, seen, looking);
    case "ref":
    case "device": {
      const [record] = namespaces;
      if (record === undefined) throw new TypeError("a REF was looked up");
      if (named.form === "ref") return { namespace: record.id };
      const evidence = deviceIn(named.name, record, { index, observer, language });
      return { device: named.name, namespace: record.id, ...(evidence !== undefined && { evidence }) };
    }
  }
}

const notSeen = (subject: string, reason: string): CommandFailure =>
  new CommandFailure({ exit: EXIT.unknown, code: "NOT_SEEN", subject, reason });

const off = (reason: string, language: Language): CommandFailure =>
  usageFailure(reason, USAGE_HINTS["see-help"][language]({ command: "can" }));

/** As nsatlas itself sees the path, in its own mount namespace. */
function mountOf(path: string, { index }: SeenPerson, { files, language }: Looking): Resource {
  const namespace = index.snapshot.viewpoint.namespaces.mnt;
  const word = `mount:${path}`;
  if (namespace === undefined) throw notSeen(word, CAN_WORDS.resource[language]({ word: brief(word) }));
  const facts = files?.mountOf(path);
  return { mount: path, namespace, ...(facts !== undefined && { facts }) };
}

function personOf(pid: number, { index, observer }: SeenPerson, word: string, language: Language) {
  const process = index.processes.get(pid);
  if (process === undefined) throw notSeen(word, CAN_WORDS.resource[language]({ word }));
  return observer === undefined ? { process } : withOwnStatus({ process }, observer);
}

/** The socket itself is asked for its network namespace; a snapshot has those that are not their process's. */
function socketOf(
  { pid, fd }: Extract<NamedResource, { form: "socket" }>,
  seen: SeenPerson,
  { isHere, language }: Looking,
): Resource {
  const word = `socket:${pid}/${fd}`;
  const holder = personOf(pid, seen, word, language);
  const { index, observer } = seen;
  const socket = { holder, fd };
  if (isHere && observer !== undefined) {
    return { socket, namespace: askSocket({ pid, fd }, observer, index, (reason) => off(reason, language), language) };
  }
  const one = index.snapshot.descriptors.find(
    (found) => found.pid === pid && found.fd === fd && found.what === "socket" && found.tid === undefined,
  );
  if (one?.namespace === undefined) throw notSeen(word, CAN_WORDS.socket[language]({ word }));
  return { socket, namespace: one.namespace };
}

function askSocket(
  { pid, fd }: { readonly pid: number; readonly fd: number },
  observer: Observer,
  index: SnapshotIndex,
  fail: (reason: string) => CommandFailure,
  language: Language,
): NamespaceId | null {
  const word = `socket:${pid}/${fd}`;
  const file = observer.look(`${observer.procRoot}/${pid}/fd/${fd}`);
  if (!file.ok)
    throw notSeen(word, `${CAN_WORDS.socket[language]({ word })} ${file.errno}, ${ERRNO_TEXTS[file.errno][language]}.`);
  if (file.value.type !== "socket") throw fail(CAN_WORDS.noSocket[language]({ word }));
  const [answer] = observer.askSockets({ pid }, [{ fd, inode: Number(inodeOf(file.value.id)) }]);
  if (answer?.ok !== true) return null;
  const { namespace } = answer.value;
  if (typeof namespace === "string") return namespace;
  const listed = index.snapshot.namespaces.find(({ uniqueId }) => uniqueId === String(namespace.uniqueId));
  return listed?.id ?? null;
}

/** The mode of its file, where the process sees the same one. */
function sysctlMode(name: string, { index, person }: SeenPerson, files: Files, language: Language): { mode?: number } {
  const path = sysctlPath(name);
  const { net } = person.process.namespaces;
  const isOther = path.startsWith("net/") && net !== index.snapshot.viewpoint.namespaces.net;
  if (isOther) return {};
  const mode = files.sysctlMode(path);
  if (mode === undefined) throw off(CAN_WORDS.sysctl[language]({ name: brief(name) }), language);
  return { mode };
}

interface Among {
  readonly index: SnapshotIndex;
  readonly observer: Observer | undefined;
  readonly language: Language;
}

/** Where it was seen; undefined: what devices there are was not seen. Throws where it is not among them. */
function deviceIn(name: string, record: NamespaceRecord, { index, observer, language }: Among): Evidence | undefined {
  const seen = devicesOf(record, { index, observer });
  if (seen === undefined) return undefined;
  if (seen.names.has(name)) return { read: seen.read, says: name };
  throw off(CAN_WORDS.device[language]({ name: brief(name), of: namesIn(index.snapshot)(record) }), language);
}

function devicesOf(
  record: NamespaceRecord,
  { index, observer }: Omit<Among, "language">,
): { readonly names: ReadonlySet<string | undefined>; readonly read: string } | undefined {
  const told = valueOf(record.attributes, "net");
  if (told !== undefined)
    return { names: new Set(told.interfaces.map((one) => one.name)), read: "rtnetlink RTM_GETLINK" };
  const [member] = index.members.get(record.id) ?? [];
  const file = `/${member?.pid}/net/dev`;
  const text = member && observer?.read(`${observer.procRoot}${file}`);
  if (text?.ok !== true) return undefined;
  return {
    names: new Set([...text.value.matchAll(/^\s*([^\s:]+):/gm)].map(([, device]) => device)),
    read: `/proc${file}`,
  };
}
