import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { needs } from "../../support/needs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { NSATLAS } from "./run-beside.ts";

const PATH = `${dirname(process.execPath)}:/usr/sbin:/usr/bin:/sbin:/bin`;

/**
 * In a mount namespace of the test's own: nothing stays mounted, whatever happens. FILE and OTHER are empty files. On one CPU:
 * a mount namespace can only be bound in one that has a lower id, and Linux 6.18 gives each CPU ids of its own.
 */
function inOwnMounts(program: string, script: string): readonly string[] {
  using folder = temporaryFolder();
  const [file, other] = [join(folder.path, "file"), join(folder.path, "other")];
  for (const path of [file, other]) writeFileSync(path, "");
  const { stdout, stderr, status } = spawnSync("taskset", ["-c", "0", "unshare", "-m", "/bin/sh", "-c", script], {
    encoding: "utf8",
    env: { PATH, RUN: program, FILE: file, OTHER: other },
    timeout: 20_000,
  });
  return [...stdout.trim().split("\n"), ...(stderr === "" ? [] : [stderr]), `exit ${status}`];
}

/** What the command sees of its own, what FILE is, where nsenter goes by it (no pid namespace without its first process), and what is left. */
const script = (kind: string, words: string, enters: string): string => `
  seen=$($RUN ${words} readlink /proc/self/ns/${kind}) || exit 9
  [ "$seen" = "${kind}:[$(stat -L -c %i $FILE)]" ] && echo bound || echo "$seen, but $(stat -L -c %i $FILE)"
  [ "$seen" != "$(readlink /proc/self/ns/${kind})" ] && echo new
  ${enters === "" ? "" : `[ "$(nsenter ${enters}=$FILE readlink /proc/self/ns/${kind})" = "$seen" ] && echo entered`}
  umount $FILE && grep -c $FILE /proc/self/mountinfo`;

const ROWS = [
  ["uts", "--uts=$FILE", "--uts"],
  ["ipc", "--ipc=$FILE", "--ipc"],
  ["net", "--net=$FILE", "--net"],
  ["cgroup", "--cgroup=$FILE", "--cgroup"],
  ["mnt", "--mount=$FILE", "--mount"],
  ["user", "--user=$FILE -r", "--user"],
  ["pid", "--pid=$FILE --fork", ""],
  ["time", "--time=$FILE --fork", "--time"],
  ["time", "--time=$FILE", "--time"],
  ["uts", "-r --uts=$FILE", ""],
  ["uts", "-r -m --fork --uts=$FILE", ""],
  ["net", "-r --mount --kill-child --net=$FILE", ""],
  ["pid", "-r --fork --pid=$FILE --mount-proc", ""],
] as const;

describe(
  "a namespace that is bound to a file outlives its processes",
  needs("native", "root", "package:util-linux"),
  () => {
    test.each(ROWS)("%s: %s", (kind, words, enters) => {
      const expected = ["bound", "new", ...(enters === "" ? [] : ["entered"]), "0", "exit 1"];
      // With --mount-proc the command's /proc is of its own pid namespace, which has the same links.
      expect(inOwnMounts(`${NSATLAS} run`, script(kind, words, enters))).toEqual(expected);
      // unshare binds from inside where there is no mount namespace, and a new user namespace has no power over those outside.
      const theyCan = !words.includes("-r") || /-m|--mount/.test(words);
      expect(inOwnMounts("unshare", script(kind, words, enters)).at(-1)).toBe(theyCan ? "exit 1" : "exit 9");
    });

    test("two files at once, bound by a process that is outside, and both can be entered together", () => {
      const both = `$RUN --user=$FILE --net=$OTHER -r true || exit 9
      nsenter --user=$FILE --net=$OTHER sh -c 'id -u; cat /proc/net/dev | grep -c :'; umount $FILE $OTHER; grep -c -e $FILE -e $OTHER /proc/self/mountinfo`;
      const done = inOwnMounts(`${NSATLAS} run`, both);
      expect(done).toEqual(["0", "1", "0", "exit 1"]);
    });

    test("a pid namespace without a process cannot be bound: a child is what it takes, and that is said", () => {
      const done = inOwnMounts(
        `${NSATLAS} run`,
        "$RUN --pid=$FILE echo ran; echo $?; grep -c $FILE /proc/self/mountinfo",
      );
      expect(done.slice(0, 2)).toEqual(["1", "0"]);
      expect(done.join("\n")).toMatch(/mount --bind on[^]*ENOENT[^]*--fork/);
    });

    test("where binding fails after the fork, the command does not go on", () => {
      const done = inOwnMounts(`${NSATLAS} run`, "$RUN --fork --uts=/nowhere/it sh -c 'sleep 0.5; echo ran'; echo $?");
      expect(done[0]).toBe("1");
      expect(done.join("\n")).not.toMatch(/^ran$/m);
    });
  },
);
