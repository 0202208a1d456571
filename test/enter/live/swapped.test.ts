import { spawn } from "node:child_process";
import { once } from "node:events";
import { readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cProgram } from "../../support/c-program.ts";
import { needs } from "../../support/needs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { ENTER, run } from "./both.ts";
import { startHolder } from "./holder.ts";

/**
 * In a mount namespace of its own, puts two namespace files over one path in turns, as fast as it can, and at SIGTERM says
 * how often it did.
 */
const SWAPPER = `
  #define _GNU_SOURCE
  #include <sched.h>
  #include <signal.h>
  #include <stdio.h>
  #include <sys/mount.h>
  #include <unistd.h>
  static volatile sig_atomic_t over;
  static void end(int signal) { over = signal; }
  int main(int count, char **words) {
    long swaps = 0;
    signal(SIGTERM, end);
    if (count != 4 || unshare(CLONE_NEWNS) || mount("none", "/", 0, MS_REC | MS_PRIVATE, 0)) return 1;
    puts("ready");
    fflush(stdout);
    while (!over) {
      if (mount(words[1], words[3], 0, MS_BIND, 0) || mount(words[2], words[3], 0, MS_BIND, 0)) return 2;
      if (umount2(words[3], MNT_DETACH) || umount2(words[3], MNT_DETACH)) return 3;
      swaps += 4;
    }
    printf("%ld\\n", swaps);
    return 0;
  }`;
const RUNS = 24;
const FEW_SWAPS = 1000;
const KINDS = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"];
const LINKS = ["readlink", ...KINDS.map((kind) => `/proc/self/ns/${kind}`)];

describe(
  "a bind mount that is swapped all the time",
  needs("root", "native", "package:gcc", "package:libc6-dev"),
  () => {
    test.each([
      ["=FILE", (file: string) => [`--net=${file}`]],
      ["--ns REF of a kind", (file: string) => ["--ns", `net:${file}`]],
    ])(
      "%s: the network namespace is entered or nothing is, and no other link ever changes",
      async (_, words) => {
        using folder = temporaryFolder();
        using program = cProgram({ text: SWAPPER });
        const file = join(folder.path, "file");
        writeFileSync(file, "");
        await using holder = await startHolder(["-n", "-u"]);
        const [net, uts] = ["net", "uts"].map((kind) => `/proc/${holder.pid}/ns/${kind}`);
        const swapper = spawn(program.path, [net ?? "", uts ?? "", file], { stdio: ["ignore", "pipe", "inherit"] });
        let said = "";
        swapper.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
        await once(swapper.stdout, "data");
        const tally = { entered: 0, refused: 0 };
        // All but net and the mount namespace, which the swapper's file is in, are the caller's own.
        const expected = KINDS.map((kind) => {
          if (kind === "net") return readlinkSync(net ?? "");
          return readlinkSync(kind === "mnt" ? `/proc/${swapper.pid}/ns/mnt` : `/proc/self/ns/${kind}`);
        }).join("\n");
        try {
          for (let nth = 0; nth < RUNS; nth++) {
            const inside = ["nsenter", "-t", String(swapper.pid), "-m", ...ENTER];
            const { code, out, err } = run(inside, ["--json", ...words(file), ...LINKS]);
            tally[code === 0 ? "entered" : "refused"] += 1;
            if (code === 0) expect({ out, err }).toEqual({ out: `${expected}\n`, err: "" });
            else {
              expect({ code, out }, err).toEqual({ code: 1, out: "" });
              // Another kind; the file below; or what was unmounted between the look and the opening.
              expect(JSON.parse(err), err).toMatchObject({
                error: { code: expect.stringMatching(/^E[A-Z]+$|^NAME$/) },
              });
            }
          }
        } finally {
          swapper.kill("SIGTERM");
          await once(swapper, "close");
        }
        expect(Number(said.trim().split("\n").at(-1))).toBeGreaterThan(FEW_SWAPS);
        // Else one of the two was never seen, and nothing was raced.
        expect(Math.min(tally.entered, tally.refused), JSON.stringify(tally)).toBeGreaterThan(0);
      },
      3_000 * RUNS,
    );
  },
);
