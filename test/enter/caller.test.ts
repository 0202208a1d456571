import { describe, expect, test } from "vitest";
import { callerSteps, closingSteps, readCaller } from "../../src/enter/caller.ts";
import { signalNumber } from "../../src/abi/signals.ts";

describe("the note of nsatlas's caller", () => {
  test("says limit, blocked and ignored signals, and what was closed", () => {
    expect(readCaller("42 1024 0000000000000200 8000000000000003 -02", 42)).toEqual({
      softLimit: 1024n,
      blocked: [10],
      ignored: [1, 2, 64],
      closed: [0, 2],
      environment: undefined,
    });
    expect(readCaller("42 unlimited 0000000000000000 0000000000000000 -", 42)?.softLimit).toBeUndefined();
  });
  test("leaves out a signal that the shell itself ignores", () => {
    const ignored = (text: string) => readCaller(`42 1024 0000000000000000 ${text} -`, 42)?.ignored;
    expect(ignored("0000000000000005-3")).toEqual([1]);
    expect(ignored("0000000000000005")).toEqual([1, 3]);
  });
  test("says the environment byte by byte, where all of it was read", () => {
    const environment = (text: string) =>
      readCaller(`42 1024 0000000000000000 0000000000000000 - ${text}`, 42)?.environment?.map((one) => Array.from(one));
    const bytes = Buffer.from("A=\xff\0B.C=\0", "latin1").toString("base64");
    expect(environment(`${bytes}\n.`)).toEqual([
      [65, 61, 255],
      [66, 46, 67, 61],
    ]);
    expect(environment(".")).toEqual([]);
    expect(environment(bytes)).toBeUndefined();
    expect(environment("")).toBeUndefined();
  });
  test.each([
    ["none", undefined],
    ["one of another process", "43 1024 0000000000000000 0000000000000000 -"],
    ["one without the limit, where /proc is not there", "42   0000000000000000 0000000000000000 -"],
    ["one that somebody made up", "42 1024 xyz 0 -"],
  ])("is not believed: %s", (_, note) => {
    expect(readCaller(note, 42)).toBeUndefined();
  });
  test("becomes the first and the last steps of a plan; without one, signals do their default", () => {
    const caller = readCaller("42 1024 0000000000000000 0000000000000001 -1", 42);
    expect(callerSteps(caller)).toMatchObject([
      { do: "signals", ignored: [1], blocked: [] },
      { do: "rlimit", soft: 1024n },
    ]);
    expect(closingSteps(caller)).toMatchObject([{ do: "close", fd: 1 }]);
    expect(callerSteps(caller, [1])).toMatchObject([{ do: "signals", ignored: [] }, {}]);
    expect(callerSteps(undefined)).toEqual([{ do: "signals", ignored: [], blocked: [] }]);
    expect(closingSteps(undefined)).toEqual([]);
  });
});

test.each([
  ["KILL", 9],
  ["SIGTERM", 15],
  ["term", 15],
  ["15", 15],
  ["RTMIN", 34],
  ["SIGRTMIN+3", 37],
  ["RTMAX-1", 63],
  ["POLL", 29],
  ["0", undefined],
  ["65", undefined],
  ["RTMAX-31", undefined],
  ["NONE", undefined],
  ["", undefined],
])("the signal %o is %o", (text, number) => {
  expect(signalNumber(text)).toBe(number);
});
