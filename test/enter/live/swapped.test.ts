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
import { SWAPPER } from "./swapper.ts";

const RUNS = 24;
const MOST_RUNS = 240;
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
        await once(swapper.stdout, "data");
        const tally = { entered: 0, refused: 0 };
        // All but net and the mount namespace, which the swapper's file is in, are the caller's own.
        const expected = KINDS.map((kind) => {
          if (kind === "net") return readlinkSync(net ?? "");
          return readlinkSync(kind === "mnt" ? `/proc/${swapper.pid}/ns/mnt` : `/proc/self/ns/${kind}`);
        }).join("\n");
        try {
          for (let nth = 0; nth < RUNS || (nth < MOST_RUNS && Math.min(tally.entered, tally.refused) === 0); nth++) {
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
        // Else one of the two was never seen, and nothing was raced.
        expect(Math.min(tally.entered, tally.refused), JSON.stringify(tally)).toBeGreaterThan(0);
      },
      3_000 * RUNS,
    );
  },
);
