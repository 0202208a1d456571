import type { Call } from "../../src/kernel/call.ts";
import type { Said } from "./compare.ts";

/** How often each call came out in each way. */
export class Counts {
  /** By the call's name, then by "ok" or errno. */
  readonly byCall = new Map<string, Map<string, number>>();
  /** By the model's reason, which the running kernel does not say. */
  readonly byReason = new Map<string, number>();
  calls = 0;
  succeeded = 0;

  add({ call, model }: Said): void {
    this.calls++;
    if (model.ok) this.succeeded++;
    const name = nameOf(call);
    const outcomes = this.byCall.get(name) ?? new Map<string, number>();
    this.byCall.set(name, increased(outcomes, model.ok ? "ok" : model.errno));
    if (!model.ok && model.reason !== undefined) increased(this.byReason, model.reason);
  }
}

/** An ioctl by its request, which is what it does. */
function nameOf(call: Call): string {
  if (call.op !== "ioctl" && call.op !== "pidfd-ioctl") return call.op;
  return typeof call.request === "number" ? `${call.op} of an unknown request` : call.request;
}

function increased(counts: Map<string, number>, key: string): Map<string, number> {
  return counts.set(key, (counts.get(key) ?? 0) + 1);
}
