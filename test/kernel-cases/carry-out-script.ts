import type { Actor } from "../../src/kernel/actor.ts";
import { namespaceIn, taskName, type Value } from "../../src/kernel/call.ts";
import type { Outcome } from "../../src/rules/outcome.ts";
import type { LineExpected, Script } from "./script.ts";

/** Stands between what one call gave and what the next did. */
export const BETWEEN_STEPS = "; ";

/** Makes a script's calls and says what each gave, whatever it expects: the same text on every kernel that answers alike. */
export function carryOutScript(actor: Actor, { lines }: Script): string {
  const names = new Map<string, string>();
  return lines
    .map(
      ([caller, call, gives]) => `${call.op} ${attempt(() => told(actor.call(taskName(caller), call), gives, names))}`,
    )
    .join(BETWEEN_STEPS);
}

/** Where a kernel answered an earlier call otherwise, there may be nobody to make this one. */
function attempt(ask: () => string): string {
  try {
    return ask();
  } catch {
    return "cannot be made";
  }
}

/** Namespaces are told by the order in which they appear. */
function told(outcome: Outcome<Value>, gives: LineExpected, names: Map<string, string>): string {
  if (!outcome.ok) return outcome.errno;
  // Such a number is another one on every machine.
  if (gives === "done") return "done";
  const namespace = namespaceIn(outcome.value);
  if (namespace === undefined)
    return typeof outcome.value === "object" ? JSON.stringify(outcome.value, plain) : `${outcome.value}`;
  const name = names.get(namespace) ?? `namespace ${names.size + 1}`;
  names.set(namespace, name);
  return name;
}

const plain = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `0x${value.toString(16)}` : value);
