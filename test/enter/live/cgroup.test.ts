import { describe, expect, test } from "vitest";
import { needs } from "../../support/needs.ts";
import { ENTER, isKnownNsenter, NEWER_NSENTER, run, type Ran } from "./both.ts";
import { startHolder, type Holder } from "./holder.ts";

/** In a mount namespace of its own, so that version 2 is at /sys/fs/cgroup whatever the machine has there. */
const SCRIPT = `
  mount -t cgroup2 none /sys/fs/cgroup || exit 9
  group=/sys/fs/cgroup/nsatlas-test-$$
  mkdir $group || exit 9
  echo $TARGET > $group/cgroup.procs
  echo "kept: $group" | "$@"
  code=$?
  echo $TARGET > /sys/fs/cgroup/cgroup.procs
  rmdir $group
  exit $code`;
const PROBE = ["sh", "-c", 'grep ^0: /proc/self/cgroup | cut -d: -f3; cat; "$@"', "sh"];

function inItsGroup({ pid }: Holder, program: readonly string[], more: readonly string[] = ["true"]): Ran {
  const line = [...program, "-t", String(pid), "-u", "-c", ...PROBE, ...more];
  const env = { PATH: process.env["PATH"] ?? "", TARGET: String(pid) };
  return run(["unshare", "-m", "sh", "-c", SCRIPT, "sh"], line, { env });
}

describe("--join-cgroup", needs("root", "native", "mounts-cgroup-v2", "package:util-linux"), () => {
  test("the command is in the target's control group, and has its caller's standard input", async () => {
    await using holder = await startHolder(["-u"]);
    const { code, out, err } = inItsGroup(holder, ENTER, ["sh", "-c", "exit 5"]);
    expect({ code, err }).toEqual({ code: 5, err: "" });
    const [group = "", kept] = out.split("\n");
    expect(group).toMatch(/^\/nsatlas-test-\d+$/);
    expect(kept).toBe(`kept: /sys/fs/cgroup${group}`);
  });

  test("nsenter joins what the first line of /proc/PID/cgroup says", needs("newer-lsns"), async () => {
    if (!isKnownNsenter()) return;
    await using holder = await startHolder(["-u"]);
    const theirs = inItsGroup(holder, [NEWER_NSENTER]).out.split("\n")[0];
    const lines = run(["cat"], [`/proc/${holder.pid}/cgroup`])
      .out.trimEnd()
      .split("\n");
    // Where there is but one line, both are right.
    if (lines.length > 1) expect(theirs).not.toMatch(/nsatlas-test/);
    else expect(theirs).toMatch(/nsatlas-test/);
  });

  test("a control group of version 1 is refused, and said so", async () => {
    await using holder = await startHolder(["-u"]);
    const line = [...ENTER, "-t", String(holder.pid), "-u", "-c", "echo", "ran"];
    const hidden = "mount -t tmpfs none /sys/fs/cgroup";
    const { code, out, err } = run(["unshare", "-m", "sh", "-c", `${hidden}; exec "$@"`, "sh"], line);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("version 2");
  });
});
