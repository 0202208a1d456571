import { namesIn } from "../render/namespace-name.ts";
import { hasChange, KERNEL_CHANGES } from "../rules/kernel-changes.ts";
import { decideCapability } from "./decide-capability.ts";
import { tellFact } from "./facts.ts";
import type { Fact, Requirement } from "./requirement.ts";
import { step, type Finding } from "./proof.ts";
import { nameOfTarget, nothing, type Situation } from "./situation.ts";

/** Whether a requirement is met, with the steps in the kernel's order as far as they had to be taken. */
export function decide(situation: Situation, needs: Requirement): Finding {
  if ("capability" in needs) return decideCapability(situation, needs.capability, needs.over);
  if ("fact" in needs) return decideFact(situation, needs.fact);
  if ("change" in needs) return decideChange(situation, needs);
  return "all" in needs
    ? decideEach(needs.all.map((one) => () => decide(situation, one)))
    : decideAny(situation, needs.any);
}

function decideChange(
  situation: Situation,
  { change, needs, before }: Extract<Requirement, { readonly change: unknown }>,
): Finding {
  const { release } = situation.ground.index.snapshot.viewpoint.kernel;
  if (hasChange(release, change)) return decide(situation, needs);
  const steps = [step("older-kernel", { since: KERNEL_CHANGES[change].since, release })];
  if (before === undefined) return { ...nothing, verdict: "no", steps };
  const finding = decide(situation, before);
  return { ...finding, steps: [...steps, ...finding.steps] };
}

/** The first that fails decides; one that is unknown leaves the question to those after it. */
export function decideEach(findings: readonly (() => Finding)[]): Finding {
  let whole: Finding = { ...nothing, verdict: "yes" };
  for (const decided of findings) {
    const finding = decided();
    const steps = [...whole.steps, ...finding.steps];
    if (finding.verdict === "no") return { ...finding, steps };
    whole = joined(whole, finding, finding.verdict === "unknown" ? "unknown" : whole.verdict);
  }
  return whole;
}

/** The first that holds for certain decides; then one that holds if what it takes for granted does. */
function decideAny(situation: Situation, needs: readonly Requirement[]): Finding {
  let whole: Finding = { ...nothing, verdict: "no" };
  let granted: Finding | undefined;
  for (const one of needs) {
    const finding = decide(situation, one);
    if (finding.verdict === "yes" && finding.assumed.length === 0) {
      return { ...finding, steps: [...whole.steps, ...finding.steps] };
    }
    if (finding.verdict === "yes") granted ??= finding;
    whole = joined(whole, finding, finding.verdict === "no" ? whole.verdict : "unknown");
  }
  return granted === undefined ? whole : { ...granted, missing: [] };
}

const joined = (whole: Finding, { steps, missing, assumed }: Finding, verdict: Finding["verdict"]): Finding => ({
  verdict,
  steps: [...whole.steps, ...steps],
  missing: [...whole.missing, ...missing],
  assumed: [...whole.assumed, ...assumed],
});

function decideFact(situation: Situation, fact: Fact): Finding {
  const nameOf = namesIn(situation.ground.index.snapshot);
  const told = tellFact(situation, fact, nameOfTarget(situation, nameOf));
  const { verdict, what, evidence = [], missing = [], assumed = [], steps = [] } = told;
  const rule = verdict === "yes" ? "fact-holds" : verdict === "no" ? "fact-fails" : "fact-unknown";
  const last = step(rule, { fact, who: situation.me.who, what }, evidence);
  return { verdict, steps: [...steps, last], missing: verdict === "unknown" ? missing : [], assumed };
}
