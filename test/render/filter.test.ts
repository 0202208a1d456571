import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { FilterError, type FilterFault } from "../../src/render/filter/fault.ts";
import { parseFilter } from "../../src/render/filter/parse.ts";
import { passes } from "../../src/render/filter/passes.ts";
import { posixPattern } from "../../src/render/filter/posix-pattern.ts";
import { needs } from "../support/needs.ts";

const ROW: Record<string, string | undefined> = { NS: "4026531833", TYPE: "net", NPROCS: "0", PID: undefined };
function passesRow(text: string): boolean {
  const filter = parseFilter(text);
  const columnOf = (name: string) => ({ type: name === "TYPE" ? "text" : "whole", text: ROW[name] }) as const;
  return filter === undefined || passes(filter, columnOf);
}
function faultOf(text: string): FilterFault | undefined {
  try {
    passesRow(text);
    return undefined;
  } catch (error) {
    if (error instanceof FilterError) return error.fault;
    throw error;
  }
}

describe("a filter", () => {
  test.each([
    ["", true],
    ["TYPE == 'net'", true],
    ["TYPE == 'net' or TYPE == 'net' and NPROCS > 0", false],
    ["TYPE == 'net' or (TYPE == 'net' and NPROCS > 0)", true],
    ["! TYPE == 'net'", true],
    ["! (TYPE == 'net')", false],
    ["NPROCS == 0 && NS ge 4026531833", true],
    ["NPROCS", false],
    ["PID == 0", false],
    ["PID == '0'", true],
    ["TYPE !~ '^n' || NS =~ '^40+2'", true],
    ["NPROCS < 1KiB and NPROCS lt 0.5", true],
    ["TYPE > 'mnt'", true],
  ])("%s: %s", (text, expected) => expect(passesRow(text)).toBe(expected));

  test.each([
    ["TYPE = 'net'", "unknown-character", 6],
    ["TYPE == 'net", "text-not-closed", 9],
    ["TYPE == ", "needs-value", 9],
    ["and TYPE", "needs-value", 1],
    ["TYPE 'net'", "needs-operator", 6],
    ["(TYPE == 'net'", "group-not-closed", 1],
    ["TYPE == 'net')", "group-not-opened", 14],
    ["(TYPE 'net')", "needs-operator", 7],
    ["NS > 99999999999999999999", "number-too-large", 6],
    ["NS > 16E", "number-too-large", 6],
    ["TYPE =~ 5", "pattern-not-text", 9],
    ["TYPE =~ TYPE", "pattern-not-text", 9],
    [`TYPE =~ '${"x".repeat(257)}'`, "pattern-too-long", 9],
    [`TYPE == '${"x".repeat(1024)}'`, "too-long", 1025],
    [`${"!".repeat(300)}NS`, "too-many-parts", 45],
    ["TYPE == 5", "not-a-number", 1],
    ["TYPE =~ '[z-a]'", "bad-pattern", 9],
  ])("%s: %s at %i", (text, fault, at) => expect(faultOf(text)).toMatchObject({ fault, at }));
});

describe("a pattern of POSIX", () => {
  const patterns: readonly [pattern: string, ...texts: string[]][] = [
    ["a|b", "xay", "c"],
    ["^(net|u[[:alpha:]]s)$", "uts", "u1s", "net", "nets"],
    ["[]x]", "]", "x", "y"],
    ["[^]x]", "]", "x", "y"],
    [String.raw`[\d]`, "\\", "d", "5"],
    ["[a-]", "-", "a", "b"],
    ["[[.a.]-c]", "b", "d"],
    ["[[=a=]]", "a", "b"],
    ["a{2}b{,1}$", "aa", "aab", "aabb", "a"],
    ["a**", "", "aa"],
    ["(ab)+?c", "ababc", "c"],
    [String.raw`\<end\>`, "the end", "bend", "ends"],
    [String.raw`a\.b`, "a.b", "axb"],
    [String.raw`(a|b)\1`, "aa", "ab", "bb"],
    [String.raw`\d`, "d", "5"],
    ["a)", "a)", "a"],
    ["a||b", "", "c"],
    ["()", "", "x"],
    ["a.c", "a\nc", "ac"],
    ["x$|^y", "ax", "yb", "xa", "by"],
    ["[[:space:][:digit:]]", " ", "5", "x"],
    ["/-}", "/-}", "x"],
    ["é+", "éé", "e"],
    // Refused by both.
    ["*a"],
    ["a|*b"],
    ["(*a)"],
    ["^*"],
    ["a{2,1}"],
    ["a{x}"],
    ["a{"],
    ["("],
    ["["],
    ["[z-a]"],
    ["[[:nothing:]]"],
    ["a\\"],
    [String.raw`(a)\2`],
  ];

  test("means what regcomp(3) makes of it", needs("linux"), () => {
    for (const [pattern, ...texts] of patterns) {
      const ours = posixPattern(pattern);
      for (const text of texts.length === 0 ? ["x"] : texts) {
        const env = { ...process.env, LC_ALL: "C.UTF-8", PATTERN: pattern, TEXT: text };
        const { status } = spawnSync("bash", ["-c", "[[ $TEXT =~ $PATTERN ]]"], { env });
        const answer = ours instanceof RegExp ? Number(!ours.test(text)) : 2;
        expect([pattern, text, answer]).toEqual([pattern, text, status]);
      }
    }
  });
});
