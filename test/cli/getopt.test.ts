import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "../support/property.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getopt, type OptionForm, type Operands } from "../../src/cli/getopt.ts";
import { needs } from "../support/needs.ts";

/** Options like those of lsns and nsenter: with and without letters, beginnings in common, all three kinds of value. */
const FORMS: readonly OptionForm[] = [
  { long: "json", short: "J", takes: "nothing" },
  { long: "noheadings", short: "n", takes: "nothing" },
  { long: "nowrap", short: "W", takes: "nothing" },
  { long: "output", short: "o", takes: "value" },
  { long: "output-all", takes: "nothing" },
  { long: "type", short: "t", takes: "value" },
  { long: "tree", short: "T", takes: "optional" },
  { long: "root", short: "r", takes: "optional" },
  { long: "target", takes: "value" },
  { long: "a", short: "a", takes: "nothing" },
];

describe("one line at a time", () => {
  const given = (words: string[], mode: Operands = "permute") => {
    const { found, operands } = getopt(FORMS, words, mode);
    const shown = found.map((one) => {
      if ("fault" in one) return `${one.fault} ${one.option}`;
      return one.value === undefined ? one.long : `${one.long}=${one.value}`;
    });
    return [...shown, "--", ...operands].join(" ");
  };
  test.each([
    ["a bundle of letters", "-nW", "noheadings nowrap --"],
    ["a value attached to a letter", "-nt42", "noheadings type=42 --"],
    ["a value after a letter, whatever it looks like", "-t -n", "type=-n --"],
    ["a value that is --", "-o --", "output=-- --"],
    ["an optional value only attached", "-Towner -T owner", "tree=owner tree -- owner"],
    ["a value after =", "--type=net", "type=net --"],
    ["an empty value after =", "--type=", "type= --"],
    ["a value in the next word", "--type net", "type=net --"],
    ["a whole name before a longer one", "--output x", "output=x --"],
    ["an unambiguous beginning", "--now --ty=net", "nowrap type=net --"],
    ["an ambiguous beginning for a fault", "--outp", "ambiguous --outp --"],
    ["options after operands", "x -n y", "noheadings -- x y"],
    ["nothing after --", "-n -- -W", "noheadings -- -W"],
    ["a dash as an operand", "- -n", "noheadings -- -"],
    ["an unknown letter, and goes on", "-nxW", "noheadings unknown -x nowrap --"],
    ["a value where none is taken", "--json=1 -n", "takes-no-value --json noheadings --"],
    ["a value that is missing", "-n -t", "noheadings needs-value -t --"],
  ])("takes %s", (_, line, answer) => {
    expect(given(line.split(" "))).toBe(answer);
  });
  test("stops at the first operand where asked to", () => {
    expect(given(["-n", "sh", "-c", "-W"], "stop")).toBe("noheadings -- sh -c -W");
  });
});

describe("beside the C library", needs("package:gcc"), () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "nsatlas-test-getopt-"));
    const source = join(import.meta.dirname, "getopt.c");
    const { status, stderr } = spawnSync("gcc", ["-O1", "-o", join(folder, "getopt"), source], { encoding: "utf8" });
    if (status !== 0) throw new Error(`gcc: ${stderr}`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const TAKES = { nothing: 0, value: 1, optional: 2 };
  const LINES = 2000;

  test.each(["permute", "stop"] as const)("random words come apart as by getopt_long, operands: %s", (mode) => {
    const lines = fc.sample(fc.array(anyWord(), { maxLength: 7 }), LINES);
    const input = lines.map((words) => words.map((word) => `${word}\x1f`).join("") + "\x1e").join("");
    const forms = FORMS.map(({ long, short = "", takes }) => `${long},${short},${TAKES[takes]}`);
    const { stdout, status } = spawnSync(join(folder, "getopt"), [mode, ...forms], {
      input,
      encoding: "utf8",
      env: {},
    });
    expect(status).toBe(0);
    const answers = stdout.split("\x1e").slice(0, -1);
    expect(answers).toHaveLength(LINES);
    for (const [index, words] of lines.entries()) {
      expect({ words, answer: answers[index] }).toEqual({ words, answer: inOrder(words, mode) });
    }
  });

  /** Our answer in the form of the C program, which tells faults and options in the order of the words. */
  function inOrder(words: readonly string[], mode: Operands): string {
    const { found, operands } = getopt(FORMS, words, mode);
    const shown = found.map((one) => {
      if ("fault" in one) return one.fault === "needs-value" ? "fault needs-value" : "fault";
      return one.value === undefined ? one.long : `${one.long}=${one.value}`;
    });
    return [...shown, ...operands.map((operand) => `operand ${operand}`)].map((line) => `${line}\x1f`).join("");
  }
});

/** Words likely to mean something: names, beginnings of names, bundles, values attached, dashes. */
function anyWord(): fc.Arbitrary<string> {
  const letters = fc.constantFrom(...Array.from("JnWotTrax-=:+1"));
  const name = fc.constantFrom(...FORMS.map(({ long }) => long), "bogus", "");
  const beginning = fc.tuple(name, fc.nat(8)).map(([word, length]) => word.slice(0, length));
  const value = fc.constantFrom("", "x", "-n", "--", "a=b", "net,uts");
  return fc.oneof(
    fc.string({ unit: letters, maxLength: 5 }).map((bundle) => `-${bundle}`),
    fc.oneof(name, beginning).map((word) => `--${word}`),
    fc.tuple(fc.oneof(name, beginning), value).map(([word, text]) => `--${word}=${text}`),
    fc.constantFrom("--", "-", "", "operand", "x y", "net"),
  );
}
