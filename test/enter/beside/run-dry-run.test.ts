import fc from "../../support/property.ts";
import { describe, expect, test } from "vitest";
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
  ["--map-users=0:100000:10"],
  ["--map-groups=0:100000:10"],
  ["-S", "0"],
  ["-S", "5"],
  ["-G", "0"],
  ["-G", "5"],
  ["--keep-caps"],
  ["--no-new-privs"],
  ["--propagation", "slave"],
  ["--owner=12345:12345"],
] as const;

describe.each([
  ["root", false, needs("native", "root")],
  ["an ordinary user", true, needs("native", "ordinary-user", "user-namespaces")],
] as const)("what --dry-run says to %s comes true", (_, ordinary, lacking) => {
  test("for any set of options", { ...lacking, timeout: 120_000 }, () => {
    const tally = { yes: 0, no: 0, unknown: 0 };
    fc.assert(
      fc.property(fc.subarray([...OPTIONS], { maxLength: 6 }), (chosen) => {
        const words = [...chosen.flat(), "true"];
        const told = runBeside([NSATLAS, "run"], ["--dry-run", "--json", ...words], { ordinary });
        const done = runBeside([NSATLAS, "run"], words, { ordinary });
        // Options that do not go together are refused alike.
        if (told.out === "") return expect(done.code).toBe(1);
        const { answer } = JSON.parse(told.out) as { answer: keyof typeof tally };
        tally[answer]++;
        if (answer !== "unknown") expect({ words, went: done.code === 0 }).toEqual({ words, went: answer === "yes" });
      }),
      { numRuns: 40 },
    );
    expect(tally.yes).toBeGreaterThan(0);
    expect(tally.no).toBeGreaterThan(0);
  });
});
