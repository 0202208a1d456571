import { MISSING_EVIDENCE } from "../../messages/evidence.ts";
import { RESTORE_TEXT } from "../../messages/restore.ts";
import { safeText } from "../../messages/safe-text.ts";
import type { RegistryEntry } from "../../restore/registry-entry.ts";
import { toJson } from "../../snapshot/json-text.ts";
import type { ReportedDifference } from "../../topology/compare/report.ts";
import { callOf } from "../../topology/plan/call-names.ts";
import type { Trial } from "../../topology/plan/dry-run.ts";
import type { Plan } from "../../topology/plan/plan.ts";
import type { Topology } from "../../topology/topology.ts";
import type { Running } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { differencesText } from "../verify-text.ts";
import { dryRunFailure, elementOf, sayFinding } from "./failures.ts";

/** What a dry run came to: 0 it can be done, 4 it would be refused, 3 nobody can tell. */
export function sayTrial(running: Running, told: { name: string; plan: Plan; trial: Trial }): ExitCode {
  const { out, language, format } = running;
  const { name, plan, trial } = told;
  if (trial.refusals.length > 0) throw dryRunFailure(trial.refusals, language);
  const open = trial.open.map(({ step, missing }) => ({
    element: elementOf(step),
    call: callOf(step),
    why: MISSING_EVIDENCE[missing.what][language]({ of: missing.of }),
  }));
  const steps = plan.steps.length;
  const programs = plan.steps.flatMap((step) => {
    if (step.do !== "map" || step.through === undefined) return [];
    return [{ program: step.through, element: elementOf(step), map: step.text }];
  });
  if (format === "json") {
    out.write(`${toJson({ dryRun: { name, steps, open, programs } })}\n`);
  } else {
    const said = programs.map(RESTORE_TEXT["by-program"][language]);
    const lines = open.length === 0 ? [RESTORE_TEXT.would[language]({ steps })] : open.map(RESTORE_TEXT.open[language]);
    out.write([...lines, ...said].map((line) => `${safeText(line)}\n`).join(""));
  }
  return open.length > 0 ? EXIT.unknown : EXIT.done;
}

const MOST_SHOWN = 10;

/** What was made, and whether it is what the image says: 1 where it is not. */
export function sayMade(
  running: Running,
  made: { image: Topology; entry: RegistryEntry; differences: readonly ReportedDifference[] | undefined },
): ExitCode {
  const { out, err, language, format, glyphs } = running;
  const { image, entry, differences } = made;
  const { name } = entry;
  const isSame = differences === undefined ? undefined : differences.length === 0;
  const degraded = image.findings.filter((finding) => finding.class === "degraded");
  if (format === "json") {
    const processes = entry.processes.map(({ label, pid }) => ({ label, pid }));
    const mounts = entry.mounts.map(({ path }) => path);
    const verified = differences?.every(({ what }) => what === "unread") === true ? isSame || null : (isSame ?? null);
    out.write(`${toJson({ name, processes, mounts, verified, differences: differences ?? [] })}\n`);
  } else {
    const counts = { name, namespaces: image.namespaces.length, processes: entry.processes.length };
    const lines = [
      RESTORE_TEXT.made[language](counts),
      ...entry.processes.map(({ label, pid }) => `  ${label}  ${pid}`),
      ...entry.mounts.map(({ path }) => `  ${path}`),
      ...(isSame === true ? [RESTORE_TEXT.same[language]] : []),
    ];
    out.write(lines.map((line) => `${safeText(line)}\n`).join(""));
  }
  for (const finding of degraded) {
    const what = sayFinding(finding, language);
    err.write(`${safeText(RESTORE_TEXT.warning[language]({ what }))}\n`);
  }
  if (isSame !== false || differences === undefined) return EXIT.done;
  const isOpen = differences.every(({ what }) => what === "unread");
  err.write(differencesText(differences, { glyphs, language, most: MOST_SHOWN }));
  err.write(`${RESTORE_TEXT["undo-with"][language]({ name })}\n`);
  return isOpen ? EXIT.unknown : EXIT.no;
}
