import type { FindingCode } from "../../messages/topology.ts";
import type { Finding } from "../findings.ts";
import { WITHIN } from "./differences.ts";
import type { Label } from "../reference.ts";

/** Facts and families of facts, by the label of the element they are of. */
export type FactsByLabel = ReadonlyMap<Label, ReadonlySet<string>>;

type FactsOf = (details: Finding["details"]) => readonly string[];

/** The facts that a finding says were not read, though they are there. */
const NOT_READ: Partial<Record<FindingCode, FactsOf>> = {
  "attribute-not-read": ({ what = "" }) => ATTRIBUTE_FACTS.get(what) ?? [],
  "attribute-not-asked": ({ what = "" }) => ATTRIBUTE_FACTS.get(what) ?? [],
  "session-not-read": () => ["session", "group"],
  "owner-not-shown": () => ["owner"],
  "parent-not-shown": () => ["parent"],
  "maps-not-read": () => ["uidMap", "gidMap", "projidMap", "setgroups"],
  "maps-do-not-fit": ({ what = "" }) => [`${what.split("_", 1)[0]}Map`],
  "creator-not-known": () => ["creator"],
  "link-not-read": ({ link = "" }) => [`member.${link}`],
  "status-not-read": () => ["numbers", "uid", "gid", "groups", "capabilities", "noNewPrivs", "session", "group"],
  "numbers-do-not-fit": () => ["numbers"],
};
/** Those that a restored element cannot have as the image's had them. */
const NOT_RESTORED: Partial<Record<FindingCode, FactsOf>> = {
  "session-outside": () => ["session"],
  "group-outside": () => ["group"],
  "id-without-number": ({ what = "" }) => [what === "groups" ? what : what.replace(/s$/, "")],
};
/** By the word of `attribute-not-read`. */
const ATTRIBUTE_FACTS: ReadonlyMap<string, readonly string[]> = new Map([
  ["uts", ["hostname", "domainname"]],
  ["time", ["monotonic", "boottime"]],
  ["cgroup", ["root"]],
  ["net", [WITHIN, "netnsid", "sysctls"]],
  ["user", ["limits"]],
  ["ipc", ["sysctls"]],
  ["pid", ["pidMax"]],
  ["pid-state", ["state"]],
]);

/** What the image leaves open: it was not read, cannot be had again, or was to be otherwise (`named`). */
export function openFacts(findings: readonly Finding[], named?: ReadonlyMap<Label, readonly string[]>): FactsByLabel {
  const open = gathered(findings, { ...NOT_READ, ...NOT_RESTORED });
  for (const [label, facts] of named ?? []) open.set(label, new Set([...(open.get(label) ?? []), ...facts]));
  return open;
}

export const unreadFacts = (findings: readonly Finding[]): FactsByLabel => gathered(findings, NOT_READ);

function gathered(findings: readonly Finding[], table: Partial<Record<string, FactsOf>>): Map<Label, Set<string>> {
  const found = new Map<Label, Set<string>>();
  for (const { element, code, details } of findings) {
    const facts = table[code]?.(details) ?? [];
    if (element === undefined || facts.length === 0) continue;
    const known = found.get(element) ?? new Set();
    found.set(element, known);
    for (const fact of facts) known.add(fact);
  }
  return found;
}
