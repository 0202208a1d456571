import { SHOW_HOLDERS, SHOW_MORE, SHOW_TEXTS } from "../messages/show.ts";
import { holdersOf, type Holder } from "../snapshot/holders.ts";
import { compareSeniority } from "../snapshot/senior.ts";
import type { ProcessRecord } from "../snapshot/types.ts";
import { programOf } from "./held-by.ts";
import { holderWords, placeWords } from "./holder-words.ts";
import { HOLDER_WORDS } from "../messages/holders.ts";
import type { ShowSource } from "./show-source.ts";
import { padEnd, padStart } from "./width.ts";

/** So many of a list are shown without `--all`. */
const FIRST = 10;

/** The processes in the namespace, the most senior first: pid, uid, program. */
export function memberTexts(source: ShowSource): string[] {
  const { index, namespace, language, all, charset } = source;
  const members = (index.members.get(namespace.id) ?? []).toSorted(compareSeniority);
  if (members.length === 0) return [SHOW_TEXTS.noMembers[language]];
  const shown = all ? members : members.slice(0, FIRST);
  const digits = (numberOf: (process: ProcessRecord) => number): number =>
    shown.reduce((most, process) => Math.max(most, String(numberOf(process)).length), 0);
  const [pidWidth, uidWidth] = [digits(({ pid }) => pid), digits(({ uid }) => uid)];
  const words = (process: ProcessRecord): string =>
    `${padStart(String(process.pid), pidWidth)}  uid ${padEnd(String(process.uid), uidWidth)}  ${programOf(process, charset)}`;
  return firstOf(members, words, source);
}

/** What keeps it alive: its processes in one line, namespaces in one, whatever else in one each. */
export function holderTexts(source: ShowSource): string[] {
  const { index, namespace, language } = source;
  const holders = holdersOf(index, namespace.id);
  const of = (kind: Holder["kind"]): string[] =>
    firstOf(
      holders.filter((holder) => holder.kind === kind),
      (holder) => wordsFor(holder, source),
      source,
    );
  const members = index.members.get(namespace.id)?.length ?? 0;
  const children = index.children.get(namespace.id)?.length ?? 0;
  const owned = of("owned").join(", ");
  const lines = [
    ...(members === 0 ? [] : [SHOW_HOLDERS.process[language]({ count: members })]),
    ...of("thread"),
    ...of("for-children"),
    ...of("descriptor"),
    ...of("socket"),
    ...of("pidfd"),
    ...of("bind-mount"),
    ...of("mount"),
    ...(children === 0 ? [] : [SHOW_HOLDERS.child[language]({ count: children, what: of("child").join(", ") })]),
    ...(owned === "" ? [] : [SHOW_HOLDERS.owned[language]({ what: owned })]),
  ];
  return lines.length === 0 ? [SHOW_TEXTS.noHolders[language]] : lines;
}

function wordsFor(holder: Holder, source: ShowSource): string {
  const { nameOf, language } = source;
  switch (holder.kind) {
    case "for-children":
      return SHOW_HOLDERS["for-children"][language]({ what: holderWords(holder, source) });
    case "bind-mount":
      return SHOW_HOLDERS["bind-mount"][language]({ what: placeWords(holder.pin, source) });
    case "mount": {
      const at = placeWords(holder.mount, source);
      return HOLDER_WORDS.fileSystem[language]({ type: holder.mount.fileSystem, at });
    }
    case "child":
    case "owned":
      return nameOf(holder.namespace);
    default:
      return holderWords(holder, source);
  }
}

/** The first of a list in words, and how many more there are; all of them where the reader wants all. */
function firstOf<T>(list: readonly T[], words: (one: T) => string, { all, language }: ShowSource): string[] {
  const shown = all ? list : list.slice(0, FIRST);
  const more = list.length - shown.length;
  return [...shown.map(words), ...(more > 0 ? [SHOW_MORE[language]({ count: more })] : [])];
}
