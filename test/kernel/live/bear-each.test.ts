import { statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cloneArgs, type CloneWish } from "../../../src/kernel/live/holder-clone.ts";
import type { Errand } from "../../../src/kernel/live/bear-each.ts";
import { SLOTS } from "../../../src/kernel/live/holder-wire.ts";
import * as calls from "../../../src/kernel/live/holder-calls.ts";
import { blank, Series, type SeriesWish } from "../../../src/kernel/live/series.ts";
import { refused } from "../../../src/rules/outcome.ts";
import { WHO_HAS_ENDED } from "../../../src/kernel/live/visit-series.ts";
import { needs } from "../../support/needs.ts";
import { openTestHolders } from "./holder-support.ts";

/** Of those that come back only what is many times as long as they take. */
const LIMIT = { limitMs: 2000 };
const CLONE_VM = 0x100;
const AF_UNIX = 1;
const SOCK_DGRAM = 2;

/** Who is asked its number. */
const who = new Series();
const pid = who.call("getpid");
function numberOf(errand: Errand): number | string {
  if (!errand.ok) return errand.errno;
  if (typeof errand.value === "string") return errand.value;
  const number = errand.value.of(pid);
  return number.ok ? number.value : number.errno;
}
const WHO: SeriesWish = { series: who };

/** Of one that waits for what never comes. */
const stuck = new Series();
stuck.call("recvfrom", stuck.call("socket", AF_UNIX, SOCK_DGRAM, 0), blank(16), 16, 0, 0, 0);
const ending = new Series();
ending.call("exit_group", 3);
const waiting = new Series();
waiting.call("wait4", -1, 0, WHO_HAS_ENDED, 0);
const nothing = new Series();
nothing.call("getppid");

const clone = (wish: CloneWish = {}) => ({ call: "clone3" as const, args: cloneArgs(wish) });

describe("children that are born for a few calls", needs("native"), () => {
  test.each([0, CLONE_VM])("make them, each by itself, and are gone when all are told (flags %i)", (flags) => {
    using holders = openTestHolders();
    const parent = holders.start();
    // More than one frame, and none.
    const wish = { before: { series: waiting }, clone: clone({ flags }), asking: WHO };
    const { births } = holders.bearEach(
      parent,
      Array.from({ length: 300 }, () => wish),
    );
    const pids = births.map(({ child }) => numberOf(child));
    expect(pids).toEqual(pids.map(() => expect.any(Number)));
    expect(new Set(pids).size).toBe(300);
    calls.wait4({ holders, holder: parent }, -1);
    for (const one of pids) expect(() => statSync(`/proc/${String(one)}`)).toThrow("ENOENT");
    expect(holders.living).toEqual([parent]);
    expect(holders.bearEach(parent, [])).toEqual({ births: [] });
  });

  test("are asked, end, and are left for their parent to wait for", () => {
    using holders = openTestHolders(LIMIT);
    const parent = holders.start();
    const wish = { before: { series: nothing }, clone: clone(), asking: WHO };
    const { births, lost } = holders.bearEach(parent, [wish, { ...wish, asking: { series: stuck } }, wish]);
    expect(lost).toBeUndefined();
    const [first, second, third] = births.map(({ child }) => numberOf(child));
    expect([first, second, third]).toEqual([expect.any(Number), "timedOut", expect.any(Number)]);
    expect(holders.living).toEqual([parent]);
    const by = { holders, holder: parent };
    const waited = [1, 2, 3].map(() => calls.wait4(by, -1));
    expect(waited.map((one) => one.ok)).toEqual([true, true, true]);
    expect(calls.wait4(by, -1)).toEqual(refused("ECHILD"));
  });

  test("that cannot be born say why", () => {
    using holders = openTestHolders();
    const parent = holders.start();
    const wish = { before: { series: nothing }, clone: clone({ size: 8 }), asking: WHO };
    const { births } = holders.bearEach(parent, [wish, { ...wish, clone: clone() }]);
    expect(births.map(({ child }) => numberOf(child))).toEqual(["EINVAL", expect.any(Number)]);
    expect(holders.has(parent)).toBe(true);
  });

  test.each([
    ["ends", ending, "died"],
    ["does not come back", stuck, "timedOut"],
  ] as const)("of whom the parent %s: nothing is told of those behind", (_, series, lost) => {
    using holders = openTestHolders(LIMIT);
    const parent = holders.start();
    const wish = { before: { series: nothing }, clone: clone(), asking: WHO };
    const told = holders.bearEach(parent, [wish, { ...wish, before: { series } }, wish]);
    expect(told.births).toHaveLength(1);
    expect(told.lost).toBe(lost);
    if (holders.has(parent)) holders.kill(parent);
    expect(holders.living).toEqual([]);
    // Every place is free again.
    expect(Array.from({ length: SLOTS }, () => holders.start().slot)).toHaveLength(SLOTS);
  });
});
