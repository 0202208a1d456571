import { constants } from "node:fs";
import { describe, expect, test } from "vitest";
import { CONSTANTS } from "../../../src/abi/constants.ts";
import { askHere, askText } from "../../../src/kernel/live/asking.ts";
import type { Holder, Holders } from "../../../src/kernel/live/holders.ts";
import { blank, GIVEN, Series, type Told } from "../../../src/kernel/live/series.ts";
import { ok, refused } from "../../../src/rules/outcome.ts";
import { needs } from "../../support/needs.ts";
import { openPipes, openTestHolders, numbers } from "./holder-support.ts";

function toldOf(holders: Holders, holder: Holder, series: Series): Told {
  const [told] = holders.series(holder, [{ series }]).told;
  if (told === undefined) throw new Error("it came to nothing");
  return told;
}

describe("a series of calls", needs("native"), () => {
  test("gives each its result, and a later one that of an earlier", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    const series = new Series();
    const pid = series.call("getpid");
    const file = series.call("openat", CONSTANTS.AT_FDCWD, "/proc/self/comm", constants.O_RDONLY);
    const text = series.call("read", file, blank(64), 64);
    const again = series.call("openat", CONSTANTS.AT_FDCWD, "/proc/self/comm", constants.O_RDONLY);
    const closed = [series.call("close", file), series.call("close", again)];
    const told = toldOf(holders, holder, series);
    expect(told.of(pid)).toEqual(ok(holder.pid));
    expect(told.text(text, 64)).toEqual(ok("holder\n"));
    expect([told.of(file), told.of(again), ...closed.map((step) => told.of(step))]).toEqual([0, 1, 0, 0].map(ok));
  });

  test("is made again with something else given", () => {
    using holders = openTestHolders();
    const series = new Series();
    const folder = series.call("openat", GIVEN, ".", constants.O_RDONLY);
    series.call("close", folder);
    const { told } = holders.series(holders.start(), [
      { series, given: CONSTANTS.AT_FDCWD },
      { series, given: -1 },
      { series },
    ]);
    expect(told.map((one) => one.of(folder))).toEqual([ok(0), refused("EBADF"), refused("EBADF")]);
  });

  test("makes no call that needs one that failed, or its result, and gives the same errno", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    const series = new Series();
    const file = series.call("openat", CONSTANTS.AT_FDCWD, "/nowhere", constants.O_RDONLY);
    const read = series.call("read", file, blank(8), 8);
    const free = series.call("getpid");
    series.after(file);
    const bound = series.call("exit_group", 1);
    const more = series.call("exit_group", 2);
    const told = toldOf(holders, holder, series);
    expect([file, read, bound, more].map((step) => told.of(step))).toEqual(Array(4).fill(refused("ENOENT")));
    expect(told.of(free)).toEqual(ok(holder.pid));
    expect(holders.has(holder)).toBe(true);
  });

  test("does not take a text for whole that fills its room", () => {
    using holders = openTestHolders();
    const by = { holders, holder: holders.start() };
    const read = (bytes: number) => askHere(by, { ask: (series) => askText(series, "/proc/self/comm", bytes) });
    expect(read(8)).toEqual(ok("holder\n"));
    expect(read(7)).toEqual(refused("EMSGSIZE"));
  });

  test("that does not come back is told, and those behind it are not made", () => {
    using holders = openTestHolders({ limitMs: 2000 });
    const holder = holders.start();
    const [first, stuck, last] = [new Series(), new Series(), new Series()];
    first.call("getpid");
    // Until a signal comes, which is never.
    stuck.call("ppoll", 0, 0, 0, 0, 0);
    last.call("exit_group", 0);
    const { told, lost } = holders.series(
      holder,
      [first, stuck, last].map((series) => ({ series })),
    );
    expect([told.length, lost]).toEqual([1, "timedOut"]);
    expect(holders.kill(holder)).toBe("done");
  });

  test("ends with a holder that ends", () => {
    const before = openPipes();
    {
      using holders = openTestHolders();
      const holder = holders.start();
      const series = new Series();
      series.call("exit_group", 3);
      expect(holders.series(holder, [{ series }, { series }])).toEqual({ told: [], lost: "died" });
      expect([holders.has(holder), holders.living]).toEqual([false, []]);
    }
    expect(openPipes()).toEqual(before);
  });

  test("is as long as a request can be, and no longer", () => {
    const most = 16_384 / 64;
    const series = new Series();
    for (let nth = 0; nth < most; nth++) series.call("getpid");
    using holders = openTestHolders();
    expect(holders.series(holders.start(), [{ series }, { series }, { series }]).told).toHaveLength(3);
    const more = new Series();
    for (let nth = 0; nth <= most; nth++) more.call("getpid");
    expect(() => more.layOut(numbers)).toThrow(RangeError);
    const texts = new Series();
    texts.call("openat", 0, "x".repeat(16_384));
    expect(() => texts.layOut(numbers)).toThrow(RangeError);
    const rooms = new Series();
    rooms.call("read", 0, blank(16_384), 16_384);
    expect(() => rooms.layOut(numbers)).toThrow(RangeError);
  });
});
