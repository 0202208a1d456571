import { readFileSync } from "node:fs";
import fc from "../support/property.ts";
import { expect, test } from "vitest";
import { parseStat } from "../../src/procfs/stat.ts";
import { needs } from "../support/needs.ts";

/** A line as the kernel writes it, of a process of this name. */
const line = (comm: string): string =>
  `4711 (${comm}) S 4700 4711 4700 34816 4711 4194560 1093 2011 0 0 12 34 5 6 20 0 1 0 987654321 8192000 512 ` +
  `18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 1 0 0 0 0 0 1 1 1 1 1 1 1 0\n`;

const expected = { state: "S", ppid: 4700, flags: 4194560, threads: 1, startTime: 987654321 };

test.each(["bash", "", ") R 1 (", "a) S 1 2 3 4 5", "((", "))", "two\nlines", " ", "kworker/u8:1-events_unbound"])(
  "reads a process named %j",
  (comm) => {
    expect(parseStat(line(comm))).toEqual({ ok: true, value: { comm, ...expected } });
  },
);

test("no name of a process hides what comes after it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (comm) => {
      expect(parseStat(line(comm))).toEqual({ ok: true, value: { comm, ...expected } });
    }),
  );
});

test("reads a process without a controlling terminal, whose tpgid is -1", () => {
  const text = "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 22 0 0\n";
  expect(parseStat(text)).toEqual({
    ok: true,
    value: { comm: "kthreadd", state: "S", ppid: 0, flags: 2129984, threads: 1, startTime: 22 },
  });
});

test.each([
  ["nothing at all", ""],
  ["no name", "4711 S 4700\n"],
  ["a name that does not end", "4711 (bash S 4700\n"],
  ["parentheses the wrong way round", "4711 )bash( S 4700\n"],
  ["a text that was cut off", line("bash").slice(0, 60)],
  ["a letter where a number belongs", line("bash").replace("4194560", "flags")],
  ["two letters of state", line("bash").replace(" S ", " SS ")],
])("refuses %s", (_, text) => {
  expect(parseStat(text)).toMatchObject({ ok: false, file: "stat", line: 1, text });
});

test("reads its own file", needs("linux"), () => {
  const stat = parseStat(readFileSync("/proc/self/stat", "utf8"));
  expect(stat).toMatchObject({ ok: true, value: { ppid: process.ppid } });
});
