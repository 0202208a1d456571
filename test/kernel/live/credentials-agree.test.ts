import fc from "../../support/property.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CLONE_FLAGS } from "../../../src/abi/constants.ts";
import { ALL_CAPABILITIES, capBit } from "../../../src/abi/capabilities.ts";
import type { Actor } from "../../../src/kernel/actor.ts";
import { must } from "../../../src/kernel/build-world.ts";
import { openLiveActor } from "../../../src/kernel/live/actor.ts";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import { anyCredentialCalls, TASKS, type Made } from "../../support/arbitrary-credential-calls.ts";
import { needs } from "../../support/needs.ts";
import { seedOf } from "../../support/seed.ts";
import { theAddon } from "../../support/the-addon.ts";

const RUNS = Number(process.env["CREDENTIALS_RUNS"] ?? 200);
const seed = seedOf("CREDENTIALS_SEED");

describe("sequences of calls on credentials and id maps", needs("native", "root", "user-namespaces"), () => {
  let live: Actor;
  let model: Actor;
  beforeAll(() => {
    live = openLiveActor(theAddon());
    model = new ModelActor({ capabilities: boundary(live) });
  });
  afterAll(() => {
    live[Symbol.dispose]();
    model[Symbol.dispose]();
  });

  test(
    `come out alike: ${RUNS} of them, seed ${seed}`,
    () => {
      fc.assert(
        fc.property(anyCredentialCalls(), (calls) => {
          expect(outcomes(model, calls)).toEqual(outcomes(live, calls));
        }),
        { numRuns: RUNS, seed },
      );
    },
    60_000 + 20 * RUNS,
  );
});

/** What root has on this machine: some lack a capability from the start. */
function boundary(actor: Actor): bigint {
  const seen = actor.call(actor.first, { op: "status", of: actor.first });
  if (!seen.ok || typeof seen.value !== "object" || !("status" in seen.value)) throw new Error("no status");
  return seen.value.status.capabilities.bounding ?? ALL_CAPABILITIES & ~capBit("CAP_SYS_RESOURCE");
}

/** Carries them out with fresh tasks; a namespace is known by who was the first to see it. */
function outcomes(actor: Actor, calls: readonly Made[]): unknown[] {
  const { first } = actor;
  for (const as of TASKS) must(actor, first, { op: "clone", flags: CLONE_FLAGS.CLONE_FILES, as });
  try {
    return calls.map(({ by, call }) => {
      const outcome = actor.call(by, call);
      return outcome.ok ? outcome.value : outcome.errno;
    });
  } finally {
    for (const task of TASKS) {
      actor.call(task, { op: "exit" });
      actor.call(first, { op: "wait", child: task });
    }
    for (let fd = 0; actor.call(first, { op: "fcntl", fd, command: "F_GETFD" }).ok; fd++) {
      must(actor, first, { op: "close", fd });
    }
  }
}
