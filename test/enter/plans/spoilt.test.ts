import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ERRNO_TEXTS } from "../../../src/messages/errnos.ts";
import { encodePlan } from "../../../src/enter/encode-plan.ts";
import { ERRNO_NAME, ERRNO_TEXT, type Step } from "../../../src/enter/step.ts";
import { needs } from "../../support/needs.ts";
import { seedOf } from "../../support/seed.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const ROOT = join(import.meta.dirname, "../../..");
/** More by the variable NSATLAS_PLANS. */
/** Again by the variable. */
const SEED = seedOf("NSATLAS_PLANS_SEED");
const ROUNDS = Number(process.env["NSATLAS_PLANS"] ?? 100_000);
const says = { rows: { EPERM: "denied\n", ENOENT: "none\n" }, otherwise: `it: ${ERRNO_NAME}, ${ERRNO_TEXT}.\n` };
const folder = { register: 0 };
const exec: Step = { do: "exec", argv: ["command", "a word"], says };

/** Every step there is, as `enter`, `run` and the library use them. */
const PLANS: readonly (readonly Step[])[] = [
  [
    { do: "signals", ignored: [1, 13], blocked: [10] },
    { do: "rlimit", resource: 7, soft: 1024n, mayFailBy: "always" },
    { do: "setgroups", gids: [], sets: 1, mayFailBy: "always" },
    { do: "setns", fd: 5, nstype: 0x10000000, says },
    { do: "setgroups", gids: [1, 2, 3], mayFailBy: 1, says },
    { do: "setgid", gid: 1, says },
    { do: "setuid", uid: 1, says },
    { do: "close", fd: 0, mayFailBy: "always" },
    exec,
  ],
  [
    { do: "open", register: 0, path: "/proc/self", says },
    {
      do: "helper",
      register: 1,
      steps: [
        { do: "fchdir", fd: folder },
        { do: "write", folder, path: "uid_map", data: "0 1 2\n", mayBeMissing: true, says },
        { do: "map", program: "newuidmap", ranges: [0, 1, 2], says },
        { do: "mount", source: "ns/uts", target: "/run/it", flags: 4096, says },
      ],
      says,
    },
    { do: "unshare", flags: 0x14000000, says },
    { do: "release", register: 1, says },
    { do: "hostname", name: "inside", says },
    { do: "domainname", name: "inside", skippedBy: 1, says },
    exec,
  ],
  [
    {
      do: "fork",
      killSignal: 9,
      forwarded: [2, 15],
      held: [1],
      timeoutMs: 50,
      graceMs: 5,
      stopsAlong: true,
      parent: [{ do: "write", folder: 6, data: "0", says }],
      says,
    },
    { do: "prctl", option: 38, args: [1, 0, 0, 0] },
    { do: "ambient", says },
    { do: "mount", source: "proc", target: "/proc", type: "proc", flags: 14, data: "hidepid=1", says },
    { do: "chroot", path: "/usr", says },
    { do: "chdir", path: "/", says },
    { do: "setuid", uid: 5, says },
    { do: "exec", argv: ["sh"], env: ["PATH=/bin", "A=b"], file: "/bin/sh", says },
  ],
];

describe("plans that somebody has spoilt", needs("native", "package:gcc", "package:libc6-dev"), () => {
  test(
    "only ever end the launcher: no byte outside of them is touched, and none keeps it busy for ever",
    { timeout: 120_000 },
    () => {
      using made = temporaryFolder();
      const program = join(made.path, "launcher");
      const sources = readdirSync(join(ROOT, "native")).filter((file) => /^launch.*\.c$/.test(file));
      const built = spawnSync(
        "gcc",
        [
          ...["-std=gnu17", "-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
          ...["-include", join(import.meta.dirname, "sys-made-up.h"), join(import.meta.dirname, "made-up-kernel.c")],
          ...sources.map((file) => join(ROOT, "native", file)),
          ...["-o", program],
        ],
        { encoding: "utf8" },
      );
      expect(built.stderr).toBe("");
      const files = PLANS.map((steps, nth) => {
        const file = join(made.path, `plan-${nth}`);
        const report = nth === 1 ? { report: 7 } : {};
        writeFileSync(file, encodePlan({ steps, keep: [4], errnoText: (name) => ERRNO_TEXTS[name].en, ...report }));
        return file;
      });
      const done = spawnSync(program, [String(SEED), String(ROUNDS), ...files], {
        encoding: "utf8",
        env: { ASAN_OPTIONS: "detect_leaks=0" },
      });
      expect({ seed: SEED, status: done.status, err: done.stderr }).toEqual({ seed: SEED, status: 0, err: "" });
      const endings = new Map(
        done.stdout
          .trim()
          .split("\n")
          .map((line) => [...line.split(" ").map(Number)] as [number, number]),
      );
      // Both ways of ending are there: refused plans, and plans that are still good and come to their command.
      expect(endings.get(0) ?? 0).toBeGreaterThan(ROUNDS / 100);
      expect(endings.get(1) ?? 0).toBeGreaterThan(ROUNDS / 100);
      expect(Array.from(endings.values()).reduce((sum, one) => sum + one, 0)).toBe(ROUNDS);
    },
  );
});
