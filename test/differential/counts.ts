import type { Call, Value } from "../../src/kernel/call.ts";
import type { Outcome } from "../../src/rules/outcome.ts";

/** How often each call came out in each way. */
export class Counts {
  /** By the call's name, then by "ok" or errno. */
  readonly byCall = new Map<string, Map<string, number>>();
  /** By the model's reason, which the running kernel does not say. */
  readonly byReason = new Map<string, number>();
  calls = 0;
  succeeded = 0;
  /** How many pairs of a call and an outcome there were. */
  pairs = 0;

  add({ call, model }: { readonly call: Call; readonly model: Outcome<Value> }): void {
    this.calls++;
    if (model.ok) this.succeeded++;
    const name = nameOf(call);
    const outcomes = this.byCall.get(name) ?? new Map<string, number>();
    if (increase(outcomes, model.ok ? "ok" : model.errno) === 1) this.pairs++;
    this.byCall.set(name, outcomes);
    if (!model.ok && model.reason !== undefined) increase(this.byReason, model.reason);
  }

  of(call: string, outcome: string): number {
    return this.byCall.get(call)?.get(outcome) ?? 0;
  }
}

/** An ioctl by its request, which is what it does. */
export function nameOf(call: Call): string {
  if (call.op !== "ioctl" && call.op !== "pidfd-ioctl") return call.op;
  return typeof call.request === "number" ? `${call.op} of an unknown request` : call.request;
}

function increase(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}
