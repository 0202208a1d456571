import { execFileSync } from "node:child_process";
import { chownSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { decodeTopology } from "../../src/topology/image/decode.ts";
import { encodeTopology } from "../../src/topology/image/encode.ts";
import { childOf, LiveScene } from "../support/live-scene.ts";
import { needs } from "../support/needs.ts";
import { asOrdinaryUser } from "../support/ordinary-user.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { describeAsEachViewer, ordinaryUser } from "../support/viewers.ts";

/** Everybody in the user namespace of a process, by name: parent, leader of the session, leader of the group, as ps(1) has them. */
function table(pid: number): ReadonlyMap<string, readonly string[]> {
  const inode = /\d+/.exec(readlinkSync(`/proc/${pid}/ns/user`))?.[0];
  const rows = execFileSync("ps", ["-eo", "userns=,pid=,ppid=,sid=,pgid=,comm="], { encoding: "utf8" })
    .split("\n")
    .map((row) => row.trim().split(/ +/))
    .filter(([userns, , , , , name]) => userns === inode && name !== "perl");
  const names = new Map(rows.map(([, its = "", , , , name = ""]) => [its, name]));
  return new Map(
    rows.map(([, , ...cells]) => {
      const name = cells.pop() ?? "";
      return [name, cells.map((cell) => names.get(cell) ?? "-")];
    }),
  );
}

/** A process takes its name once all that it does is done; all of them end with the pipe that they read. */
const SCENE = `use POSIX ();
sub child { my ($name, $does) = @_; my $pid = fork; return $pid if $pid; $does->() if $does; stay($name) }
sub stay { $0 = shift; my $byte; 1 while sysread(STDIN, $byte, 1); POSIX::_exit(0) }
sub own { setpgrp(0, 0) }
sub join_in { my $group = shift; select(undef, undef, undef, 0.01) until setpgrp(0, $group) }
child("leader", sub {
  POSIX::setsid();
  child("member");
  my $grouped = child("grouped", \\&own);
  child("second", sub { join_in($grouped) });
  child("tardy", sub { child("early"); POSIX::setsid() });
  my $between = fork;
  if (!$between) { child("orphan"); POSIX::_exit(0) }
  waitpid($between, 0);
});
my $job = child("job", sub { own(); child("pipe") });
child("other", sub { join_in($job) });
$| = 1; print "ready\\n"; stay("top");`;

/** The leader of the shell's session, above the topmost, is not in the image: that one leads what is left of it. */
const TOP_BEFORE = ["-", "-", "-"];
const JOB_BEFORE = ["top", "-", "job"];
const RESTORED = {
  top: ["-", "top", "top"],
  leader: ["top", "leader", "leader"],
  member: ["leader", "leader", "leader"],
  grouped: ["leader", "leader", "grouped"],
  second: ["leader", "leader", "grouped"],
  tardy: ["leader", "tardy", "tardy"],
  early: ["tardy", "leader", "leader"],
  orphan: ["-", "leader", "leader"],
  job: ["top", "top", "job"],
  pipe: ["job", "top", "job"],
  other: ["top", "top", "job"],
};
const BEFORE = {
  ...RESTORED,
  top: TOP_BEFORE,
  job: JOB_BEFORE,
  pipe: ["job", "-", "job"],
  other: JOB_BEFORE,
};
const LIMIT_MS = 60_000;
const NEEDS = ["native", "user-namespaces", "kernel:pidfd-namespaces", "package:util-linux"] as const;

describeAsEachViewer("sessions and groups in a pid namespace that is not captured, as ps sees them", (viewer) => {
  test(
    "are those of the same leaders again; and one that is another is named",
    { ...needs("root", ...NEEDS), timeout: 2 * LIMIT_MS },
    async () => {
      using folder = temporaryFolder();
      const { uid, gid } = asOrdinaryUser();
      if (viewer === ordinaryUser && uid !== undefined && gid !== undefined) chownSync(folder.path, uid, gid);
      const env = { XDG_RUNTIME_DIR: folder.path };
      const file = join(folder.path, "image.json");
      const name = `test-${process.pid}-leaders`;
      {
        using scene = new LiveScene(viewer);
        const shell = await scene.play(`unshare -Ur perl -e '${SCENE}'; :`);
        const top = childOf(shell);
        await expect.poll(() => Object.fromEntries(table(top)), { timeout: LIMIT_MS }).toEqual(BEFORE);
        const inode = readlinkSync(`/proc/${top}/ns/user`);
        const taken = await viewer.nsatlas(["checkpoint", inode, "-o", file], { env });
        expect(taken).toMatchObject({ code: 0, stderr: "" });
        expect(Object.fromEntries(table(top))).toEqual(BEFORE);
      }
      const image = await decodeTopology(readFileSync(file, "utf8"));
      const labels = new Map(image.processes.map(({ comm, label }) => [comm, label]));
      const told = image.findings.filter(({ code }) => /^(?:session|group)-/.test(code));
      expect(told).toMatchObject([{ class: "identity", code: "session-elsewhere", element: labels.get("top") }]);
      const drawn = await viewer.nsatlas(["topology", file]);
      expect(drawn.stdout).toMatch(
        new RegExp(`second, .*session of ${labels.get("leader")}, process group of\\s+${labels.get("grouped")}`),
      );

      const restored = await viewer.nsatlas(["restore", file, "--name", name, "--json"], { env });
      try {
        expect(restored).toMatchObject({ code: 0, stderr: "" });
        const { verified, processes }: { verified: boolean; processes: { pid: number }[] } = JSON.parse(
          restored.stdout,
        );
        expect(verified).toBe(true);
        expect(Object.fromEntries(table(processes[0]?.pid ?? 0))).toEqual(RESTORED);

        const [leader = "", second = ""] = ["leader", "second"].map((comm) => labels.get(comm));
        const altered = image.processes.map((one) => (one.label === second ? { ...one, group: leader } : one));
        writeFileSync(file, encodeTopology({ ...image, processes: altered }));
        const verify = await viewer.nsatlas(["verify", file, "--against", name, "--json"], { env });
        expect(verify.code).toBe(1);
        const { differences }: { differences: object[] } = JSON.parse(verify.stdout);
        expect(differences).toMatchObject([
          { what: "differs", sort: "process", path: ["user-1", second], fact: "group", expected: leader },
        ]);
      } finally {
        await viewer.nsatlas(["restore", "--undo", name], { env });
      }
    },
  );
});
