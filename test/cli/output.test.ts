import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, afterAll, describe, expect, test } from "vitest";
import { encodeSnapshot } from "../../src/snapshot/encode.ts";
import { idOf, namespace, process as processOf, snapshot } from "../support/small-snapshot.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PROGRAMS } from "../support/viewers.ts";

/** Some 5 MB of snapshot: more than any pipe holds. */
const PROCESSES = 30_000;

describe("large outputs", needs("linux"), () => {
  const folder = temporaryFolder();
  const file = join(folder.path, "large.json");
  beforeAll(() => {
    const commandLine = ["x".repeat(100)];
    const processes = Array.from({ length: PROCESSES }, (_, nth) =>
      processOf(nth + 1, { commandLine, namespaces: { uts: idOf(1) } }),
    );
    const seen = snapshot({ namespaces: [namespace("uts", 1)], processes });
    writeFileSync(file, encodeSnapshot(seen));
  });
  afterAll(() => folder[Symbol.dispose]());

  /** A shell's line, with `nsatlas` for the built program. */
  function shell(line: string) {
    const nsatlas = `nsatlas() { '${process.execPath}' '${PROGRAMS.nsatlas}' "$@"; }`;
    const words = ["-c", `${nsatlas}; set -o pipefail; ${line}`];
    const { stdout, stderr, status } = spawnSync("bash", words, { encoding: "utf8", maxBuffer: 1e8 });
    return { stdout, stderr, status };
  }

  test("reach the end of a pipe in full", () => {
    const size = readFileSync(file).length;
    expect(size).toBeGreaterThan(5_000_000);
    const { stdout, status } = shell(`nsatlas tree --json --from '${file}' | wc -c`);
    expect([Number(stdout), status]).toEqual([size, 0]);
  });
  test("reach a reader that is slow, through a pipe that does not block", () => {
    const program = `'${process.execPath}' '${PROGRAMS.nsatlas}' tree --json --from '${file}'`;
    const nonBlocking = "use Fcntl; fcntl(STDOUT, F_SETFL, O_WRONLY | O_NONBLOCK); exec @ARGV";
    const { stdout } = shell(`perl -e '${nonBlocking}' ${program} | (sleep 0.3; wc -c)`);
    expect(Number(stdout)).toBe(readFileSync(file).length);
  });
  test("end quietly where the reader has seen enough", () => {
    for (const line of ["tree --json", "list -o PID,COMMAND uts:1"]) {
      const { stdout, stderr, status } = shell(`nsatlas ${line} --from '${file}' | head -1`);
      expect([stdout.split("\n").length, stderr, status]).toEqual([2, "", 0]);
    }
  });
  test("say so where the disk is full", () => {
    const { stderr, status } = shell(`nsatlas version > /dev/full`);
    expect(status).toBe(4);
    expect(stderr).toMatch(/^nsatlas: write standard output: ENOSPC, no space left on device\.\n/);
  });
  test("are lost where whoever started nsatlas closed the output", () => {
    const { stderr, status } = shell(`nsatlas version >&-`);
    // Node puts /dev/null in the place of a closed descriptor.
    expect([stderr, status]).toEqual(["", 0]);
  });
  test("the errors of a program without stderr are its exit code", () => {
    expect(shell(`nsatlas bogus 2>&-`).status).toBe(2);
    expect(shell(`nsatlas bogus 2>/dev/full`).status).toBe(2);
  });
});
