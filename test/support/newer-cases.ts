import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "../../src/kernel/actor.ts";
import { buildWorld, type BuiltWorld } from "../../src/kernel/build-world.ts";
import { hasSince } from "../../src/rules/kernel-changes.ts";
import { casesByWorld, outcomeOf } from "./play-fact.ts";
import { NEWER_CASES } from "../kernel-cases/newer/all.ts";
import { drawn } from "./drawn-machine.ts";
import type { Need } from "./machine.ts";
import { needs } from "./needs.ts";

/** Runs the cases of calls that came after the kernel of the facts, on a kernel of a release. */
export function runNewerCases(openActor: () => Actor, release: string, ...wanted: readonly Need[]): void {
  for (const [world, cases] of casesByWorld(NEWER_CASES)) {
    describe(`the world of ${cases[0]?.id ?? ""}`, wanted.length === 0 ? {} : needs(...wanted), () => {
      let actor: Actor;
      let built: BuiltWorld;
      beforeAll(() => {
        actor = openActor();
        built = buildWorld(actor, drawn(world), 0);
      });
      afterAll(() => actor[Symbol.dispose]());
      test.each(cases.map((one) => [one.id, one] as const))("%s", (_, one) => {
        const gives = one.gives.findLast(([since]) => hasSince(release, since))?.[1];
        expect(outcomeOf(actor, built, one)).toBe(gives);
      });
    });
  }
}
