import fc from "../../support/property.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Actor } from "../../../src/kernel/actor.ts";
import { must } from "../../../src/kernel/build-world.ts";
import { taskName, type MapFile } from "../../../src/kernel/call.ts";
import { NAMESPACE_KINDS } from "../../../src/abi/namespace-kinds.ts";
import { openLiveActor } from "../../../src/kernel/live/actor.ts";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import { anyMapText } from "../../support/arbitrary-map-text.ts";
import { needs } from "../../support/needs.ts";
import { seedOf } from "../../support/seed.ts";
import { theAddon } from "../../support/the-addon.ts";

const RUNS = 400;
const seed = seedOf("MAP_TEXT_SEED");

describe("what the kernel makes of a text", needs("native", "root", "user-namespaces"), () => {
  let live: Actor;
  let model: Actor;
  beforeAll(() => {
    live = openLiveActor(theAddon());
    model = new ModelActor();
  });
  afterAll(() => {
    live[Symbol.dispose]();
    model[Symbol.dispose]();
  });

  test(`is what the model makes of it: ${RUNS} texts, seed ${seed}`, () => {
    let accepted = 0;
    fc.assert(
      fc.property(anyMapText(), fc.constantFrom("uid_map", "gid_map", "projid_map"), (text, file) => {
        const theirs = written(live, file, text);
        accepted += theirs.errno === undefined ? 1 : 0;
        expect(written(model, file, text)).toEqual(theirs);
      }),
      { numRuns: RUNS, seed },
    );
    // Texts that the kernel never takes would prove little, and so would those that it always takes.
    expect(accepted).toBeGreaterThan(RUNS / 10);
    expect(accepted).toBeLessThan((RUNS * 9) / 10);
  }, 60_000);
});

/** Root writes a text to the map of a fresh user namespace, and reads what it has become, call by call. */
function written(actor: Actor, file: MapFile, text: string): { errno?: string; reads: readonly string[] } {
  const { first } = actor;
  const box = taskName("box");
  must(actor, first, { op: "clone", flags: NAMESPACE_KINDS.user.flag, as: box });
  try {
    const outcome = actor.call(first, { op: "write", of: box, file, text });
    const fd = must(actor, first, { op: "open-map", of: box, file, access: "read" });
    const reads: string[] = [];
    for (let more = read(actor, fd); more !== ""; more = read(actor, fd)) reads.push(more);
    must(actor, first, { op: "close", fd });
    return outcome.ok ? { reads } : { errno: outcome.errno, reads };
  } finally {
    actor.call(box, { op: "exit" });
    actor.call(first, { op: "wait", child: box });
  }
}

function read(actor: Actor, fd: number): string {
  const outcome = actor.call(actor.first, { op: "read", fd });
  if (!outcome.ok || typeof outcome.value !== "object" || !("text" in outcome.value)) throw new Error("no text");
  return outcome.value.text;
}
