import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { openIn, readFileIn } from "../../src/inside/file.ts";
import { startHolder } from "../enter/live/holder.ts";
import { cProgram } from "../support/c-program.ts";
import { needs } from "../support/needs.ts";
import { SILENT } from "../support/silent-file.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { childrenOf, held } from "./events.ts";

const LIMIT_MS = 200;

describe(
  "a file system that never answers",
  needs("native", "root", "fuse", "package:gcc", "package:libc6-dev"),
  () => {
    test("costs its time, not others', and no process is left once its daemon has ended", async () => {
      using folder = temporaryFolder();
      using program = cProgram({ text: SILENT });
      const [silent, other] = [join(folder.path, "silent"), join(folder.path, "other")];
      writeFileSync(silent, "");
      writeFileSync(other, "there\n");
      await using holder = await startHolder(["--mount"]);
      const mnt = `${holder.pid}/mnt`;
      expect(String(await readFileIn(mnt, other))).toBe("there\n");
      await sleep(1000);
      const before = held();
      const ours = new Set(childrenOf(process.pid));

      const words = ["-t", String(holder.pid), "-m", program.path, silent, "sleep", "1000"];
      const daemon = spawn("nsenter", words, { stdio: "ignore" });
      try {
        await mounted(holder.pid, silent);
        const start = performance.now();
        const all = [
          readFileIn(mnt, silent, { timeLimitMs: LIMIT_MS }),
          openIn(mnt, silent, undefined, { timeLimitMs: LIMIT_MS }),
          readFileIn(mnt, other),
        ];
        const settled = await Promise.allSettled(all);
        expect(performance.now() - start).toBeLessThan(10 * LIMIT_MS + 2000);
        const late = { status: "rejected", reason: { name: "SyscallError", code: "ETIMEDOUT", subject: silent } };
        expect(settled).toMatchObject([late, late, { status: "fulfilled", value: Buffer.from("there\n") }]);
      } finally {
        const ended = once(daemon, "exit");
        daemon.kill("SIGKILL");
        await ended;
      }
      for (let turn = 0; turn < 300 && childrenOf(process.pid).some((pid) => !ours.has(pid)); turn++) await sleep(10);
      expect(childrenOf(process.pid).filter((pid) => !ours.has(pid))).toEqual([]);
      expect(held()).toEqual(before);
    });
  },
);

async function mounted(pid: number, path: string): Promise<void> {
  for (let turn = 0; turn < 500; turn++) {
    if (readFileSync(`/proc/${pid}/mounts`, "utf8").includes(` ${path} fuse`)) return;
    await sleep(10);
  }
  throw new Error("it was not mounted");
}
