import fc from "../../support/property.ts";
import { describe, expect, test } from "vitest";
import { seedOf } from "../../support/seed.ts";
import { needs } from "../../support/needs.ts";
import { NSATLAS, runBeside } from "./run-beside.ts";

/** Options that an ordinary user and root may meet with yes and no; each set is told before and then tried. */
const OPTIONS = [
  ["-U"],
  ["-r"],
  ["-c"],
  ["-u"],
  ["-n"],
  ["-i"],
  ["-m"],
  ["-p"],
  ["-C"],
  ["-f"],
  ["-T"],
  ["--map-user=7"],
  ["--map-group=8"],
  ["--setgroups", "deny"],
  ["--setgroups", "allow"],
  ["--map-users=0:100000:10"],
  ["--map-groups=0:100000:10"],
  ["--map-users=3:100003:2"],
  ["--map-groups=all"],
  ["-S", "0"],
  ["-S", "5"],
  ["-G", "0"],
  ["-G", "5"],
  ["--keep-caps"],
  ["--no-new-privs"],
  ["--propagation", "slave"],
  ["--owner=12345:12345"],
  ["--owner=0:12345"],
  ["--owner=0:0"],
  ["--monotonic", "5"],
  ["--boottime", "-5"],
  ["-R", "/"],
  ["-w", "/tmp"],
  ["--mount-proc"],
  ["--kill-child"],
  ["--timeout", "20s"],
] as const;

/** In what state the caller starts nsatlas: as it is, without a capability, or in a user namespace. */
const CALLERS: Readonly<Record<string, readonly string[]>> = {
  itself: [],
  ...Object.fromEntries(
    ["sys_admin", "setuid", "setgid", "setfcap", "sys_chroot"].map((name) => [
      `without ${name}`,
      ["setpriv", `--bounding-set=-${name}`, `--inh-caps=-${name}`],
    ]),
  ),
  "root of its own": ["unshare", "-r"],
  "nobody of its own": ["unshare", "-U"],
  "itself, of its own": ["unshare", "-r", "unshare", "--map-user=7", "--map-group=8"],
};

interface Step {
  readonly call: string;
  readonly subject: string;
  readonly answer: "yes" | "no" | "unknown";
  readonly errno: string | null;
}
interface DryRun {
  readonly answer: Step["answer"];
  readonly steps: readonly Step[];
}
interface Failed {
  readonly error: { readonly code: string; readonly syscall: string; readonly subject: string };
}

/** Tells what a set of options comes to, then does it, and compares: the answer told. */
function told(before: readonly string[], words: readonly string[], ordinary: boolean): Step["answer"] | undefined {
  const program = [...before, NSATLAS, "run", "--json"];
  const dry = runBeside(program, ["--dry-run", ...words, "true"], { ordinary });
  const done = runBeside(program, [...words, "true"], { ordinary, caller: '"$@" 2>&1; exit $?' });
  const context = JSON.stringify({ before, words, dry: dry.out, done });
  if (dry.out === "") {
    // Options that do not go together, or the state that the caller would be in, are refused alike.
    expect({ dry: dry.code, done: done.code }, context).toEqual({ dry: 1, done: 1 });
    return undefined;
  }
  const { answer, steps } = JSON.parse(dry.out) as DryRun;
  if (answer === "yes") expect(done, context).toMatchObject({ code: 0, out: "" });
  if (answer === "no") {
    expect(done.code, context).toBe(1);
    // What stopped it is the step that was said to be refused, with that errno, or one of which nobody could tell.
    const last = steps.findIndex((step) => step.answer === "no");
    const refused = steps.slice(0, last + 1).filter((step) => step.answer !== "yes");
    // newuidmap and newgidmap speak first, in their own words.
    const { error } = JSON.parse(done.out.trimEnd().split("\n").at(-1) ?? "") as Failed;
    const expected = refused.map(({ call, subject, errno }) => ({ syscall: call, subject, code: errno ?? error.code }));
    const { code, syscall, subject } = error;
    expect(expected, context).toContainEqual({ code, syscall, subject });
  }
  return answer;
}

const SEED = seedOf("NSATLAS_ENTER_SEED");
const RUNS = Number(process.env["NSATLAS_RUNS"] ?? 40);

/** What random sets once found, each with the answer that is right. */
const FOUND: readonly (readonly [answer: Step["answer"], caller: string, ...words: string[]])[] = [
  // Who changed its ids is not dumpable: its files in /proc are root's, and unshare cannot write them either.
  ["no", "itself", "--setgroups", "deny", "--owner=12345:12345"],
  ["no", "itself", "-T", "--boottime", "5", "--owner=12345:12345"],
  ["yes", "itself", "-T", "--boottime", "5", "--owner=0:12345"],
  ["no", "itself", "-T", "--boottime", "-99999999999"],
  ["yes", "itself", "--setgroups", "allow"],
  ["no", "itself", "--setgroups", "deny"],
  ["no", "root of its own", "-U", "--setgroups", "allow"],
  ["no", "root of its own", "--owner=0:0"],
  ["no", "without setfcap", "-r"],
  ["yes", "without setuid", "--map-users=0:0:1"],
  ["no", "itself", "-r", "--mount-proc"],
  ["no", "itself", "--owner=12345:12345", "--map-users=0:100000:10", "--map-users=3:100003:2"],
];

test.each(FOUND)(
  "%s, of %s: run %s %s %s %s",
  { ...needs("native", "root", "user-namespaces", "package:util-linux"), timeout: 20_000 },
  (answer, caller, ...words) => {
    const [before = []] = [CALLERS[caller]];
    expect(told(before, words, false)).toBe(answer);
  },
);

describe.each([
  ["root", false, needs("native", "root", "user-namespaces", "package:util-linux")],
  ["an ordinary user", true, needs("native", "ordinary-user", "user-namespaces", "package:util-linux")],
] as const)("what --dry-run says to %s comes true", (_, ordinary, lacking) => {
  test("for any set of options", { ...lacking, timeout: 3000 * RUNS }, () => {
    const tally = { yes: 0, no: 0, unknown: 0 };
    const callers = Object.values(CALLERS).filter((words) => !ordinary || words[0] !== "setpriv");
    fc.assert(
      fc.property(
        fc.constantFrom(...callers),
        fc.shuffledSubarray([...OPTIONS], { maxLength: 6 }),
        (before, chosen) => {
          const answer = told(before, chosen.flat(), ordinary);
          if (answer !== undefined) tally[answer]++;
        },
      ),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
    expect(tally.yes).toBeGreaterThan(0);
    expect(tally.no).toBeGreaterThan(0);
  });
});
