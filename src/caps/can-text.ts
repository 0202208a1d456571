import type { NamespaceId } from "../abi/ids.ts";
import { CAN_CAPABILITY, CAN_ENTER, CAN_OPERATION, CAN_WORDS, NEAREST_CHANGES, VERDICTS } from "../messages/can.ts";
import { CAPS_WORDS, RESTRAINTS } from "../messages/caps.ts";
import { ASSUMED } from "../messages/evidence.ts";
import { OPERATION_TEXTS } from "../messages/operations.ts";
import { safeText } from "../messages/safe-text.ts";
import type { NamespaceName } from "../render/namespace-name.ts";
import type { CanAnswer } from "./can.ts";
import type { AskedWho } from "./caps-over.ts";
import type { EnterAnswer } from "./enter.ts";
import { youngest } from "./operation-evidence.ts";
import { Page, type TextOptions } from "./page.ts";
import { tellMissing, tellSteps } from "./proof-text.ts";
import type { AssumedFact } from "./proof.ts";

const whoText = ({ pid, tid, comm }: AskedWho, charset: TextOptions["charset"]): string =>
  `${tid === undefined ? pid : `${pid}/${tid}`} ${safeText(comm, charset)}`;

/** The verdict, the proof, and what may still deny. */
export function canText(answer: CanAnswer, options: TextOptions): string {
  const { language, charset } = options;
  const { asked, verdict } = answer;
  const page = new Page(options);
  const who = whoText(answer.who, charset);
  const of = safeText(asked.of, charset);
  const claim =
    "capability" in asked
      ? CAN_CAPABILITY[verdict][language]({ who, capability: asked.capability, of })
      : CAN_OPERATION[verdict][language]({ who, what: OPERATION_TEXTS[asked.operation][language], of });
  page.say(claim, { paint: page.paint.strong });
  page.heading(CAPS_WORDS.proof[language]);
  tellSteps(page, answer.steps, language);
  if ("source" in asked) page.heading(decidedBy(asked, language));
  tellAssumed(page, answer.assumed, options);
  if (answer.missing.length > 0) tellMissing(page, answer.missing, language);
  page.heading(CAPS_WORDS.mayDeny[language]);
  for (const { what, value } of answer.mayStillDeny) {
    page.item(RESTRAINTS[what][language]({ value: safeText(value, charset) }));
  }
  return page.text;
}

/** Where, since when, and the youngest of what shows that. */
function decidedBy(
  { operation, source, since }: Extract<CanAnswer["asked"], { readonly source: string }>,
  language: TextOptions["language"],
): string {
  const last = youngest(operation);
  if ("tried" in last) return CAN_WORDS.triedSince[language]({ source, since });
  return CAN_WORDS.decidedBy[language]({ source, since, shown: "page" in last ? last.page : `commit ${last.commit}` });
}

/** The verdict, then each setns in its order with its proof, and what would help. */
export function enterText(answer: EnterAnswer, nameOf: NamespaceName, options: TextOptions): string {
  const { language, charset } = options;
  const page = new Page(options);
  const names = answer.order.map(({ namespace, kind }) => nameOf({ id: namespace, kind }));
  const claim = CAN_ENTER[answer.verdict][language]({ who: whoText(answer.who, charset), list: names.join(", ") });
  page.say(claim, { paint: page.paint.strong });
  for (const [nth, { verdict, steps, missing }] of answer.order.entries()) {
    page.heading(`${names[nth] ?? ""}: ${VERDICTS[verdict][language]}`);
    tellSteps(page, steps, language);
    if (verdict === "unknown") tellMissing(page, missing, language);
  }
  const assumed = answer.order.flatMap((one) => one.assumed);
  tellAssumed(page, [...new Map(assumed.map((one) => [`${one.what} ${one.of}`, one])).values()], options);
  if (answer.changes.length > 0) page.heading(CAN_WORDS.changes[language]);
  const userName = (id: NamespaceId): string => nameOf({ id, kind: "user" });
  for (const one of answer.changes) {
    const uid = one.change === "as-owner" ? String(one.uid) : "";
    const first = one.change === "as-owner" && one.first !== undefined ? userName(one.first) : "";
    const list = one.change === "capability" ? one.capabilities : [];
    page.item(
      NEAREST_CHANGES[one.change][language]({ user: "user" in one ? userName(one.user) : "", uid, first, list }),
    );
  }
  return page.text;
}

function tellAssumed(page: Page, assumed: readonly AssumedFact[], { language }: TextOptions): void {
  if (assumed.length === 0) return;
  page.heading(CAN_WORDS.assumed[language]);
  for (const { what, of } of assumed) page.item(ASSUMED[what][language]({ of }));
}
