import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { launcherPath } from "../../../src/kernel/live/launcher.ts";
import { needs } from "../../support/needs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { ENTER, run } from "./both.ts";
import { startHolder } from "./holder.ts";

const RUN = ENTER.map((word) => (word === "enter" ? "run" : word));

describe("the calls that run makes", needs("root", "native", "package:util-linux", "package:strace"), () => {
  /** The lines of strace from the launcher's exec up to the command's, by every process; and those before. */
  function traced(words: readonly string[]): {
    readonly before: readonly string[];
    readonly launcher: readonly string[];
  } {
    using folder = temporaryFolder();
    const log = join(folder.path, "log");
    const { code } = run(["strace", "-f", "-y", "-o", log, ...RUN], [...words, "/bin/true"]);
    expect(code).toBe(0);
    const lines = readFileSync(log, "utf8").split("\n");
    const start = lines.findIndex((line) => line.includes("execveat("));
    const end = lines.findIndex((line) => line.includes('execve("/bin/true"'));
    expect(start).toBeGreaterThan(0);
    expect(end).toBeGreaterThan(start);
    return { before: lines.slice(0, start), launcher: lines.slice(start + 1, end) };
  }
  const names = (lines: readonly string[], call: RegExp): readonly string[] =>
    lines.flatMap((line) => (call.test(line) ? [/"([^"]*)"/.exec(line)?.[1] ?? line] : []));

  test.each([
    ["all kinds", ["-m", "-u", "-i", "-n", "-p", "-U", "-C", "-T", "-r", "--fork", "--mount-proc", "--boottime", "7"]],
    ["ranges and files, by helpers", ["-u", "-m", "--map-users=0:100000:9", "--map-groups=0:100000:9"]],
  ])("%s: nothing is joined, Node makes no namespace, and only files that a step names are opened", (_, words) => {
    const { before, launcher } = traced(words);
    expect([...before, ...launcher].filter((line) => line.includes("setns("))).toEqual([]);
    expect(before.filter((line) => /\bunshare\(|CLONE_NEW/.test(line))).toEqual([]);
    expect(launcher.filter((line) => /\bunshare\(CLONE_NEW/.test(line))).toHaveLength(1);
    const own = /^(\/proc\/self(\/(uid_map|gid_map|setgroups|timens_offsets))?|uid_map|gid_map)$/;
    const opened = names(launcher, /\b(open|openat|openat2)\(/);
    expect(opened.length).toBeGreaterThan(0);
    expect(opened.filter((name) => !own.test(name))).toEqual([]);
    expect(launcher.filter((line) => /\b(readlink|stat|newfstatat|connect|socket|mmap)\(/.test(line)).slice(1)).toEqual(
      [],
    );
  });
});

describe("the launcher as a program", needs("native"), () => {
  test("is static: it has no loader, so no preload, library or configuration of anybody's runs in it", () => {
    const program = readFileSync(launcherPath() ?? "");
    const [at, bytes, count] = [
      Number(program.readBigUInt64LE(32)),
      program.readUInt16LE(54),
      program.readUInt16LE(56),
    ];
    const types = Array.from({ length: count }, (_, nth) => program.readUInt32LE(at + nth * bytes));
    const [PT_LOAD, PT_DYNAMIC, PT_INTERP] = [1, 2, 3];
    expect(types).toContain(PT_LOAD);
    expect(types).not.toContain(PT_DYNAMIC);
    expect(types).not.toContain(PT_INTERP);
  });
});

describe(
  "a container that preloads a library into whatever starts",
  needs("root", "native", "package:gcc", "package:libc6-dev", "package:util-linux"),
  () => {
    test("has it in the command, and in nothing of nsatlas", async () => {
      using folder = temporaryFolder();
      const [library, seen] = [join(folder.path, "spy.so"), join(folder.path, "seen")];
      const text = `#include <stdio.h>
      __attribute__((constructor)) static void spy(void) {
        char name[64] = ""; FILE *comm = fopen("/proc/self/comm", "r"); if (comm) fgets(name, sizeof name, comm);
        FILE *to = fopen("${seen}", "a"); if (to) fputs(name, to), fclose(to);
      }`;
      const built = spawnSync("gcc", ["-xc", "-", "-shared", "-fPIC", "-o", library], {
        input: text,
        encoding: "utf8",
      });
      expect(built.stderr).toBe("");
      await using holder = await startHolder(["-m", "-p", "--propagation", "private"]);
      const hostile = `mount -t tmpfs none /etc && echo ${library} > /etc/ld.so.preload`;
      expect(spawnSync("nsenter", ["-t", String(holder.pid), "-m", "--", "sh", "-c", hostile]).status).toBe(0);
      const { code, out } = run(ENTER, ["-t", String(holder.pid), "-m", "-p", "--", "/bin/echo", "entered"]);
      expect({ code, out }).toEqual({ code: 0, out: "entered\n" });
      expect(readFileSync(seen, "utf8")).toBe("echo\n");
    });
  },
);

describe(
  "root inside, and the one that waits for the command",
  needs("root", "native", "package:util-linux", "package:strace"),
  () => {
    test("its memory, descriptors, environment and folder are closed to it, and it cannot be traced", async () => {
      // With a user namespace alone, /proc still shows the one that waits, which is in that namespace as the command is.
      await using holder = await startHolder(["-U", "-r", "-p", "-f"]);
      const look = `p=$PPID
      [ "$(readlink /proc/self/ns/user)" = "$(readlink /proc/$p/ns/user 2>/dev/null)" ] && echo seen
      for f in mem maps environ; do cat /proc/$p/$f >/dev/null 2>&1 && echo "$f read"; done
      for f in cwd root exe ns/user fd/0 fd/1; do readlink /proc/$p/$f >/dev/null 2>&1 && echo "$f read"; done
      cat /proc/$p/fd/0 </dev/null >/dev/null 2>&1 && echo "fd opened"
      strace -p $p -o /dev/null true 2>&1 | grep -c "Operation not permitted"`;
      const words = ["-t", String(holder.pid), "-U", "--timeout", "20s", "--", "/bin/sh", "-c", look];
      expect(run(ENTER, words).out).toBe("1\n");
    });
  },
);
