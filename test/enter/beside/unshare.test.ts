import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { needs } from "../../support/needs.ts";
import { NSATLAS, runBeside } from "./run-beside.ts";
import { ROWS, type Row } from "./unshare-rows.ts";

const ROOT = join(import.meta.dirname, "../../..");
const NEWER = join(ROOT, ".cache/newer-lsns/unshare");
const OURS = [NSATLAS, "run"];
/** A clone may lie below a folder that is closed to others. */
const canRun = (ordinary: boolean): boolean =>
  existsSync(NEWER) && runBeside([NEWER], ["--version"], { ordinary }).code === 0;

/** Both are called alike, one after the other, and have to end alike and print the same. */
function compare(theirs: string, { words, input, caller, fails }: Row, ordinary: boolean): void {
  const setting = { ordinary, input, caller };
  const [one, other] = [runBeside([theirs], words, setting), runBeside(OURS, words, setting)];
  expect(other).toEqual(one);
  // A test in which both do nothing would prove nothing.
  expect(one.said || one.out !== "" || one.code !== 0 || one.signal !== null).toBe(true);
  if (fails === true) expect(other.said).toBe(true);
}

describe.each([
  ["root", false, needs("native", "root", "package:util-linux")],
  ["an ordinary user", true, needs("native", "ordinary-user", "package:util-linux")],
] as const)("as %s, run does what unshare does", (who, ordinary, lacking) => {
  const rows = ROWS.filter(({ as }) => as === undefined || as === (ordinary ? "ordinary" : "root"));
  const asTheySay = { ...lacking, timeout: 60_000 };
  describe.runIf(who !== "root" || process.getuid?.() === 0)("the machine's own", () => {
    test.each(rows.filter(({ newer }) => newer !== true))("$what", asTheySay, (row) =>
      compare("/usr/bin/unshare", row, ordinary),
    );
  });
  describe.runIf(canRun(ordinary))("util-linux 2.42's", () => {
    test.each(rows.filter(({ shellLess }) => shellLess !== true))("$what", asTheySay, (row) =>
      compare(NEWER, row, ordinary),
    );
  });
});

test("the newer one is what it says", () => {
  if (existsSync(NEWER))
    expect(spawnSync(NEWER, ["--version"], { encoding: "utf8" }).stdout).toMatch(/2\.4\d|2\.[5-9]/);
});

describe("the table of docs/enter.md", () => {
  test("has every row that is compared", async () => {
    const page = readFileSync(PAGE, "utf8");
    const [before = "", rest = ""] = page.split(BEGIN);
    const versions = ({ newer, shellLess }: Row): string => (newer ? "2.42" : shellLess ? "2.38" : "2.38, 2.42");
    const rows = ROWS.map((row) => [row.what, versions(row), row.as ?? "both"]);
    const table = tableOf([["what", "with unshare", "as"], ...rows]);
    await expect(`${before}${BEGIN}\n\n${table}\n\n${rest.slice(rest.indexOf(END))}`).toMatchFileSnapshot(PAGE);
  });
});

/** As the formatter has it. */
function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, nth) => Math.max(...[head, ...rows].map((row) => (row[nth] ?? "").length)));
  const line = (cells: readonly string[], fill = " "): string =>
    `| ${cells.map((cell, nth) => cell.padEnd(widths[nth] ?? 0, fill)).join(" | ")} |`;
  const rule = line(
    head.map(() => ""),
    "-",
  );
  return [line(head), rule, ...rows.map((row) => line(row))].join("\n");
}

const PAGE = join(ROOT, "docs/enter.md");
const BEGIN = "<!-- compared with unshare -->";
const END = "<!-- end of compared with unshare -->";
