import fc from "../../support/property.ts";
import { describe, expect, test } from "vitest";
import { taskName } from "../../../src/kernel/call.ts";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import type { World } from "../../../src/kernel/model/world.ts";
import { boot } from "../../../src/kernel/model/boot.ts";
import { canonical } from "../../../src/kernel/model/same-world.ts";
import { step } from "../../../src/kernel/model/step.ts";
import { parseWorld } from "../../../src/kernel/model/text/parse-world.ts";
import { printWorld } from "../../../src/kernel/model/text/print-world.ts";
import { SCRIPTS } from "../../kernel-cases/scripts.ts";
import { onModel } from "../../differential/on-model.ts";
import { anyWish } from "../../support/arbitrary-calls.ts";
import { audit } from "../../support/audit.ts";
import { play } from "../../support/play-wishes.ts";

/** What a text says; a text that is none fails the test, with the line. */
function read(text: string): World {
  const parsed = parseWorld(text);
  if (parsed.ok) return parsed.world;
  throw new Error(`${parsed.message}\n${text.split("\n")[parsed.line - 1]}`);
}

const sequences = fc.array(anyWish, { minLength: 5, maxLength: 60, size: "max" });
const next = fc.array(anyWish, { minLength: 2, maxLength: 2 });

describe("a world as text", () => {
  test("is read back as the same world, whatever calls led to it, and both go on alike", () => {
    fc.assert(
      fc.property(sequences, next, (wishes, more) => {
        let world = boot();
        for (const { after } of play(wishes)) world = after;
        const text = printWorld(world);
        const again = read(text);
        expect(canonical(again), text).toEqual(canonical(world));
        expect(audit(again), text).toEqual([]);
        expect(printWorld(again)).toBe(text);
        let copy = again;
        for (const { caller, call, after } of play(more, { start: world, from: wishes.length })) {
          const [expected, got] = [step(world, caller, call), step(copy, caller, call)];
          expect(got[1], text).toEqual(expected[1]);
          expect(canonical(got[0]), text).toEqual(canonical(after));
          [world, copy] = [after, got[0]];
        }
      }),
      { numRuns: 100 },
    );
  });
  // A script that calls a task of its own init has taken that name from the machine's first process.
  const scripts = SCRIPTS.filter(({ lines }) => !lines.some(([, call]) => "as" in call && call.as === "init"));
  test.each(scripts)("so is the one that a case leads to: $title", ({ uid, lines }) => {
    const actor = new ModelActor({ uid });
    for (const [caller, call] of lines) actor.call(taskName(caller), call);
    const text = printWorld(actor.world);
    expect(canonical(read(text)), text).toEqual(canonical(actor.world));
  });
  test("so are those of the sequences that are played on both kernels, at their end and half-way", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const played = [...onModel(seed)];
      const [half, end] = [played[Math.floor(played.length / 2)]?.world, played.at(-1)?.after];
      for (const world of [half, end]) {
        if (world === undefined) continue;
        const text = printWorld(world);
        expect(canonical(read(text)), `seed ${seed}\n${text}`).toEqual(canonical(world));
      }
      // From half-way on the world that was read goes on as the other does.
      let copy = half === undefined ? undefined : read(printWorld(half));
      for (const { world, caller, call, after } of played.slice(Math.floor(played.length / 2))) {
        if (copy === undefined) break;
        const [next, outcome] = step(copy, caller, call);
        expect(outcome).toEqual(step(world, caller, call)[1]);
        copy = next;
        expect(canonical(copy)).toEqual(canonical(after));
      }
    }
  });
});
