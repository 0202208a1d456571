import { CAPABILITIES, hasCap } from "../abi/capabilities.ts";
import { CAPS, CAPS_WORDS, RESTRAINTS } from "../messages/caps.ts";
import { safeText } from "../messages/safe-text.ts";
import { groupBy } from "../render/group.ts";
import type { NamespaceName } from "../render/namespace-name.ts";
import { padEnd, columnsOf } from "../render/width.ts";
import { unnamedBits, type CapsAnswer } from "./caps-over.ts";
import { Page, type TextOptions } from "./page.ts";
import { tellMissing, tellSteps } from "./proof-text.ts";

/** Its answer, the proof, the five sets side by side, and what may still deny. */
export function capsText(answer: CapsAnswer, nameOf: NamespaceName, options: TextOptions): string {
  const { language } = options;
  const page = new Page(options);
  const { pid, tid, comm } = answer.who;
  const who = `${tid === undefined ? pid : `${pid}/${tid}`} ${safeText(comm, options.charset)}`;
  const namespace = nameOf({ id: answer.namespace, kind: answer.kind });
  page.say(CAPS[claimOf(answer)][language]({ who, namespace }), { paint: page.paint.strong });
  page.heading(CAPS_WORDS.proof[language]);
  tellSteps(page, answer.steps, language);
  if (answer.missing.length > 0) tellMissing(page, answer.missing, language);
  tellSets(page, answer, options);
  page.heading(CAPS_WORDS.mayDeny[language]);
  for (const { what, value } of answer.mayStillDeny) {
    page.item(RESTRAINTS[what][language]({ value: safeText(value, options.charset) }));
  }
  return page.text;
}

function claimOf({ power: { least, most } }: CapsAnswer): keyof typeof CAPS {
  if (least === most) return least;
  if (least === "effective") return "at-least-effective";
  return most === "effective" ? "at-most-effective" : "unknown";
}

const SETS = ["effective", "permitted", "inheritable", "bounding", "ambient"] as const;
const GAP = "  ";

/** Capabilities that are in the same sets stand together. */
function tellSets(page: Page, { sets }: CapsAnswer, { language }: TextOptions): void {
  const values = SETS.map((name) => (sets[name] === null ? undefined : BigInt(`0x${sets[name]}`)));
  if (values.every((value) => value === undefined)) {
    page.heading(CAPS_WORDS.unreadSets[language]);
    return;
  }
  page.heading(CAPS_WORDS.sets[language]);
  const titles = SETS.map((name) => CAPS_WORDS[name][language]);
  const row = (cells: readonly string[]): string =>
    cells.map((cell, nth) => padEnd(cell, columnsOf(titles[nth] ?? ""))).join(GAP);
  const head = row(titles);
  page.say(`${head}${GAP}${CAPS_WORDS.capabilities[language]}`, { indent: GAP, paint: page.paint.heading });
  const cellOf = (value: bigint | undefined, has: (set: bigint) => boolean): string =>
    value === undefined ? "?" : has(value) ? CAPS_WORDS.yes[language] : "-";
  const patterns = groupBy(CAPABILITIES, (capability) =>
    row(values.map((value) => cellOf(value, (set) => hasCap(set, capability)))),
  );
  const sizes = [...patterns.values()].map(({ length }) => length);
  const largest = Math.max(...sizes);
  const hanging = GAP.length + columnsOf(head) + GAP.length;
  for (const [cells, capabilities] of patterns) {
    const count = capabilities.length;
    const names =
      patterns.size === 1
        ? CAPS_WORDS.everyOne[language]({ count })
        : count === largest && count > MOST_NAMED
          ? CAPS_WORDS.others[language]({ count })
          : capabilities.map((name) => name.slice("CAP_".length).toLowerCase()).join(" ");
    page.say(`${cells}${GAP}${names}`, { indent: GAP, hanging });
  }
  const unnamed = [...new Set(values.flatMap((value) => (value === undefined ? [] : unnamedBits(value))))];
  if (unnamed.length > 0) page.say(CAPS_WORDS.later[language]({ bits: unnamed.join(" ") }), { indent: GAP });
}
/** Of the most numerous ones the names are not listed beyond this: they are "the others". */
const MOST_NAMED = 12;
