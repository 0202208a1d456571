import type { Act } from "../../enter/act.ts";
import type { Forecast } from "../../enter/forecast.ts";
import type { Facts } from "../../enter/plan.ts";
import type { Way } from "../../enter/act.ts";
import { wayOut } from "../../enter/way-out.ts";
import { DEEDS, ENTER_DRY, UNFORESEEN } from "../../messages/enter.ts";
import { LABELS } from "../../messages/errors.ts";
import { REASONS } from "../../messages/reasons.ts";
import { safeText } from "../../messages/safe-text.ts";
import type { Language } from "../../messages/sentence.ts";
import { toJson } from "../../snapshot/json-text.ts";
import { brief } from "../brief.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { wrap } from "../wrap.ts";
import { flagsText, namesText } from "../../enter/refusal.ts";

/** What would be done, for `--dry-run`. */
export interface DryRun {
  readonly way: Way;
  readonly facts: Facts;
  readonly command: readonly string[];
}

/** 0: nothing is refused; 1: something is; 3: something cannot be told. */
export function dryRunExit({ way }: DryRun): ExitCode {
  return { yes: EXIT.done, no: EXIT.no, unknown: EXIT.unknown }[way.forecast.may];
}

/** The steps, each with its answer, the first refusal explained, and the answer to all of it. */
export function dryRunText({ way, facts, command }: DryRun, language: Language): string {
  const lines: string[] = [ENTER_DRY.heading[language]];
  for (const [nth, act] of way.acts.entries()) {
    lines.push(...numbered(nth + 1, deedText(act, language)));
    lines.push(...answerLines(act.forecast, facts, language));
  }
  lines.push(...numbered(way.acts.length + 1, ENTER_DRY.run[language]({ command: shown(command) })));
  return `${[...lines, ...wrap(verdict(way, language))].join("\n")}\n`;
}

function numbered(step: number, text: string): readonly string[] {
  const first = `${String(step).padStart(3)}  `;
  return wrap(safeText(text), { first, indent: " ".repeat(first.length) });
}

function answerLines(forecast: Forecast, facts: Facts, language: Language): readonly string[] {
  const margins = { first: "       ", indent: "         " };
  const say = (text: string): readonly string[] => wrap(safeText(text), margins);
  if (forecast.may === "yes") return say(ENTER_DRY.yes[language]);
  if (forecast.may === "unknown") return say(`${ENTER_DRY.unknown[language]} (${UNFORESEEN[forecast.why][language]})`);
  const hint = wayOut(forecast, facts, language);
  return [
    ...say(`${ENTER_DRY.no[language]} (${forecast.errno})`),
    ...(forecast.reason === undefined ? [] : say(`${LABELS.why[language]} ${REASONS[forecast.reason][language]}`)),
    ...(hint === undefined ? [] : say(`${LABELS.next[language]} ${hint}`)),
  ];
}

function verdict({ acts, forecast }: Way, language: Language): string {
  const step = acts.findIndex((act) => act.forecast === forecast || act.forecast.may === forecast.may) + 1;
  if (forecast.may === "no") return ENTER_DRY["some-no"][language]({ step });
  return forecast.may === "unknown" ? ENTER_DRY["some-unknown"][language]({ step }) : ENTER_DRY["all-yes"][language];
}

function deedText(act: Act, language: Language): string {
  switch (act.act) {
    case "join": {
      const { by, wishes } = act.join;
      const flags = flagsText(wishes.map(({ kind }) => kind));
      return DEEDS.join[language]({
        what: namesText(wishes),
        call: `setns(${by === "pidfd" ? "pidfd" : "fd"}, ${flags})`,
      });
    }
    case "root":
      return DEEDS.root[language]({ dir: brief(act.dir) });
    case "folder":
      return DEEDS.folder[language]({ dir: brief(act.dir) });
    case "folder-inside":
      return DEEDS["folder-inside"][language]({ dir: brief(act.path) });
    case "cgroup":
      return DEEDS.cgroup[language]({ dir: brief(act.path) });
    case "mount-proc":
      return DEEDS["mount-proc"][language]({ dir: brief(act.path) });
    case "groups":
      return DEEDS.groups[language]({ groups: act.groups.length === 0 ? "{}" : act.groups.join(", ") });
    case "gid":
      return DEEDS.gid[language]({ id: String(act.gid) });
    case "uid":
      return DEEDS.uid[language]({ id: String(act.uid) });
    default:
      return DEEDS[act.act][language];
  }
}

const shown = (command: readonly string[]): string => brief(command.join(" "));

/** The same for programs: each step with its answer, errno, rule and what would help. */
export function dryRunJson({ way, facts, command }: DryRun, language: Language): string {
  return `${toJson({
    answer: way.forecast.may,
    steps: way.acts.map((act) => ({
      step: act.act,
      text: deedText(act, language),
      ...(act.act === "join" && {
        by: act.join.by,
        namespaces: act.join.wishes.map(({ kind, ns }) => ({ kind, id: ns })),
      }),
      answer: act.forecast.may,
      errno: act.forecast.may === "no" ? act.forecast.errno : null,
      rule: act.forecast.may === "no" ? (act.forecast.reason ?? null) : null,
      reason: reasonOf(act.forecast, language),
      hint: act.forecast.may === "no" ? (wayOut(act.forecast, facts, language) ?? null) : null,
    })),
    command,
  })}\n`;
}

function reasonOf(forecast: Forecast, language: Language): string | null {
  if (forecast.may === "unknown") return UNFORESEEN[forecast.why][language];
  if (forecast.may === "yes" || forecast.reason === undefined) return null;
  return REASONS[forecast.reason][language];
}
