import { can } from "../caps/can.ts";
import { canText, enterText } from "../caps/can-text.ts";
import type { Person } from "../caps/caller.ts";
import { canEnter } from "../caps/enter.ts";
import type { TextOptions } from "../caps/page.ts";
import { who } from "../caps/who.ts";
import { whoText } from "../caps/who-text.ts";
import { notDoneTo, readCanWords } from "../cli/can-words.ts";
import { readCapability } from "../cli/capability-word.ts";
import { resourceOf } from "../cli/find-resource.ts";
import { findWho } from "../cli/pid-answers.ts";
import { failureOf } from "../cli/report.ts";
import { readRef, resolveIn, vanished } from "../cli/resolve.ts";
import { usageFailure } from "../cli/usage.ts";
import { namePidNamespace, pidNamespace, readWho } from "../cli/who.ts";
import type { Language } from "../messages/sentence.ts";
import { safeText } from "../messages/safe-text.ts";
import { USAGE, USAGE_HINTS } from "../messages/usage.ts";
import { GLYPHS } from "../render/glyphs.ts";
import { namesIn } from "../render/namespace-name.ts";
import { whyText } from "../render/why.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import { whyAlive } from "../snapshot/why-alive.ts";

/** What a page can be asked, by the commands of the same names; their words are those of the command line. */
export const QUESTIONS = ["why", "can", "who"] as const;
export type QuestionName = (typeof QUESTIONS)[number];
export const isQuestion = (word: string): word is QuestionName => QUESTIONS.some((one) => one === word);

interface Asking {
  readonly index: SnapshotIndex;
  readonly options: TextOptions;
  readonly language: Language;
}

/** The answer as the command prints it with `--from`, or why there is none: what is wrong, candidates, and a way out. */
export function answerTo(
  words: readonly string[],
  { index, width, language }: { index: SnapshotIndex; width: number; language: Language },
): { readonly ok: boolean; readonly text: string } {
  const asking: Asking = { index, language, options: { width, color: false, charset: "utf-8", language } };
  const [question = "", ...rest] = words;
  try {
    if (!isQuestion(question)) throw usageFailure(USAGE["unknown-command"][language]({ word: question }), "");
    return { ok: true, text: ANSWERS[question](rest, asking) };
  } catch (error) {
    const { reason = "", details = [], hint = "" } = failureOf(error, language);
    const lines = [reason, ...details.map((detail) => `- ${detail}`), hint].filter((line) => line !== "");
    return { ok: false, text: lines.map((line) => `${safeText(line)}\n`).join("") };
  }
}

const ANSWERS: Readonly<Record<QuestionName, (words: readonly string[], asking: Asking) => string>> = {
  why([ref = "", ...extra], asking) {
    const { index, options, language } = asking;
    refuseExtra("why", extra, language);
    const answer = whyAlive(index, recordOf(needed("why", "REF", ref, language), asking));
    return whyText(index, answer, { ...options, glyphs: GLYPHS["utf-8"], all: false });
  },
  who([word = "", ref = "", ...extra], asking) {
    const { index, options, language } = asking;
    refuseExtra("who", extra, language);
    const capability = readCapability(needed("who", "CAP REF", word, language), language);
    const { id } = recordOf(needed("who", "CAP REF", ref, language), asking);
    const answer = who(index, capability, id);
    if (answer === undefined) throw vanished(ref, language);
    return whoText(index, answer, { ...options, nameOf: namesIn(index.snapshot), all: false });
  },
  can([operand = "", word = "", ...words], asking) {
    const { index, options, language } = asking;
    const asked = readCanWords(needed("can", "WHO CAP|OPERATION|enter REF|RESOURCE…", word, language), words, language);
    const person = personOf(operand, asking);
    const namespaces = asked.refs.map(({ text }) => recordOf(text, asking));
    const on = words.join(" ");
    if (asked.asks === "enter") {
      const answer = canEnter(index, person, [...new Set(namespaces.map(({ id }) => id))]);
      if (answer === undefined) throw vanished(on, language);
      return enterText(answer, namesIn(index.snapshot), options);
    }
    if (asked.asks === "capability") {
      const [namespace] = namespaces;
      const answer = namespace && can(index, person, { capability: asked.capability, namespace: namespace.id });
      if (answer === undefined || "wanted" in answer) throw vanished(on, language);
      return canText(answer, options);
    }
    const { operation, resource: named } = asked;
    const seen = { index, observer: undefined, person, namespaces };
    const resource = named && resourceOf(named, seen, { isHere: false, language });
    const answer = can(index, person, { operation, ...(resource !== undefined && { resource }) });
    if (answer === undefined) throw vanished(on, language);
    if ("wanted" in answer) throw notDoneTo(operation, answer, language);
    return canText(answer, options);
  },
};

function recordOf(text: string, { index, language }: Asking): NamespaceRecord {
  const record = index.namespaces.get(resolveIn(index, readRef(text, language), language).id);
  if (record === undefined) throw vanished(text, language);
  return record;
}

function personOf(operand: string, { index, language }: Asking): Person {
  const who = readWho(operand, language);
  const within = who.in === undefined ? undefined : readRef(operand.slice(operand.indexOf("@") + 1), language);
  const from = within && {
    ...pidNamespace(namePidNamespace(within, undefined, language), index, language),
    path: undefined,
  };
  const { process, tid } = findWho({ index, observer: undefined, who, text: safeText(operand), language, from });
  return tid === undefined || tid === process.pid ? { process } : { process, thread: { tid, status: undefined } };
}

function needed(command: QuestionName, operand: string, given: string, language: Language): string {
  if (given !== "") return given;
  throw usageFailure(USAGE["missing-operand"][language]({ command, operand }), seeHelp(command, language));
}

function refuseExtra(command: QuestionName, [operand]: readonly string[], language: Language): void {
  if (operand === undefined) return;
  throw usageFailure(USAGE["extra-operand"][language]({ command, operand }), seeHelp(command, language));
}

const seeHelp = (command: string, language: Language): string => USAGE_HINTS["see-help"][language]({ command });

/** The words as a shell takes them. */
export const shellLine = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");
