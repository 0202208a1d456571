import fc from "../../support/property.ts";
import { describe, expect, test } from "vitest";
import { seedOf } from "../../support/seed.ts";
import { needs } from "../../support/needs.ts";
import { ENTER, run } from "./both.ts";
import { startHolder } from "./holder.ts";

/** What a dry run says, as far as it is compared. */
interface Said {
  readonly answer: "yes" | "no" | "unknown";
  readonly steps: readonly { readonly answer: string; readonly errno: string | null }[];
}
interface Failed {
  readonly error: { readonly code: string };
}

const KINDS = ["-m", "-u", "-i", "-n", "-p", "-C", "-T"] as const;
const some = fc.uniqueArray(fc.constantFrom(...KINDS), { maxLength: 4 });
/** Root without one of the capabilities that entering asks for: whoever is exec'ed as uid 0 has the bounding set. */
const LACKS = ["nothing", "sys_admin", "sys_chroot", "setgid", "setuid", "sys_ptrace"] as const;

/** Mostly what hinders nobody: what is refused at the first step tells nothing of the others. */
const mostly = <T>(usual: T, others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

const setUp = fc.record({
  /** Of the holder. */
  made: some,
  user: fc.constantFrom([], ["-U", "-r"], ["-U", "-c"], ["-U"]),
  byOrdinary: fc.boolean(),
  /** Of who enters. */
  ordinary: mostly(false, [true]),
  lacks: mostly<(typeof LACKS)[number]>("nothing", LACKS),
  /** Programs between the one who enters and nsatlas: a user namespace of its own. */
  within: mostly<readonly string[]>(
    [],
    [
      ["unshare", "-r"],
      ["unshare", "-U"],
    ],
  ),
  entered: some,
  joinsUser: fc.boolean(),
  all: fc.boolean(),
  ids: mostly<readonly string[]>(
    [],
    [
      ["--preserve-credentials"],
      ["-S", "0"],
      ["-S", "7"],
      ["-G", "7"],
      ["--groups", "0"],
      ["--groups", "7,8"],
      ["-S", "follow", "-G", "follow"],
    ],
  ),
  root: fc.constantFrom([], ["-r"]),
  byFile: fc.boolean(),
  more: fc.subarray(
    [
      ["--keep-caps"],
      ["--no-new-privs"],
      ["--mount-proc"],
      ["-w"],
      ["-F"],
      ["-e"],
      ["--timeout", "20s"],
      ["--wdns", "/"],
      ["--user-parent"],
    ],
    { maxLength: 2 },
  ),
});
type SetUp = typeof setUp extends fc.Arbitrary<infer T> ? T : never;

const SEED = seedOf("NSATLAS_ENTER_SEED");
const RUNS = Number(process.env["NSATLAS_RUNS"] ?? 24);
const TIME_MS = 10_000 * RUNS;
const LONG_NAMES = {
  "-m": "mount",
  "-u": "uts",
  "-i": "ipc",
  "-n": "net",
  "-p": "pid",
  "-C": "cgroup",
  "-T": "time",
} as const;
const FILES = {
  "-m": "mnt",
  "-u": "uts",
  "-i": "ipc",
  "-n": "net",
  "-p": "pid",
  "-C": "cgroup",
  "-T": "time",
} as const;

function wordsOf({ entered, joinsUser, all, ids, root, byFile, more }: SetUp, pid: number): readonly string[] {
  const kinds = entered.map((kind) => (byFile ? `--${LONG_NAMES[kind]}=/proc/${pid}/ns/${FILES[kind]}` : kind));
  const user = joinsUser ? [byFile ? `--user=/proc/${pid}/ns/user` : "-U"] : [];
  return ["-t", String(pid), ...kinds, ...user, ...(all ? ["-a"] : []), ...ids, ...root, ...more.flat()];
}

/** The command line as the viewer has it: root may lack something, an ordinary user has nothing to lose. */
const viewed = ({ lacks, ordinary, within }: SetUp): readonly string[] =>
  ordinary || lacks === "nothing"
    ? [...within, ...ENTER]
    : ["/usr/bin/setpriv", `--bounding-set=-${lacks}`, `--inh-caps=-${lacks}`, ...within, ...ENTER];

describe(
  "what --dry-run says comes true",
  needs("root", "ordinary-user", "native", "user-namespaces", "package:util-linux"),
  () => {
    test(
      "over random set-ups: yes is done, no is refused with that errno",
      async () => {
        const answers = { yes: 0, no: 0, unknown: 0, refusedToOpen: 0 };
        await fc.assert(
          fc.asyncProperty(setUp, async (one) => {
            // An ordinary user makes nothing without a user namespace.
            const user = one.byOrdinary && one.user.length === 0 ? ["-U", "-r"] : one.user;
            await using holder = await startHolder([...user, ...one.made], { ordinary: one.byOrdinary });
            const [how, words] = [{ ordinary: one.ordinary }, wordsOf(one, holder.pid)];
            const dry = run(viewed(one), ["--dry-run", "--json", ...words], how);
            const real = run(viewed(one), ["--json", ...words, "/bin/true"], how);
            const context = JSON.stringify({ words, dry, real });
            if (dry.out === "") {
              // Something could not be opened: there is no more to foresee.
              answers.refusedToOpen += 1;
              expect({ code: real.code, err: real.err }, context).toEqual({ code: 1, err: dry.err });
              return;
            }
            const said = JSON.parse(dry.out) as Said;
            answers[said.answer] += 1;
            expect(dry.code, context).toBe({ yes: 0, no: 1, unknown: 3 }[said.answer]);
            if (said.answer === "unknown") return;
            if (said.answer === "yes") {
              expect(real, context).toMatchObject({ code: 0, err: "" });
              return;
            }
            expect(real.code, context).toBe(1);
            // Unless a step before was unknown, the first that is refused is the one that was foreseen.
            const [first] = said.steps.filter(({ answer }) => answer !== "yes");
            const { error } = JSON.parse(real.err) as Failed;
            if (first?.answer === "no") expect(error.code, context).toBe(first.errno);
          }),
          { numRuns: RUNS, seed: SEED, endOnFailure: true },
        );
        // Else it would compare nothing.
        expect(answers.yes, JSON.stringify(answers)).toBeGreaterThan(0);
        expect(answers.no, JSON.stringify(answers)).toBeGreaterThan(0);
      },
      TIME_MS,
    );
  },
);
