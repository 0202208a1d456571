import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ERRNOS } from "../../src/abi/errnos.ts";
import type { Actor } from "../../src/kernel/actor.ts";
import { buildWorld, type BuiltWorld } from "../../src/kernel/build-world.ts";
import type { Fact } from "../kernel-cases/fact-case.ts";
import { FACT_CASES } from "../kernel-cases/facts/all.ts";
import { drawn } from "./drawn-machine.ts";
import type { Need } from "./machine.ts";
import { needs } from "./needs.ts";
import { casesByWorld, outcomeOf } from "./play-fact.ts";

/** The measured facts, by id. */
export const FACTS: ReadonlyMap<string, Fact> = new Map(
  readFileSync(join(import.meta.dirname, "../kernel-cases/kernel-facts.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Fact)
    .map((fact) => [fact.id, fact]),
);

/** Runs every case that stands for a fact. Those of one drawn world share it, each with tasks of its own. */
export function runFactCases(openActor: () => Actor, ...wanted: readonly Need[]): void {
  for (const [world, cases] of casesByWorld(FACT_CASES)) {
    const first = cases[0]?.id ?? "";
    describe(`the world of ${first}`, wanted.length === 0 ? {} : needs(...wanted), () => {
      let actor: Actor;
      let built: BuiltWorld;
      beforeAll(() => {
        actor = openActor();
        built = buildWorld(actor, drawn(world), 0);
      });
      afterAll(() => actor[Symbol.dispose]());
      test.each(cases.map((one) => [one.id, one] as const))("%s", (id, one) => {
        const fact = FACTS.get(id);
        if (fact === undefined) throw new Error(`there is no fact ${id}`);
        expect(outcomeOf(actor, built, one)).toEqual(expectedOf(fact));
      });
    });
  }
}

/** Some facts have the errno itself as what was observed. */
function expectedOf({ expect: expected, errno }: Fact): string {
  if (expected === "error") return `error ${errno}`;
  // A remark in brackets says why, or what else there is to it.
  if (expected.startsWith("success (")) return "success";
  return Object.hasOwn(ERRNOS, expected) ? `error ${expected}` : expected;
}
