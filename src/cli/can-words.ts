import type { Capability } from "../abi/capabilities.ts";
import { isKind } from "../abi/namespace-kinds.ts";
import { isOperation, OPERATION_NAMES, type OperationName } from "../caps/operations.ts";
import type { Mismatch } from "../caps/target.ts";
import { AIMS, CAN_WORDS } from "../messages/can.ts";
import type { Language } from "../messages/sentence.ts";
import { USAGE, USAGE_HINTS } from "../messages/usage.ts";
import { brief } from "./brief.ts";
import { capabilityOf } from "./capability-word.ts";
import type { CommandFailure } from "./failure.ts";
import { nearest } from "./nearest.ts";
import { readRef, type NamedRef } from "./resolve.ts";
import { readResource, refsOf, type NamedResource } from "./resource.ts";
import { usageFailure } from "./usage.ts";

/** What `can WHO …` is asked; `refs`: the namespaces that it names. */
export type CanWords = { readonly refs: readonly NamedRef[] } & (
  | { readonly asks: "enter" }
  | { readonly asks: "capability"; readonly capability: Capability }
  | {
      readonly asks: "operation";
      readonly operation: OperationName;
      /** Absent: the process's own. */
      readonly resource: NamedResource | undefined;
    }
);

/** Reads `CAP REF`, `OPERATION [RESOURCE]` or `enter REF…`. Throws where the words are none of these. */
export function readCanWords(word: string, words: readonly string[], language: Language): CanWords {
  if (word === "enter") {
    if (words.length === 0) throw missing("REF", language);
    return { asks: "enter", refs: words.map((one) => readRef(one, language)) };
  }
  const [resource, extra] = words;
  if (extra !== undefined) {
    throw off(USAGE["extra-operand"][language]({ command: "can", operand: brief(extra) }), language);
  }
  // Some are called alike: chown is the operation, CHOWN and CAP_CHOWN the capability.
  if (isOperation(word)) {
    const named = resource === undefined ? undefined : readResource(resource, language);
    return { asks: "operation", operation: word, resource: named, refs: named === undefined ? [] : refsOf(named) };
  }
  const capability = capabilityOf(word);
  if (capability === undefined) throw neither(word, language);
  if (resource === undefined) throw missing("REF", language);
  return { asks: "capability", capability, refs: [readRef(resource, language)] };
}

/** The failure for an operation that is not done to such a resource. */
export function notDoneTo(operation: OperationName, { wanted }: Mismatch, language: Language): CommandFailure {
  const aim = AIMS[isKind(wanted) ? "namespace" : wanted][language];
  return off(CAN_WORDS.needs[language]({ operation, wanted: aim }), language);
}

const seeHelp = (language: Language): string => USAGE_HINTS["see-help"][language]({ command: "can" });
const off = (reason: string, language: Language): CommandFailure => usageFailure(reason, seeHelp(language));
const missing = (operand: string, language: Language): CommandFailure =>
  off(USAGE["missing-operand"][language]({ command: "can", operand }), language);

function neither(word: string, language: Language): CommandFailure {
  const near = nearest(word, [...OPERATION_NAMES, "enter"]);
  const hint = near === undefined ? seeHelp(language) : USAGE_HINTS["did-you-mean"][language]({ nearest: near });
  return usageFailure(CAN_WORDS.neither[language]({ word: brief(word) }), hint);
}
