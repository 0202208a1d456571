import { RESTORE_FAILURES, RESTORE_USAGE } from "../../messages/restore.ts";
import { USAGE_HINTS } from "../../messages/usage.ts";
import type { Language } from "../../messages/sentence.ts";
import { SLOTS } from "../../kernel/live/holder-wire.ts";
import { crowdOf } from "../../topology/plan/crowd.ts";
import type { Plan } from "../../topology/plan/plan.ts";
import { hindrancesOf } from "../../topology/plan/hindrances.ts";
import { inheritedHindrances } from "../../topology/plan/inherited.ts";
import { nestedPid } from "../../topology/plan/only-pins.ts";
import type { Restorer } from "../../topology/plan/restorer.ts";
import type { Topology } from "../../topology/topology.ts";
import { brief } from "../brief.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";
import { usageFailure } from "../usage.ts";
import { findingsFailure, hinderedFailure } from "./failures.ts";

interface Conditions {
  readonly strict: boolean;
  readonly pin: string | undefined;
  readonly exec: readonly { readonly label: string }[];
  readonly restorer: Restorer;
  readonly language: Language;
}

/** What keeps an image from being restored at all, whatever the kernel would say. Throws. */
export function checkImage(image: Topology, { strict, pin, exec, restorer, language }: Conditions): void {
  const refused = image.findings.filter((finding) => finding.class === "refuse");
  if (refused.length > 0) throw findingsFailure(refused, "refuse", language);
  const degraded = image.findings.filter((finding) => finding.class === "degraded");
  if (strict && degraded.length > 0) throw findingsFailure(degraded, "strict", language);
  if (image.namespaces.length + image.processes.length + image.pins.length === 0) {
    throw new CommandFailure({ exit: EXIT.badInput, code: "FORMAT", reason: RESTORE_FAILURES.empty[language] });
  }
  const hindrances = [...hindrancesOf(image), ...inheritedHindrances(image, restorer)];
  if (hindrances.length > 0) throw hinderedFailure(hindrances, language);
  const nested = pin === undefined ? undefined : nestedPid(image);
  if (nested !== undefined) throw refusal(RESTORE_FAILURES["pin-nested"][language]({ label: nested }), nested);
  const labels = new Set(image.processes.map(({ label }) => label));
  const unknown = exec.find(({ label }) => !labels.has(label));
  if (unknown !== undefined) {
    const reason = RESTORE_USAGE["exec-label"][language]({ label: brief(unknown.label) });
    throw usageFailure(reason, USAGE_HINTS["see-help"][language]({ command: "restore" }));
  }
  if (!restorer.limitsPids && image.namespaces.some((node) => node.kind === "pid" && node.pidMax !== undefined)) {
    const reason = RESTORE_FAILURES["pid-max-since"][language];
    throw new CommandFailure({ exit: EXIT.unsupported, code: "UNSUPPORTED", reason });
  }
  if (!restorer.opensUnborn && image.namespaces.some(({ kind }) => kind === "pid")) {
    const reason = RESTORE_FAILURES["unborn-since"][language];
    throw new CommandFailure({ exit: EXIT.unsupported, code: "UNSUPPORTED", reason });
  }
}

/** Who makes calls has a place among so many; who rests has none. Throws. */
export function checkCrowd({ steps }: Plan, language: Language): void {
  const crowd = crowdOf(steps);
  if (crowd <= SLOTS) return;
  const reason = RESTORE_FAILURES.crowd[language]({ crowd, most: SLOTS });
  throw new CommandFailure({
    exit: EXIT.refused,
    code: "EAGAIN",
    reason,
    hint: RESTORE_FAILURES["crowd-hint"][language],
  });
}

const refusal = (reason: string, subject: string): CommandFailure =>
  new CommandFailure({ exit: EXIT.refused, code: "REFUSED", subject, reason });
