import { describe, expect, test } from "vitest";
import { brief } from "../../src/cli/brief.ts";
import { columnList } from "../../src/cli/columns.ts";
import { nearest } from "../../src/cli/nearest.ts";
import { parsePasswd } from "../../src/cli/user-names.ts";
import { count, kinds, pidNumber } from "../../src/cli/values.ts";
import { wrap } from "../../src/cli/wrap.ts";

describe("the nearest word", () => {
  const words = ["tree", "list", "show", "snapshot", "schema", "help", "version"];
  test.each([
    ["lsit", "list"],
    ["tre", "tree"],
    ["snap", "snapshot"],
    ["snapshto", "snapshot"],
    ["SHOW", "show"],
    ["versoin", "version"],
    ["xyz", undefined],
    ["", undefined],
    ["x".repeat(5000), undefined],
  ])("to %.12s is %s", (word, expected) => expect(nearest(word, words)).toBe(expected));
});

describe("a text in lines", () => {
  test("is broken at blanks, at 80 columns of the terminal", () => {
    const lines = wrap("日本 ".repeat(40).trim(), { first: "nsatlas: ", indent: "  " });
    expect(lines[0]).toMatch(/^nsatlas: 日本/);
    expect(lines[1]).toMatch(/^ {2}日本/);
    expect(lines.every((line) => line.length <= 60)).toBe(true);
  });
  test("keeps a word that is too long", () => {
    expect(wrap(`a ${"x".repeat(100)} b`)).toEqual(["a", "x".repeat(100), "b"]);
  });
});

test("a long name is repeated in part, never cut inside a character", () => {
  expect(brief("short")).toBe("short");
  expect(Array.from(brief("😀".repeat(200))).at(-2)).toBe("😀");
});
test("the first line of a uid in /etc/passwd counts, and a damaged line does not", () => {
  const names = parsePasswd("root:x:0:0::/:/bin/sh\ntoor:x:0:0\nodd:x:x:0\n:x:5:5\nme:x:1000:1000::/:\n\n");
  expect([...names]).toEqual([
    [0, "root"],
    [1000, "me"],
  ]);
});
test("numbers, kinds and columns are read whole or not at all", () => {
  for (const text of ["", "-1", "1.5", "0x10", " 1", "1e3", "9".repeat(16)]) expect(count(text).ok).toBe(false);
  for (const text of ["0", "4194305", "x"]) expect(pidNumber(text).ok).toBe(false);
  expect(kinds("net,uts")).toEqual({ ok: true, value: ["net", "uts"] });
  for (const text of ["", "net,", "NET", "net uts"]) expect(kinds(text).ok).toBe(false);
  expect(columnList("+pns,Ons")).toEqual({ ok: true, value: { added: true, columns: ["PNS", "ONS"] } });
  for (const text of ["", "+", "NS,,TYPE", "NS TYPE"]) expect(columnList(text).ok).toBe(false);
});
