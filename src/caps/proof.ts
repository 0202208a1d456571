import type { MissingEvidence } from "../messages/evidence.ts";
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

export const step = <Rule extends StepRule>(
  rule: Rule,
  inputs: StepValues[Rule],
  evidence: readonly Evidence[] = [],
): ProofStep<Rule> => ({ rule, inputs, evidence });
