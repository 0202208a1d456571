import { namesIn } from "../render/namespace-name.ts";
import { chainBehind, foundationsOf } from "../snapshot/foundations.ts";
import type { Gap } from "../snapshot/gaps.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { toJson } from "../snapshot/json-text.ts";
import type { LeakJudgement } from "../snapshot/leaks.ts";
import { releasesIn } from "../snapshot/release.ts";
import type { Running } from "./command.ts";
import { gapFields, holderAnswerFields, namespaceFields } from "./finding-json.ts";

/** What `leaks --json` prints: each namespace with all its holders, as `why` has them. */
export function leaksJson(
  index: SnapshotIndex,
  { verdict, found, younger, undated }: LeakJudgement,
  gaps: readonly Gap[],
  { language, glyphs }: Running,
): string {
  const wording = { language, charset: glyphs.charset, nameOf: namesIn(index.snapshot) };
  const foundations = foundationsOf(index);
  const releaseOf = releasesIn(index);
  const document = {
    verdict,
    takenAt: index.snapshot.takenAt,
    namespaces: found.map(({ namespace, state, holders, existsSince, atLeastSeconds }) => ({
      ...namespaceFields(namespace, index),
      state,
      existsSince: existsSince?.toISOString(),
      atLeastSeconds,
      holders: holders.map((holder) =>
        holderAnswerFields(
          { holder, release: releaseOf(holder), because: chainBehind(index, foundations, holder) },
          wording,
        ),
      ),
    })),
    younger,
    undated,
    unseen: gaps.map((gap) => gapFields(gap, language)),
  };
  return `${toJson(document)}\n`;
}
