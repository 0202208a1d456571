import { statSync } from "node:fs";
import { PID_MAX_LIMIT } from "../abi/ids.ts";
import { FACT_SYSCTLS } from "../caps/sysctl-facts.ts";
import type { FileFacts } from "../caps/situation.ts";
import type { Resource } from "../caps/target.ts";
import type { Observer } from "../kernel/observer.ts";
import { CAN_WORDS } from "../messages/can.ts";
import type { Language } from "../messages/sentence.ts";
import { USAGE_HINTS } from "../messages/usage.ts";
import { namesIn } from "../render/namespace-name.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import { brief } from "./brief.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";
import { readRef, type NamedRef } from "./resolve.ts";
import { withOwnStatus, type SeenPerson } from "./seen-person.ts";
import { usageFailure } from "./usage.ts";

/** A RESOURCE as it was written. */
export type NamedResource =
  | { readonly form: "ref"; readonly ref: NamedRef }
  | { readonly form: "device"; readonly name: string; readonly ref: NamedRef }
  | { readonly form: "process"; readonly pid: number }
  | { readonly form: "socket"; readonly pid: number; readonly fd: number }
  | { readonly form: "file" | "mount" | "sysctl"; readonly name: string }
  | { readonly form: "host" };

/** Reads a RESOURCE; a number is a process, for inodes of namespaces are larger than any. Throws where it is none. */
export function readResource(word: string, language: Language): NamedResource {
  if (word === "host") return { form: "host" };
  const pid = /^(?:pid:)?(\d{1,10})$/.exec(word)?.[1];
  if (pid !== undefined && Number(pid) >= 1 && Number(pid) <= PID_MAX_LIMIT)
    return { form: "process", pid: Number(pid) };
  const [, form = "", name = ""] = /^(file|mount|sysctl|dev|socket):(.+)$/s.exec(word) ?? [];
  switch (form) {
    case "file":
    case "mount":
    case "sysctl":
      return { form, name };
    case "dev": {
      const [, device = "", ref] = /^([^@/]+)@(.+)$/.exec(name) ?? [];
      if (ref === undefined) throw noResource(word, language);
      return { form: "device", name: device, ref: readRef(ref, language) };
    }
    case "socket": {
      const [, of, fd] = /^(\d{1,7})\/(\d{1,10})$/.exec(name) ?? [];
      if (of === undefined || fd === undefined) throw noResource(word, language);
      return { form: "socket", pid: Number(of), fd: Number(fd) };
    }
    default:
      return { form: "ref", ref: readRef(word, language) };
  }
}

const noResource = (word: string, language: Language): CommandFailure =>
  usageFailure(
    CAN_WORDS.resource[language]({ word: brief(word) }),
    USAGE_HINTS["see-help"][language]({ command: "can" }),
  );

/** The REFs in it. */
export const refsOf = (named: NamedResource): readonly NamedRef[] => ("ref" in named ? [named.ref] : []);

/** Looks it up in what was seen; `isHere`: files are this machine's. Throws where it is not there. */
export function resourceOf(
  named: NamedResource,
  { index, observer, namespaces }: SeenPerson,
  { isHere, language }: { readonly isHere: boolean; readonly language: Language },
): Resource {
  switch (named.form) {
    case "host":
      return { host: true };
    case "file":
      return { file: named.name, ...(isHere && factsOf(named.name)) };
    case "sysctl":
      return { sysctl: named.name };
    case "mount": {
      const id = index.snapshot.viewpoint.namespaces.mnt;
      if (id === undefined)
        throw notSeen(`mount:${named.name}`, CAN_WORDS.resource[language]({ word: brief(named.name) }));
      return { namespace: id };
    }
    case "process": {
      const process = index.processes.get(named.pid);
      if (process === undefined)
        throw notSeen(`pid:${named.pid}`, CAN_WORDS.resource[language]({ word: `pid:${named.pid}` }));
      return { process: observer === undefined ? { process } : withOwnStatus({ process }, observer) };
    }
    case "socket": {
      const word = `socket:${named.pid}/${named.fd}`;
      const one = index.snapshot.descriptors.find(
        ({ pid, fd, what, tid }) => pid === named.pid && fd === named.fd && what === "socket" && tid === undefined,
      );
      if (one?.namespace === undefined) throw notSeen(word, CAN_WORDS.socket[language]({ word }));
      return { namespace: one.namespace };
    }
    case "ref":
    case "device": {
      const [record] = namespaces;
      if (record === undefined) throw new TypeError("a REF was looked up");
      if (named.form === "device") checkDevice(named.name, record, { index, observer, language });
      return { namespace: record.id };
    }
  }
}

const notSeen = (subject: string, reason: string): CommandFailure =>
  new CommandFailure({ exit: EXIT.unknown, code: "NOT_SEEN", subject, reason });

function factsOf(path: string): { facts?: FileFacts } {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? {} : { facts: { uid: stat.uid, gid: stat.gid, mode: stat.mode & 0o7777 } };
}

/** Where a member's list can be read and the device is not in it, it is not there. */
function checkDevice(
  name: string,
  record: NamespaceRecord,
  { index, observer, language }: Pick<SeenPerson, "index" | "observer"> & { readonly language: Language },
): void {
  const [member] = index.members.get(record.id) ?? [];
  const text = member && observer?.read(`${observer.procRoot}/${member.pid}/net/dev`);
  if (text?.ok !== true) return;
  const names = new Set([...text.value.matchAll(/^\s*([^\s:]+):/gm)].map(([, device]) => device));
  if (names.has(name)) return;
  const of = namesIn(index.snapshot)(record);
  throw usageFailure(
    CAN_WORDS.device[language]({ name: brief(name), of }),
    USAGE_HINTS["see-help"][language]({ command: "can" }),
  );
}

/** The sysctls that answers rest on; those of a network namespace only where that is the viewer's own. */
export function readSysctls(
  observer: Observer | undefined,
  net: string | undefined,
  own: string | undefined,
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  if (observer === undefined) return values;
  for (const name of Object.values(FACT_SYSCTLS)) {
    if (name.startsWith("net/") && net !== own) continue;
    const text = observer.read(`${observer.procRoot}/sys/${name}`);
    if (text.ok) values.set(name, text.value);
  }
  return values;
}
