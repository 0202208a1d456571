import { HOLDER_WORDS } from "../messages/holders.ts";
import { HELD_BY, HELD_BY_MORE, HOLDER_NOT_VISIBLE, LISTED_WITHOUT_HOLDER, TREE_TOTALS } from "../messages/tree.ts";
import type { Language } from "../messages/sentence.ts";
import { holdersOf, type Holder, type HolderKind } from "../snapshot/holders.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord, ProcessRecord } from "../snapshot/types.ts";
import type { NamespaceName } from "./namespace-name.ts";
import { holderWords, placeWords } from "./holder-words.ts";
import { safeText, type Charset } from "../messages/safe-text.ts";

/** What a program calls itself: its arguments, or its short name in brackets where it has none, as ps(1) does. */
export function programOf({ commandLine, comm }: ProcessRecord, charset: Charset): string {
  const line = (commandLine ?? [comm]).join(" ");
  return safeText(line === "" ? `[${comm}]` : line, charset);
}

/** What the sentence is made with. */
export interface Wording {
  readonly language: Language;
  readonly charset: Charset;
  readonly nameOf: NamespaceName;
}

/** Why a namespace without a process is there: its most telling holder, and how many more there are. */
export function heldBy(index: SnapshotIndex, namespace: NamespaceRecord, wording: Wording): string {
  const { language } = wording;
  const [first, ...others] = mostTellingFirst(holdersOf(index, namespace.id));
  if (first === undefined) return (namespace.listed ? LISTED_WITHOUT_HOLDER : HOLDER_NOT_VISIBLE)[language];
  // What it owns is one holder to a reader, however many there are.
  const owned = [first, ...others].filter(({ kind }) => kind === "owned").length;
  const more = others.length + 1 - (first.kind === "owned" ? owned : 1);
  const what = first.kind === "owned" ? TREE_TOTALS.namespaces[language]({ count: owned }) : wordsFor(first, wording);
  return HELD_BY[first.kind][language]({ what }) + (more > 0 ? HELD_BY_MORE[language]({ count: more }) : "");
}

type HolderWithoutProcess = Exclude<Holder, { kind: "process" }>;

/** A thread is in it; a mount is what somebody made on purpose; what it owns says least. */
const RANK = {
  thread: 0,
  "bind-mount": 1,
  descriptor: 2,
  socket: 3,
  "for-children": 4,
  mount: 5,
  child: 6,
  pidfd: 7,
  owned: 8,
} as const satisfies Record<Exclude<HolderKind, "process">, number>;

const mostTellingFirst = (holders: readonly Holder[]): HolderWithoutProcess[] =>
  holders.filter((holder) => holder.kind !== "process").toSorted((a, b) => RANK[a.kind] - RANK[b.kind]);

function wordsFor(holder: Exclude<HolderWithoutProcess, { kind: "owned" }>, wording: Wording): string {
  const { nameOf } = wording;
  switch (holder.kind) {
    case "bind-mount":
      return placeWords(holder.pin, wording);
    case "mount": {
      const { fileSystem: type } = holder.mount;
      const at = placeWords(holder.mount, wording);
      return HOLDER_WORDS.fileSystem[wording.language]({ type, at });
    }
    case "child":
      return nameOf(holder.namespace);
    default:
      return holderWords(holder, wording);
  }
}
