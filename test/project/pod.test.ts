import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { fencesOf } from "../support/fences.ts";
import { needs } from "../support/needs.ts";
import { asOrdinaryUser } from "../support/ordinary-user.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ROOT } from "../support/sources.ts";
import { PROGRAMS } from "../support/viewers.ts";

/** What the README has a reader type, and the lines that it says come back. */
function session(): { readonly typed: readonly string[]; readonly shown: readonly string[] } {
  const lines = fencesOf("README.md")
    .filter(({ info }) => info === "console")
    .flatMap(({ text }) => text.trimEnd().split("\n"));
  return {
    typed: lines.filter((line) => /^[$>] /.test(line)).map((line) => line.slice(2)),
    shown: lines.filter((line) => !/^[$>] /.test(line)),
  };
}

/** The containers have come up once each has become the program that waits. */
const UP = `leaves() {
  for a in $(cat /proc/$!/task/*/children); do
    for b in $(cat /proc/$a/task/*/children); do
      for c in $(cat /proc/$b/task/*/children); do cat /proc/$c/comm; done
    done
  done
}
for try in $(seq 300); do [ "$(leaves 2>/dev/null | grep -c sleep)" = 3 ] && break; sleep 0.1; done`;

describe("the README's pod", needs("native", "ordinary-user", "user-namespaces", "package:util-linux"), () => {
  test("is taken, ended, restored and the same, and what is altered is named", { timeout: 120_000 }, () => {
    using folder = temporaryFolder();
    const at = (name: string): string => join(folder.path, name);
    mkdirSync(at("bin"));
    symlinkSync(PROGRAMS.nsatlas, at("bin/nsatlas"));
    mkdirSync(at("examples"));
    writeFileSync(at("examples/pod.sh"), readFileSync(join(ROOT, "examples/pod.sh")));
    const { uid, gid } = asOrdinaryUser();
    if (uid !== undefined && gid !== undefined) chownSync(folder.path, uid, gid);
    const { typed, shown } = session();
    expect(typed[0]).toBe("sh examples/pod.sh &");
    const [start = "", ...rest] = typed;
    const env = {
      PATH: `${at("bin")}:${dirname(process.execPath)}:/usr/bin:/bin:/usr/sbin:/sbin`,
      XDG_RUNTIME_DIR: folder.path,
      LC_ALL: "C.UTF-8",
    };
    // Whatever happens in between, nothing is left.
    const script = [
      start,
      UP,
      `trap 'kill -KILL $! 2>/dev/null; nsatlas restore --undo pod >/dev/null 2>&1' EXIT`,
      ...rest,
    ];
    const { stdout, stderr } = spawnSync("bash", ["-c", script.join("\n")], {
      cwd: folder.path,
      encoding: "utf8",
      env,
      timeout: 100_000,
      ...asOrdinaryUser(),
    });
    const told = stdout.split("\n").map((line) => line.replace(/ \(here: [a-z]+:\[\d+\]\)$/, ""));
    expect(shown.length).toBe(7);
    expect(told, stderr).toEqual(expect.arrayContaining([...shown]));
    expect(told.filter((line) => /^\d+\. /.test(line))).toHaveLength(2);
  });
});
