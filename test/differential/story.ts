import type { Call, Value } from "../../src/kernel/call.ts";
import type { Outcome } from "../../src/rules/outcome.ts";
import type { Said } from "./compare.ts";
import type { Start } from "./ground.ts";
import { shown } from "./shown.ts";

/** A sequence as text: a line for each call with both answers, and at the end what differs. */
export function story({ uid }: Start, history: readonly Said[], difference: string): string {
  const lines = history.map(
    ({ caller, call, model, live }, at) =>
      `${`${at + 1}`.padStart(3)} ${caller} ${callText(call)} -> ${answer(live)} | model: ${answer(model)}`,
  );
  return [`first task "shell" of uid ${uid}`, ...lines, difference].join("\n");
}

function callText({ op, ...rest }: Call): string {
  const words = Object.entries(rest).map(([name, value]) => {
    const isBits = typeof value === "number" && (name === "flags" || name === "nstype");
    return `${name}=${isBits ? `0x${value.toString(16)}` : shown(value)}`;
  });
  return [op, ...words].join(" ");
}

const answer = (outcome: Outcome<Value>): string =>
  outcome.ok ? shown(outcome.value) : [outcome.errno, outcome.reason].filter((word) => word !== undefined).join(" ");
