import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MAN_PAGES } from "../../src/cli/man.ts";
import { needs } from "../support/needs.ts";
import { ROOT } from "../support/sources.ts";

const FOLDER = join(ROOT, "man/man1");

describe("the manual pages", () => {
  test("are one of nsatlas and one a command", () => {
    expect(readdirSync(FOLDER).toSorted()).toEqual(MAN_PAGES.map((name) => `${name}.1`).toSorted());
  });

  // A date would be that of the build, and two builds of one commit are equal.
  test("have nothing that mandoc warns of, but that they bear no date", needs("package:mandoc"), () => {
    const files = MAN_PAGES.map((name) => join(FOLDER, `${name}.1`));
    const { stdout } = spawnSync("mandoc", ["-T", "lint", "-W", "warning", ...files], { encoding: "utf8" });
    expect(stdout.split("\n").filter((line) => line !== "" && !line.includes("missing date"))).toEqual([]);
  });

  test("say what the help says, at 80 columns", needs("package:mandoc"), () => {
    const { stdout } = spawnSync("mandoc", ["-T", "ascii", "-O", "width=78", join(FOLDER, "nsatlas-list.1")], {
      encoding: "utf8",
    });
    // A bold letter is itself, a backspace and itself again.
    const struck = stdout.split("\b");
    const plain = struck.map((part, nth) => (nth < struck.length - 1 ? part.slice(0, -1) : part)).join("");
    expect(plain).toContain("-t, --type TYPE");
    expect(plain).toContain("nsatlas list -Q 'TYPE =~ \"^(net|uts)$\" and NPROCS > 0'");
    expect(plain.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("are plain text for troff: no line that a text of ours turned into a request", () => {
    for (const name of MAN_PAGES) {
      const requests = readFileSync(join(FOLDER, `${name}.1`), "utf8").matchAll(/^[.'](\S*)/gm);
      for (const [, request] of requests) expect(["TH", "SH", "PP", "TP", "B", "BR"]).toContain(request);
    }
  });
});
