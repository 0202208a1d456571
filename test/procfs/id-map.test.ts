import { readFileSync } from "node:fs";
import fc from "../support/property.ts";
import { expect, test } from "vitest";
import { formatIdMap, parseIdMap, type IdExtent } from "../../src/procfs/id-map.ts";
import { needs } from "../support/needs.ts";

/** Copied from a rootless container. */
const REAL = "         0       1000          1\n         1     100000      65536\n";

test("reads the extents of a real map and writes it back byte for byte", () => {
  const map = parseIdMap(REAL);
  expect(map).toEqual({
    ok: true,
    value: [
      { inside: 0, outside: 1000, count: 1 },
      { inside: 1, outside: 100000, count: 65536 },
    ],
  });
  expect(map.ok && formatIdMap(map.value)).toBe(REAL);
});

test("reads the initial map, whose numbers fill their columns", () => {
  expect(parseIdMap("         0          0 4294967295\n")).toEqual({
    ok: true,
    value: [{ inside: 0, outside: 0, count: 4294967295 }],
  });
});

test("a map that was not written yet has no extents", () => expect(parseIdMap("")).toEqual({ ok: true, value: [] }));

test("reads this process's own maps and writes them back", needs(), () => {
  for (const file of ["uid_map", "gid_map", "projid_map"] as const) {
    const text = readFileSync(`/proc/self/${file}`, "utf8");
    const map = parseIdMap(text, file);
    expect(map.ok && formatIdMap(map.value)).toBe(text);
  }
});

test.each([
  ["         0       1000          1", "cut off before the newline"],
  ["         0       1000\n", "two numbers"],
  ["         0       1000          1          1\n", "four numbers"],
  ["         0       1000          0\n", "no ids"],
  ["         0       1000 4294967296\n", "beyond 32 bits"],
  ["         0         -1          1\n", "a sign"],
  ["         0       0x10          1\n", "hexadecimal"],
  ["         0       0010          1\n", "leading zeros"],
  ["\n", "an empty line"],
])("refuses %j: %s", (text) => {
  expect(parseIdMap(`         5          5          1\n${text}`, "gid_map")).toEqual({
    ok: false,
    file: "gid_map",
    line: 2,
    text: text.replace("\n", ""),
    expected: text.endsWith("\n") ? "INSIDE OUTSIDE COUNT" : "INSIDE OUTSIDE COUNT\\n",
  });
});

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const anyExtent: fc.Arbitrary<IdExtent> = fc.record({
  inside: u32,
  outside: u32,
  count: fc.integer({ min: 1, max: 0xffffffff }),
});

test("parse(format(map)) is map", () => {
  fc.assert(
    fc.property(fc.array(anyExtent, { maxLength: 340 }), (map) => {
      expect(parseIdMap(formatIdMap(map))).toEqual({ ok: true, value: map });
    }),
  );
});
