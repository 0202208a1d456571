import { describe, expect, test } from "vitest";
import { ALL_CAPABILITIES, capBit } from "../../../src/abi/capabilities.ts";
import type { Actor } from "../../../src/kernel/actor.ts";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import { UNREACHED } from "../../kernel-cases/unreached.ts";
import { runFactCases } from "../../support/fact-cases.ts";
import { runHalfWay } from "../../support/half-way.ts";
import { runKernelCases } from "../../support/kernel-cases.ts";
import { runKernelScripts } from "../../support/kernel-scripts.ts";
import { followedCalls } from "./followed-calls.ts";
import { Heard, pairOf } from "./hearing.ts";
import { placesOfRefusals, refusalsOf } from "./refusals-of-call.ts";
import { modulesIn } from "./syntax.ts";

/** The files of the model that answer the Observer port, which makes no calls. */
const OF_OBSERVERS = /^kernel\/model\/(observer|proc-texts|scan)\.ts:/;
/** What the cases come to, by call and errno. */
const reached = new Set<string>();
const heard = (actor: Actor): Actor => new Heard(actor, reached);

describe("the cases that the running kernel answers too", () => {
  runKernelCases(() => heard(new ModelActor()), 0);
  runKernelScripts(
    (uid) => heard(new ModelActor({ uid })),
    () => [],
  );
  // Those who measured had all capabilities but one.
  runFactCases(() => heard(new ModelActor({ capabilities: ALL_CAPABILITIES & ~capBit("CAP_SYS_RESOURCE") })));
  runHalfWay(
    (uid) => heard(new ModelActor({ uid })),
    (attempt) => attempt(),
  );
});

// After them, in the order of the file: all that they came to has been heard.
describe("every refusal that the sources have for a call", () => {
  const modules = modulesIn(["kernel", "kernel/model", "rules"]);
  const refusals = [...followedCalls(modules)].flatMap(([call, followed]) =>
    refusalsOf(modules, followed).map((refusal) => ({ ...refusal, pair: pairOf(call, refusal.errno) })),
  );
  const pairs = new Set(refusals.map(({ pair }) => pair));
  const excused = new Set(UNREACHED.flatMap(({ call, errnos }) => errnos.map((errno) => pairOf(call, errno))));

  test("is reached by a case, or listed with the reason why not", () => {
    console.log(
      `${pairs.size} pairs of call and errno, ${[...pairs].filter((pair) => reached.has(pair)).length} reached`,
    );
    expect([...pairs].filter((pair) => !reached.has(pair) && !excused.has(pair))).toEqual([]);
  });

  test("is not listed as unreached where it is reached, or where there is none", () => {
    expect([...excused].filter((pair) => reached.has(pair) || !pairs.has(pair))).toEqual([]);
  });

  test("is found: nothing is reached that was not read from them", () => {
    expect([...reached].filter((pair) => !pairs.has(pair))).toEqual([]);
  });

  test("is that of a call: no rule refuses what nobody asks", () => {
    const asked = new Set(refusals.map(({ at }) => at));
    const places = [...placesOfRefusals(modules)].filter((place) => !OF_OBSERVERS.test(place));
    expect(places.filter((place) => !asked.has(place))).toEqual([]);
  });
});
