import { describe, expect, test } from "vitest";
import { pairsOfCases } from "../../differential/case-pairs.ts";
import { UNREACHED } from "../../kernel-cases/unreached.ts";
import { followedCalls } from "./followed-calls.ts";
import { placesOfRefusals, refusalsOf } from "./refusals-of-call.ts";
import { modulesIn } from "./syntax.ts";

/** The files of the model that answer the Observer port, which makes no calls. */
const OF_OBSERVERS = /^kernel\/model\/(look-into|mount-tables|observer|proc-texts|scan)\.ts:/;
/** The kernel that UNREACHED speaks of. */
const KERNEL = "6.18";
/** A call, by the name that it is counted by, and an errno. */
const pairOf = (call: string, errno: string): string => `${call} ${errno}`;

describe("every refusal that the sources have for a call", () => {
  const modules = modulesIn(["kernel", "kernel/model", "rules"]);
  const refusals = [...followedCalls(modules)].flatMap(([call, followed]) =>
    refusalsOf(modules, followed).map((refusal) => ({ ...refusal, pair: pairOf(call, refusal.errno) })),
  );
  const pairs = new Set(refusals.map(({ pair }) => pair));
  const excused = new Set(UNREACHED.flatMap(({ call, errnos }) => errnos.map((errno) => pairOf(call, errno))));
  // The running kernel answers the same cases.
  const reached = new Set(
    [...pairsOfCases(KERNEL).byCall].flatMap(([call, outcomes]) =>
      [...outcomes.keys()].filter((outcome) => outcome !== "ok").map((errno) => pairOf(call, errno)),
    ),
  );

  test("is reached by a case, or listed with the reason why not", () => {
    console.log(`${pairs.size} pairs of call and errno, of which the cases reach ${reached.size}`);
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
