import { ATTRIBUTE_SENTENCES } from "../messages/attributes.ts";
import { DIFF_WORDS } from "../messages/diff.ts";
import { safeText } from "../messages/safe-text.ts";
import type { Language } from "../messages/sentence.ts";
import type { ChangedNamespace } from "../snapshot/compare/differences.ts";
import { toJson } from "../snapshot/json-text.ts";
import type { Attributes, NetworkAttributes, NetworkInterface } from "../snapshot/types.ts";
import type { Glyphs } from "./glyphs.ts";

interface Wording {
  readonly language: Language;
  readonly charset: Glyphs["charset"];
}

/** What a namespace says of itself otherwise than before, a sentence each; and its numbers and names. */
export function changedWords({ attributes, netnsid, names }: ChangedNamespace, wording: Wording): string[] {
  const { language, charset } = wording;
  return [
    ...(attributes === undefined ? [] : toldWords(attributes, wording)),
    ...(netnsid === undefined
      ? []
      : [DIFF_WORDS.netnsid[language]({ before: String(netnsid.before), after: String(netnsid.after) })]),
    ...(names?.lost ?? []).map((name) => DIFF_WORDS.unnamed[language]({ name: safeText(name, charset) })),
    ...(names?.gained ?? []).map((name) => DIFF_WORDS.named[language]({ name: safeText(name, charset) })),
  ];
}

function toldWords({ before, after }: { before: Attributes; after: Attributes }, wording: Wording): string[] {
  const { language, charset } = wording;
  switch (after.of) {
    case "uts":
      return (["hostname", "domainname"] as const).flatMap((field) => {
        const was = before.of === "uts" ? before[field] : "";
        if (was === after[field]) return [];
        const safe = { before: safeText(was, charset), after: safeText(after[field], charset) };
        return [DIFF_WORDS[field][language](safe)];
      });
    case "time":
      return [DIFF_WORDS.clocks[language]];
    case "cgroup":
      return [DIFF_WORDS.root[language]];
    case "net":
      return before.of === "net" ? interfaceWords(before, after, wording) : [];
    case "user":
      return [DIFF_WORDS.limits[language]];
    case "ipc":
      return [DIFF_WORDS.ipc[language]];
  }
}

/** An interface is the same where its index is: the kernel gives none twice before it has given all. */
function interfaceWords(before: NetworkAttributes, after: NetworkAttributes, { language, charset }: Wording): string[] {
  const nameOf = ({ name, index }: NetworkInterface): string =>
    name === undefined ? ATTRIBUTE_SENTENCES.number[language]({ index }) : safeText(name, charset);
  const had = new Map(before.interfaces.map((one) => [one.index, one]));
  const has = new Set(after.interfaces.map(({ index }) => index));
  return [
    ...before.interfaces
      .filter(({ index }) => !has.has(index))
      .map((one) => DIFF_WORDS["interface-gone"][language]({ name: nameOf(one) })),
    ...after.interfaces.flatMap((one) => {
      const was = had.get(one.index);
      if (was === undefined) return [DIFF_WORDS["interface-new"][language]({ name: nameOf(one) })];
      return toJson(was) === toJson(one) ? [] : [DIFF_WORDS["interface-changed"][language]({ name: nameOf(one) })];
    }),
  ];
}
