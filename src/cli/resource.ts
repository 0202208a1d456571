import { PID_MAX_LIMIT } from "../abi/ids.ts";
import type { Person } from "../caps/caller.ts";
import { FACT_SYSCTLS } from "../caps/sysctl-facts.ts";
import type { Observer } from "../kernel/observer.ts";
import { CAN_WORDS } from "../messages/can.ts";
import type { Language } from "../messages/sentence.ts";
import { USAGE_HINTS } from "../messages/usage.ts";
import { parseLimits, type ResourceLimit } from "../procfs/limits.ts";
import { brief } from "./brief.ts";
import type { CommandFailure } from "./failure.ts";
import { readRef, type NamedRef } from "./resolve.ts";
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
      return { form, name };
    case "sysctl":
      if (!SYSCTL.test(name)) throw noResource(word, language);
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

/** Words of which none is `.` or `..`, which would lead elsewhere. */
const SYSCTL = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^/.][^\0]*[^/.]$/;

const noResource = (word: string, language: Language): CommandFailure =>
  usageFailure(
    CAN_WORDS.resource[language]({ word: brief(word) }),
    USAGE_HINTS["see-help"][language]({ command: "can" }),
  );

/** The REFs in it. */
export const refsOf = (named: NamedResource): readonly NamedRef[] => ("ref" in named ? [named.ref] : []);

/** The limits that answers rest on. */
export function readLimits(observer: Observer, { process, thread }: Person): readonly ResourceLimit[] | undefined {
  const task = thread === undefined ? "" : `/task/${thread.tid}`;
  const text = observer.read(`${observer.procRoot}/${process.pid}${task}/limits`);
  const read = text.ok ? parseLimits(text.value) : undefined;
  return read?.ok === true ? read.value : undefined;
}

/** The sysctls that answers rest on; those of a network namespace only where that is the viewer's own. */
export function readSysctls(
  observer: Observer | undefined,
  net: string | null | undefined,
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
