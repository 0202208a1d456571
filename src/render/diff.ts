import { kindOfLink } from "../abi/proc-links.ts";
import { DIFF_WORDS } from "../messages/diff.ts";
import { HOLDER_WORDS } from "../messages/holders.ts";
import { safeText } from "../messages/safe-text.ts";
import type { Language } from "../messages/sentence.ts";
import { differ, type ChangedNamespace, type Differences } from "../snapshot/compare/differences.ts";
import type { Holder } from "../snapshot/holders.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import type { DiffLine } from "./diff-records.ts";
import type { Glyphs } from "./glyphs.ts";
import { alikeNamespace } from "./alike-namespace.ts";
import { butNumbers } from "./alike.ts";
import { changedWords } from "./diff-attributes.ts";
import { holderWords, isProcessHolder, placeWords } from "./holder-words.ts";
import type { NamespaceName } from "./namespace-name.ts";

interface DiffLayout {
  readonly nameOf: NamespaceName;
  readonly glyphs: Glyphs;
  readonly language: Language;
}

/** What is different, a line each: `-` gone, `+` new, `~` changed; `?` seen in one look where the other saw less. */
export function diffText(found: Differences, layout: DiffLayout): string {
  const { maybeRemoved, maybeAdded } = found;
  if (!differ(found) && maybeRemoved.length + maybeAdded.length === 0) return `${DIFF_WORDS.same[layout.language]}\n`;
  return `${diffLines(found, layout)
    .map(({ sign, about, what }) => `${sign} ${about} ${what}`)
    .join("\n")}\n`;
}

/** The same as records. */
export function diffLines(found: Differences, { nameOf, glyphs, language }: DiffLayout): DiffLine[] {
  const words = { language, charset: glyphs.charset, nameOf };
  const { removed, added, maybeRemoved, maybeAdded } = found;
  const gone = new Set(removed.map(({ id }) => id));
  const holder = (one: Holder): string => {
    if (isProcessHolder(one)) return holderWords(one, words);
    if (one.kind === "bind-mount") return placeWords(one.pin, words);
    if (one.kind !== "mount") return nameOf(one.namespace);
    return HOLDER_WORDS.fileSystem[language]({ type: one.mount.fileSystem, at: placeWords(one.mount, words) });
  };
  const changes = (changed: ChangedNamespace): string[] => {
    const { members, lost, gained, maps } = changed;
    return [
      ...(members === undefined
        ? []
        : [
            members.after === 0
              ? DIFF_WORDS["no-members"][language]
              : DIFF_WORDS.members[language]({ count: members.after }),
          ]),
      ...lost.map((one) => DIFF_WORDS.lost[language]({ holder: holder(one) })),
      ...gained.map((one) => DIFF_WORDS.gained[language]({ holder: holder(one) })),
      ...(maps === undefined ? [] : [DIFF_WORDS.maps[language]]),
      ...changedWords(changed, words),
    ];
  };
  const told = [
    ...removed,
    ...added,
    ...maybeRemoved,
    ...maybeAdded,
    ...found.changed.map(({ namespace }) => namespace),
  ];
  const among = { nameOf, charset: glyphs.charset, drawn: new Set(told.map(({ id }) => id)) };
  const line = (sign: DiffLine["sign"], one: NamespaceRecord, what: string): DiffLine => ({
    sign,
    about: nameOf(one),
    alike: alikeNamespace(one, among),
    what,
  });
  return [
    ...removed.map((one) => line("-", one, DIFF_WORDS.removed[language])),
    ...added.map((one) => line("+", one, DIFF_WORDS[gone.has(one.id) ? "reused" : "added"][language])),
    ...found.changed.flatMap((one) => changes(one).map((what) => line("~", one.namespace, what))),
    ...found.moved.map(({ process, link, from, to }): DiffLine => {
      const kind = kindOfLink(link);
      const who = `${process.pid} ${safeText(process.comm, glyphs.charset)}`;
      const place = { from: nameOf({ id: from, kind }), to: nameOf({ id: to, kind }) };
      return {
        sign: "~",
        about: who,
        alike: butNumbers(who),
        what: DIFF_WORDS.moved[language](place) + (link === kind ? "" : ` (${link})`),
      };
    }),
    ...maybeRemoved.map((one) => line("?", one, DIFF_WORDS["maybe-removed"][language])),
    ...maybeAdded.map((one) => line("?", one, DIFF_WORDS["maybe-added"][language])),
  ];
}
