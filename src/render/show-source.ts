import { ERRNO_TEXTS } from "../messages/errnos.ts";
import { REASONS } from "../messages/reasons.ts";
import { SHOW_SENTENCES } from "../messages/show.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord, Refusal } from "../snapshot/types.ts";
import type { Wording } from "./held-by.ts";
import type { Glyphs } from "./glyphs.ts";

/** The namespace that is shown, and how. */
export interface ShowSource extends Wording {
  readonly index: SnapshotIndex;
  readonly namespace: NamespaceRecord;
  readonly glyphs: Glyphs;
  readonly all: boolean;
}

/** The words for a refusal: the errno as the C library has it, and why, where the rules know. */
export function wordsForRefusal({ refused, reason }: Refusal, { language }: Pick<ShowSource, "language">) {
  return {
    errno: refused,
    text: ERRNO_TEXTS[refused][language],
    reason: reason === undefined ? "" : REASONS[reason][language],
  };
}

/** A question that was refused, in a sentence. */
export const refusedText = (refusal: Refusal, source: Pick<ShowSource, "language">): string =>
  SHOW_SENTENCES.refused[source.language]({ call: refusal.call, ...wordsForRefusal(refusal, source) });
