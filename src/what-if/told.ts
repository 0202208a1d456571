import { ALL_CAPABILITIES } from "../abi/capabilities.ts";
import { inodeOf } from "../abi/ids.ts";
import { KIND_BY_FLAG, NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import type { SeenCredentials, Value } from "../kernel/call.ts";
import type { FileTarget } from "../kernel/model/world.ts";
import type { Language } from "../messages/sentence.ts";
import { WHAT_IF } from "../messages/what-if.ts";
import type { Answered } from "./carry-out.ts";
import type { Changes, LinkChange } from "./changes.ts";
import type { Names } from "./names.ts";
import { quoted } from "./words.ts";

/** What a call gave, as a short text: `3 (user:box)`, `0x10000000 (CLONE_NEWUSER)`, `0`. */
export function valueText({ call, opened, isNew }: Answered, value: Value, names: Names, language: Language): string {
  if (isNew && opened !== undefined && typeof value === "number") {
    return WHAT_IF["new-descriptor"][language]({ fd: String(value), target: fileText(opened, names, language) });
  }
  if (isNew) return WHAT_IF["new-number"][language];
  if (typeof value === "object") return objectText(value);
  if (opened !== undefined) return `${value} (${fileText(opened, names, language)})`;
  const isKind = call?.op === "ioctl" && call.request === "NS_GET_NSTYPE";
  const kind = isKind && typeof value === "number" ? KIND_BY_FLAG.get(value) : undefined;
  return kind === undefined ? String(value) : `0x${value.toString(16)} (${NAMESPACE_KINDS[kind].flagName})`;
}

/** What an open file leads to. */
export function fileText(target: FileTarget, names: Names, language: Language): string {
  switch (target.type) {
    case "namespace":
      return names.of(target.namespace);
    case "socket":
      return names.of(target.net);
    case "pidfd":
      return WHAT_IF.pidfd[language]({ name: target.task });
    case "map":
      return WHAT_IF["map-file"][language]({ namespace: names.of(target.user) });
    case "other":
      return WHAT_IF["other-file"][language];
  }
}

function objectText(value: Exclude<Value, number | bigint>): string {
  if ("namespace" in value) return inodeOf(value.namespace);
  if ("text" in value) return quoted(value.text);
  if ("ids" in value) return `${value.ids.real} ${value.ids.effective} ${value.ids.saved}`;
  if ("groups" in value) return value.groups.join(" ");
  if ("listed" in value) return value.listed.join(" ");
  if ("handle" in value)
    return `id ${value.handle.id} type 0x${value.handle.nsType.toString(16)} inode ${value.handle.inode}`;
  if ("status" in value) return statusText(value.status);
  if ("capabilities" in value) {
    const { effective, permitted, inheritable } = value.capabilities;
    return `CapInh: ${hex(inheritable)}; CapPrm: ${hex(permitted)}; CapEff: ${hex(effective)}`;
  }
  return "0";
}

/** A set of capabilities as /proc shows it. */
const hex = (set: bigint): string => set.toString(16).padStart(16, "0");

/** The lines of /proc/PID/status that say who a process is. */
function statusText({ uid, gid, groups, capabilities, noNewPrivs }: SeenCredentials): string {
  const ids = (of: SeenCredentials["uid"]): string => `${of.real} ${of.effective} ${of.saved} ${of.fs}`;
  return [
    `Uid: ${ids(uid)}`,
    `Gid: ${ids(gid)}`,
    `Groups: ${groups.join(" ")}`.trimEnd(),
    `CapPrm: ${hex(capabilities.permitted)}`,
    `CapEff: ${hex(capabilities.effective)}`,
    `CapAmb: ${hex(capabilities.ambient ?? 0n)}`,
    `NoNewPrivs: ${noNewPrivs === true ? 1 : 0}`,
  ].join("; ");
}

/** What a call changed, a sentence each. */
export function changeTexts(changes: Changes, names: Names, language: Language): string[] {
  const { appeared, started, links, credentials, maps, exited, ended } = changes;
  const fresh = new Set(started);
  return [
    ...started.map((process) => WHAT_IF.started[language]({ process })),
    ...appeared.map(({ key, owner, parent }) => {
      const [name, by] = [names.of(key), owner === undefined ? "?" : names.of(owner)];
      return parent === undefined
        ? WHAT_IF.appeared[language]({ name, owner: by })
        : WHAT_IF["appeared-below"][language]({ name, parent: names.of(parent), owner: by });
    }),
    ...links.map((change) => linkText(change, fresh.has(change.process))),
    ...credentials.flatMap(({ process, uid, capabilities }) => [
      ...(uid.from === uid.to ? [] : [WHAT_IF.uid[language]({ process, ...uid })]),
      ...(capabilities.from === capabilities.to
        ? []
        : [WHAT_IF.capabilities[language]({ process, set: capabilityText(capabilities.to, language) })]),
    ]),
    ...maps.map(({ namespace, file }) => WHAT_IF.map[language]({ namespace: names.of(namespace), file })),
    ...exited.map((process) => WHAT_IF.exited[language]({ process })),
    ...ended.map(({ key }) => WHAT_IF.ended[language]({ name: names.of(key) })),
  ];

  function linkText({ process, link, from, to }: LinkChange, isNew: boolean): string {
    const said = { link: `${process}/${link}`, from: names.of(from), to: names.of(to) };
    return isNew ? WHAT_IF.link[language](said) : WHAT_IF["link-moved"][language](said);
  }
}

function capabilityText(set: bigint, language: Language): string {
  if (set === ALL_CAPABILITIES) return WHAT_IF["all-capabilities"][language];
  if (set === 0n) return WHAT_IF["no-capability"][language];
  let count = 0;
  for (let rest = set; rest !== 0n; rest &= rest - 1n) count++;
  return WHAT_IF["some-capabilities"][language]({ count });
}
