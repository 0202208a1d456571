import { forecastOf } from "../../enter/run-forecast.ts";
import type { RunFacts } from "../../enter/run-facts.ts";
import { together, type Forecast } from "../../enter/forecast.ts";
import type { RunAct } from "../../enter/run-acts.ts";
import type { RunWish } from "../../enter/run-wish.ts";
import { ENTER_DRY, UNFORESEEN } from "../../messages/enter.ts";
import { LABELS } from "../../messages/errors.ts";
import { REASONS } from "../../messages/reasons.ts";
import { RUN_DRY } from "../../messages/run.ts";
import { safeText } from "../../messages/safe-text.ts";
import type { Language } from "../../messages/sentence.ts";
import { toJson } from "../../snapshot/json-text.ts";
import { brief } from "../brief.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { wrap } from "../wrap.ts";
import { failureOf } from "./say.ts";

/** A step of the plan as one line of a list. */
interface Line {
  readonly act: RunAct;
  /** Who does it, where that is not the process that becomes the command. */
  readonly by: "outside" | "parent" | undefined;
  readonly forecast: Forecast;
}

/** What would be done, and what would come of it. */
export interface DryRun {
  readonly lines: readonly Line[];
  readonly forecast: Forecast;
  readonly wish: RunWish;
  readonly command: readonly string[];
}

export function dryRun(acts: readonly RunAct[], wish: RunWish, facts: RunFacts, command: readonly string[]): DryRun {
  const helpers = new Map<number, readonly RunAct[]>();
  const lines = acts.flatMap((act) => linesOf(act, undefined));
  return { lines, forecast: together(lines.map((line) => line.forecast)), wish, command };

  function linesOf(act: RunAct, by: Line["by"]): readonly Line[] {
    const { step } = act;
    const line: Line = { act, by, forecast: forecastOf(act, wish, facts) };
    if (step.do === "helper") helpers.set(step.register, step.acts);
    // A helper waits until it is let go: then it does what it is there for.
    if (step.do === "release") {
      const its = helpers.get(step.register) ?? [];
      return [...its.flatMap((one) => linesOf(one, "outside")), line];
    }
    if (step.do === "fork") return [line, ...step.acts.flatMap((one) => linesOf(one, "parent"))];
    return [line];
  }
}

/** 0: nothing is refused; 1: something is; 3: something cannot be told. */
export const dryRunExit = ({ forecast }: DryRun): ExitCode =>
  ({ yes: EXIT.done, no: EXIT.no, unknown: EXIT.unknown })[forecast.may];

export function dryRunText({ lines, forecast, wish, command }: DryRun, language: Language): string {
  const out: string[] = [RUN_DRY.heading[language]];
  for (const [nth, line] of lines.entries()) {
    out.push(...numbered(nth + 1, lineText(line, language)), ...answer(line, wish, language));
  }
  out.push(...numbered(lines.length + 1, RUN_DRY.run[language]({ command: brief(command.join(" ")) })));
  const step = lines.findIndex((line) => line.forecast === forecast) + 1;
  const verdict = { yes: ENTER_DRY["all-yes"][language], no: ENTER_DRY["some-no"][language]({ step }) };
  const last = forecast.may === "unknown" ? ENTER_DRY["some-unknown"][language]({ step }) : verdict[forecast.may];
  return `${[...out, ...wrap(last)].join("\n")}\n`;
}

function numbered(step: number, text: string): readonly string[] {
  const first = `${String(step).padStart(3)}  `;
  return wrap(safeText(text), { first, indent: " ".repeat(first.length) });
}

function lineText({ act, by }: Line, language: Language): string {
  const { call, subject, step } = act;
  const data = step.do === "write" && typeof step.data === "string" ? ` "${brief(shownData(step.data))}"` : "";
  return `${call} ${subject}${data}${by === undefined ? "" : ` (${RUN_DRY[by][language]})`}`;
}
const shownData = (data: string): string => data.trimEnd().replaceAll("\n", ", ");

function answer({ act, forecast }: Line, wish: RunWish, language: Language): readonly string[] {
  const say = (text: string): readonly string[] => wrap(safeText(text), { first: "       ", indent: "         " });
  if (forecast.may === "yes") return say(ENTER_DRY.yes[language]);
  if (forecast.may === "unknown") return say(`${ENTER_DRY.unknown[language]} (${UNFORESEEN[forecast.why][language]})`);
  const { reason, hint } = explained(act, forecast, wish, language);
  return [
    ...say(`${ENTER_DRY.no[language]} (${forecast.errno})`),
    ...(reason === undefined ? [] : say(`${LABELS.why[language]} ${reason}`)),
    ...(hint === undefined ? [] : say(`${LABELS.next[language]} ${hint}`)),
  ];
}

function explained(act: RunAct, forecast: Forecast & { may: "no" }, wish: RunWish, language: Language) {
  const { reason, hint } = failureOf(act, forecast.errno, wish, { language, asJson: false });
  return { reason: forecast.reason === undefined ? reason : REASONS[forecast.reason][language], hint };
}

/** The same for programs: `nsatlas schema run`. */
export function dryRunJson({ lines, forecast, wish, command }: DryRun, language: Language): string {
  const steps = lines.map(({ act, by, forecast: one }) => {
    const told = one.may === "no" ? explained(act, one, wish, language) : undefined;
    const why = one.may === "unknown" ? UNFORESEEN[one.why][language] : undefined;
    return {
      call: act.call,
      subject: act.subject,
      by: by ?? "command",
      answer: one.may,
      errno: one.may === "no" ? one.errno : null,
      rule: one.may === "no" ? (one.reason ?? null) : null,
      reason: told?.reason ?? why ?? null,
      hint: told?.hint ?? null,
    };
  });
  return `${toJson({ answer: forecast.may, steps, command })}\n`;
}
