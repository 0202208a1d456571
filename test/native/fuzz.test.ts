import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ERRNOS } from "../../src/abi/errnos.ts";
import { NATIVE_FUNCTIONS } from "../../src/kernel/live/native.ts";
import { needs } from "../support/needs.ts";
import { seedOf } from "../support/seed.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const CALLS = 400;
const ADDON = join(import.meta.dirname, "../../prebuilds", `linux-${process.arch}`, "nsatlas.node");

function runProgram(file: string, ...words: readonly string[]): ReturnType<typeof spawnSync> {
  // Names that mean nothing are looked up in an empty folder.
  using folder = temporaryFolder();
  const program = join(import.meta.dirname, file);
  return spawnSync(process.execPath, [program, ADDON, ...words], {
    cwd: folder.path,
    encoding: "utf8",
    timeout: 60_000,
  });
}

describe("the addon never ends Node", needs("native"), () => {
  const seed = seedOf("NSATLAS_SEED");

  test(`whatever it is called with (seed ${seed})`, { timeout: 60_000 }, () => {
    const { status, signal, stdout, stderr } = runProgram("fuzz.mjs", String(seed), String(CALLS));
    expect({ status, signal, stderr, seed }).toEqual({ status: 0, signal: null, stderr: "", seed });
    const tally: unknown = JSON.parse(String(stdout));
    // Arguments that are all refused, or none, would try little.
    for (const name of NATIVE_FUNCTIONS) {
      // What it would do is to end Node.
      if (name === "exitGroup") continue;
      expect(tally).toHaveProperty(
        `${name}.answered`,
        expect.toSatisfy((count: number) => count > CALLS / 20),
      );
      expect(tally).toHaveProperty(
        `${name}.refused`,
        expect.toSatisfy((count: number) => count > CALLS / 20),
      );
    }
  });

  test("when workers load it, scan, and are ended in the middle", () => {
    const { status, signal, stdout, stderr } = runProgram("workers.mjs");
    expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: "" });
    expect(stdout).toBe("no descriptor more than before\n");
  });

  // It takes some 50 KiB to begin with; the rows, the texts and the columns each come when they are needed.
  test.each([0, 40_000, 80_000, 120_000, 160_000, 200_000, 240_000])(
    "when a scan has %i bytes of memory left",
    needs("native", "package:util-linux"),
    (left) => {
      const { status, signal, stdout } = runProgram("scarcity.mjs", "memory", String(left));
      expect({ status, signal, stdout }).toEqual({ status: 0, signal: null, stdout: `seen\n-${ERRNOS.ENOMEM}\n` });
    },
  );

  test.each([0, 1, 2])("when a scan has %i descriptors left", needs("native", "package:util-linux"), (left) => {
    const { status, signal, stdout } = runProgram("scarcity.mjs", "descriptors", String(left));
    expect({ status, signal, stdout }).toEqual({ status: 0, signal: null, stdout: `seen\n-${ERRNOS.EMFILE}\n` });
  });
});
