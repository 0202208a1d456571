import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeTopology } from "../../src/topology/image/encode.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PROGRAMS } from "../support/viewers.ts";
import { leftOf } from "./left.ts";
import { smallPod } from "./small-pod.ts";

/** NSATLAS_KILLS=all: at each write; else so many, evenly. Both include the last ones, where processes are let go. */
const EVERY = process.env["NSATLAS_KILLS"] === "all";
const SOME = 4;
const LAST = 3;

interface Run {
  readonly folder: string;
  readonly file: string;
}
const nsatlas = (words: readonly string[]) =>
  spawnSync(process.execPath, [PROGRAMS.nsatlas, "restore", ...words], { encoding: "utf8" });

/** nsatlas under strace; whatever it tells its processes goes by write(2), and the files of the registry too. */
function traced({ folder, file }: Run, options: readonly string[]): { signal: string | null; writes: number } {
  const log = join(folder, "log");
  const words = ["-qq", "-o", log, "-e", "trace=write", ...options];
  const { signal } = spawnSync("strace", [
    ...words,
    process.execPath,
    PROGRAMS.nsatlas,
    "restore",
    file,
    "--no-verify",
  ]);
  return {
    signal,
    writes: readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("write(")).length,
  };
}

describe(
  "nsatlas, killed while it restores",
  needs("root", "native", "kernel:pidfd-namespaces", "package:strace"),
  () => {
    test("leaves what --undo takes away, at whichever write it was", { timeout: 300_000 }, async () => {
      using made = temporaryFolder();
      using logs = temporaryFolder();
      const comm = `kills-${process.pid % 100_000}`;
      const file = join(logs.path, `${comm}.json`);
      const image = encodeTopology(smallPod(comm, made.path));
      writeFileSync(file, image);
      const run = { folder: logs.path, file };
      const { writes } = traced(run, []);
      expect(nsatlas(["--undo", comm]).status).toBe(0);
      const step = EVERY ? 1 : Math.max(1, Math.floor(writes / SOME));
      const spread = Array.from({ length: Math.ceil(writes / step) }, (_, nth) => 1 + nth * step);
      const points = new Set([...spread, ...Array.from({ length: LAST }, (_, back) => writes - back)]);
      let killed = 0;
      for (const nth of points) {
        const { signal } = traced(run, ["-e", `inject=write:signal=SIGKILL:when=${nth}`]);
        if (signal === "SIGKILL") killed += 1;
        // 2: it had not begun, and nothing is registered.
        expect([0, 2]).toContain(nsatlas(["--undo", comm]).status);
        expect({ nth, left: await leftOf(comm, made.path) }).toEqual({ nth, left: [] });
      }
      expect(nsatlas(["--list"]).stdout).not.toContain(comm);
      expect(readFileSync(file, "utf8")).toBe(image);
      expect(killed).toBeGreaterThan(SOME / 2);
    });
  },
);
