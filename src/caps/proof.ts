import type { Assumed, MissingEvidence } from "../messages/evidence.ts";
import type { Verdict } from "./power.ts";
import type { StepRule, StepValues } from "../messages/proof.ts";

/** A fact that a step rests on, and where it was read. */
export interface Evidence {
  /** The call with its request, or the file with the field: `ioctl NS_GET_PARENT`, `/proc/42/status Uid`. */
  readonly read: string;
  /** Of what, where the call does not say it. */
  readonly of?: string;
  /** What it said. */
  readonly says: string;
}

/** One step: the rule, what went into it, and where that was read. */
export interface ProofStep<Rule extends StepRule = StepRule> {
  readonly rule: Rule;
  readonly inputs: StepValues[Rule];
  readonly evidence: readonly Evidence[];
}

/** A fact that nobody saw, and whose: an answer that needs it is unknown. */
export interface MissingFact {
  readonly what: MissingEvidence;
  readonly of: string;
}

/** Whether something holds: yes and no are for certain, as far as nothing in `assumed` is otherwise. */
export interface Finding {
  readonly verdict: Verdict;
  readonly steps: readonly ProofStep[];
  /** What would settle it; empty unless it is unknown. */
  readonly missing: readonly MissingFact[];
  /** What no file tells, and is taken to be as it mostly is. */
  readonly assumed: readonly AssumedFact[];
}
export interface AssumedFact {
  readonly what: Assumed;
  readonly of: string;
}

export const step = <Rule extends StepRule>(
  rule: Rule,
  inputs: StepValues[Rule],
  evidence: readonly Evidence[] = [],
): ProofStep<Rule> => ({ rule, inputs, evidence });
