import { RESTORE_FAILURES, RESTORE_HINDRANCES, RESTORE_USAGE } from "../../messages/restore.ts";
import { USAGE_HINTS } from "../../messages/usage.ts";
import { REASONS } from "../../messages/reasons.ts";
import type { Language } from "../../messages/sentence.ts";
import { refusedCall } from "../../library/refused-call.ts";
import { StepRefused } from "../../restore/carry-deed.ts";
import { RegistryError } from "../../restore/registry.ts";
import { BeingMade } from "../../restore/undo.ts";
import { findingText, type Finding } from "../../topology/findings.ts";
import type { LinkOrder } from "../../netlink/orders.ts";
import { callOf, kindOfDevice } from "../../topology/plan/call-names.ts";
import type { Hindrance } from "../../topology/plan/hindrances.ts";
import type { Lack, RefusedStep } from "../../topology/plan/dry-run.ts";
import type { Step } from "../../topology/plan/step.ts";
import { brief } from "../brief.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";
import { fileFailure } from "../file-failure.ts";
import { usageFailure } from "../usage.ts";

export const elementOf = (step: Step): string => step.for ?? step.by;

/** What the image does not hold, and what of it keeps it from being restored. */
export function findingsFailure(
  findings: readonly Finding[],
  why: "refuse" | "strict",
  language: Language,
): CommandFailure {
  return new CommandFailure({
    exit: EXIT.refused,
    code: "REFUSED",
    reason: RESTORE_FAILURES[why][language],
    details: findings.map((finding) => sayFinding(finding, language)),
  });
}
export const sayFinding = (finding: Finding, language: Language): string =>
  [finding.element, findingText(finding, language)].filter((part) => part !== undefined).join(": ");

/** All that nobody could restore. */
export function hinderedFailure(hindrances: readonly Hindrance[], language: Language): CommandFailure {
  const details = hindrances.map(({ element, why, other = "" }) =>
    RESTORE_HINDRANCES[why][language]({ element, other }),
  );
  const isUnheld = hindrances.some(({ why }) => why === "unheld");
  return new CommandFailure({
    exit: EXIT.refused,
    code: "REFUSED",
    reason: RESTORE_FAILURES.hindered[language],
    details,
    ...(isUnheld && { hint: RESTORE_FAILURES["hindered-hint"][language] }),
  });
}

/** Everything that the dry run was refused. */
export function dryRunFailure(refusals: readonly RefusedStep[], language: Language): CommandFailure {
  const [first] = refusals;
  const drivers = missingDrivers(refusals);
  const isMap = refusals.some(({ refused }) => refused.reason === "map-needs-setid");
  const lacks = new Set(refusals.map((refusal) => refusal.lacks?.what));
  return new CommandFailure({
    exit: EXIT.refused,
    code: first?.refused.errno ?? "REFUSED",
    reason: RESTORE_FAILURES["dry-run"][language],
    details: refusals.map((refusal) => sayRefusal(refusal, language)),
    ...(isMap && { hint: RESTORE_FAILURES["map-hint"][language] }),
    ...(lacks.has("grant") && { hint: RESTORE_FAILURES["not-granted-hint"][language] }),
    ...(lacks.has("program") && { hint: RESTORE_FAILURES["no-program-hint"][language] }),
    ...(drivers.length > 0 && { hint: RESTORE_FAILURES["driver-hint"][language]({ modules: drivers.join(" ") }) }),
  });
}

/** The kernel's modules that make the sorts of devices that nobody here makes. */
function missingDrivers(refusals: readonly RefusedStep[]): readonly string[] {
  const modules = new Set<string>();
  for (const { step, refused } of refusals) {
    if (refused.errno !== "EOPNOTSUPP" || step.do !== "network") continue;
    if (step.make === "link" || step.make === "veth") modules.add(MODULES[kindOfDevice(step)]);
  }
  return [...modules];
}
const MODULES = {
  bridge: "bridge",
  dummy: "dummy",
  veth: "veth",
  vlan: "8021q",
} as const satisfies Record<LinkOrder["kind"], string>;

export function sayRefusal({ step, refused: { errno, reason }, lacks }: RefusedStep, language: Language): string {
  const what = RESTORE_FAILURES.step[language]({ element: elementOf(step), call: callOf(step) });
  const why = reason === undefined ? [] : [REASONS[reason][language]];
  return [`${what}: ${errno}`, ...why, ...(lacks === undefined ? [] : [sayLack(lacks, language)])].join(". ");
}
const sayLack = (lack: Lack, language: Language): string =>
  lack.what === "program"
    ? RESTORE_FAILURES["no-program"][language](lack)
    : RESTORE_FAILURES["not-granted"][language]({ file: lack.file, lines: lack.lines.join(" ") });

/** What a restore or an undo threw, as a failure of the command; anything else is given back as it is. */
export function restoreFailure(error: unknown, { name, folder, language }: About): unknown {
  if (error instanceof StepRefused) {
    const { step, refused } = error;
    const { errno: code } = refused;
    const isByProgram = step.do === "map" && step.through !== undefined;
    const hint = RESTORE_FAILURES[isByProgram ? "map-refused" : "nothing"][language];
    return refusedCall({ code, syscall: callOf(step), subject: elementOf(step), rule: refused.reason, hint }, language);
  }
  if (error instanceof BeingMade) {
    const reason = RESTORE_FAILURES["being-made"][language]({ name, pid: error.maker.pid });
    return new CommandFailure({ exit: EXIT.refused, code: "EBUSY", subject: name, reason }, { cause: error });
  }
  if (error instanceof RegistryError) return registryFailure(error, { name, folder, language });
  return fileFailure(error, { subject: folder, situation: "write-file", language });
}

interface About {
  readonly name: string;
  readonly folder: string;
  readonly language: Language;
}

function registryFailure(error: RegistryError, { name, folder, language }: About): CommandFailure {
  const options = { cause: error };
  switch (error.what) {
    case "taken": {
      const [reason, hint] = [
        RESTORE_FAILURES.taken[language]({ name }),
        RESTORE_FAILURES["taken-hint"][language]({ name }),
      ];
      return new CommandFailure({ exit: EXIT.refused, code: "EEXIST", subject: name, reason, hint }, options);
    }
    case "unknown": {
      const reason = RESTORE_FAILURES.unknown[language]({ name: brief(name), folder });
      return usageFailure(reason, RESTORE_FAILURES["unknown-hint"][language]);
    }
    case "bad-name": {
      const reason = RESTORE_USAGE["no-name"][language]({ text: brief(name) });
      return usageFailure(reason, USAGE_HINTS["see-help"][language]({ command: "restore" }));
    }
    case "damaged": {
      const reason = RESTORE_FAILURES.damaged[language]({ name, folder });
      return new CommandFailure({ exit: EXIT.badInput, code: "FORMAT", subject: name, reason }, options);
    }
    case "not-ours": {
      const reason = RESTORE_FAILURES["not-ours"][language]({ folder: error.subject });
      const hint = RESTORE_FAILURES["not-ours-hint"][language];
      return new CommandFailure({ exit: EXIT.refused, code: "EPERM", subject: folder, reason, hint }, options);
    }
  }
}
