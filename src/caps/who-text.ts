import type { NamespaceId } from "../abi/ids.ts";
import { COLON } from "../messages/errors.ts";
import { safeText } from "../messages/safe-text.ts";
import { HOLD_REASONS, WHO } from "../messages/who.ts";
import { gapText } from "../render/gap-words.ts";
import { groupBy } from "../render/group.ts";
import type { NamespaceName } from "../render/namespace-name.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { Page, type TextOptions } from "./page.ts";
import type { NamedHolders, WhoAnswer } from "./who.ts";

interface WhoOptions extends TextOptions {
  readonly nameOf: NamespaceName;
  /** Every process by its number, however many. */
  readonly all: boolean;
}

/** Who has it, reason by reason, name by name; then for whom it is unknown. */
export function whoText(index: SnapshotIndex, answer: WhoAnswer, options: WhoOptions): string {
  const { language, nameOf } = options;
  const { capability } = answer;
  const record = index.namespaces.get(answer.namespace);
  const namespace = record === undefined ? answer.namespace : nameOf(record);
  const userName = (id: NamespaceId | null): string =>
    id === null ? WHO.unseen[language] : nameOf({ id, kind: "user" });
  const page = new Page(options);
  const count = sizeOf(answer.holders);
  const claim =
    count === 0
      ? WHO.nobody[language]({ capability, namespace })
      : WHO.have[language]({ count, capability, namespace });
  page.say(claim, { paint: page.paint.strong });
  if (answer.governor !== null && answer.governor !== answer.namespace) {
    page.say(WHO.counts[language]({ governor: userName(answer.governor) }));
  }
  const reasons = groupBy(answer.holders, ({ reason, user, owns }) => `${reason} ${user} ${owns}`);
  for (const holders of reasons.values()) {
    const [first] = holders;
    if (first === undefined) continue;
    const values = { user: userName(first.user), owns: userName(first.owns ?? null) };
    page.heading(HOLD_REASONS[first.reason][language](values));
    for (const one of holders) tellNamed(page, one, options);
  }
  if (answer.unknown.length > 0) {
    page.heading(WHO.unknown[language]({ count: sizeOf(answer.unknown) }));
    for (const one of answer.unknown) tellNamed(page, one, options);
  }
  if (answer.gaps.length > 0) {
    page.heading(WHO.gaps[language]);
    for (const gap of answer.gaps) page.item(gapText(gap, language));
  }
  return page.text;
}

const sizeOf = (groups: readonly NamedHolders[]): number => groups.reduce((sum, { pids }) => sum + pids.length, 0);

/** So many numbers of one name are listed without `all`. */
const MOST_NUMBERS = 8;

/** `bash uid 0: 12 4711 and 3 more` */
function tellNamed(page: Page, { name, uid, pids }: NamedHolders, { language, charset, all }: WhoOptions): void {
  const shown = all ? pids : pids.slice(0, MOST_NUMBERS);
  const more = pids.length - shown.length;
  const rest = more === 0 ? "" : ` ${WHO.more[language]({ count: more })}`;
  const of = `${safeText(name, charset)}${uid === null ? "" : ` uid ${uid}`}`;
  page.item(`${of}${COLON[language]} ${shown.join(" ")}${rest}`);
}
