import type { Call, Value } from "../../src/kernel/call.ts";
import { printWorld } from "../../src/kernel/model/text/print-world.ts";
import type { World } from "../../src/kernel/model/world.ts";
import type { Outcome } from "../../src/rules/outcome.ts";
import { caseText } from "./case-text.ts";
import type { Said } from "./compare.ts";
import type { Start } from "./ground.ts";
import { shown } from "./shown.ts";

/** What there is to tell of a sequence on which the two sides differ. */
export interface Told {
  readonly start: Start;
  readonly seed: number;
  readonly history: readonly Said[];
  /** The model's, before the last call. */
  readonly world: World;
  readonly difference: string;
}

/** How to play it again, a line for each call with both answers, the world before the last one, and it all as a case. */
export function story({ start, seed, history, world, difference }: Told): string {
  const lines = history.map(
    ({ caller, call, model, live }, at) =>
      `${`${at + 1}`.padStart(3)} ${caller} ${callText(call)} -> ${answer(live)} | model: ${answer(model)}`,
  );
  return [
    "The model and the running kernel differ.",
    difference,
    "",
    `Again, as it was found: npm run differential -- --runs 1 --seed ${seed} ${start.uid === 0 ? "--root" : "--user"}`,
    "",
    `The fewest calls that show it; the first task, "shell", is of uid ${start.uid}:`,
    ...lines,
    "",
    "The model's world before the last of them, which nsatlas --world reads:",
    printWorld(world),
    "As a case for test/kernel-cases/found-scripts.ts:",
    caseText(start.uid, history),
  ].join("\n");
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
