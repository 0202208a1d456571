import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, closeSync, readlinkSync, writeFileSync, chmodSync, mkdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CONSTANTS } from "../../src/abi/constants.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { ERRNO_NAME, ERRNO_TEXT, type Marks, type Step } from "../../src/enter/step.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { openLauncher } from "../../src/kernel/live/launcher.ts";
import { asOrdinaryUser } from "../support/ordinary-user.ts";
import { theAddon } from "../support/the-addon.ts";
import { launch, must } from "./launch.ts";

const exec = (...argv: string[]): Step => ({ do: "exec", argv });
const sh = (script: string): Step => exec("/bin/sh", "-c", script);
const says = { rows: { EINVAL: "no such kind\n" }, otherwise: `failed: ${ERRNO_NAME}, ${ERRNO_TEXT}.\n` };
const flagOf = (kind: keyof typeof NAMESPACE_KINDS): number => NAMESPACE_KINDS[kind].flag;
const SIGHUP = 1;
const SIGINT = 2;
const SIGUSR1 = 10;
const SIGTERM = 15;

describe("the launcher", needs("native"), () => {
  test("becomes the command: arguments, environment, folder and exit code are its own", () => {
    using folder = temporaryFolder();
    const script = 'printf "%s|" "$0" "$@" "$A"; pwd; exit 7';
    const { code, out } = launch([exec("/bin/sh", "-c", script, "a b", "", "*")], {
      env: { A: "x=y" },
      cwd: folder.path,
    });
    expect({ code, out }).toEqual({ code: 7, out: `a b||*|x=y|${folder.path}\n` });
  });

  test("looks for the command along PATH of the environment that the command gets", () => {
    using folder = temporaryFolder();
    for (const [name, mode] of [
      ["denied", 0o644],
      ["found", 0o755],
    ] as const) {
      mkdirSync(join(folder.path, name));
      writeFileSync(join(folder.path, name, "it"), '#!/bin/sh\necho "$0 $1"\n');
      chmodSync(join(folder.path, name, "it"), mode);
    }
    const path = (...names: string[]) => [`PATH=${names.map((name) => join(folder.path, name)).join(":")}`];
    const run = (env: string[]) => launch([{ do: "exec", argv: ["it", "1"], env, says }]);
    expect(run(path("none", "denied", "found"))).toMatchObject({ code: 0, out: `${folder.path}/found/it 1\n` });
    expect(run(path("none", "denied"))).toMatchObject({ code: 126, err: "failed: EACCES, Permission denied.\n" });
    expect(run(path("none"))).toMatchObject({ code: 127, err: "failed: ENOENT, No such file or directory.\n" });
    expect(launch([exec("it")], { cwd: join(folder.path, "found"), env: { PATH: ":/bin" } }).out).toBe("it \n");
  });

  test("runs a script without #! by the shell, as execvp does", () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "script");
    writeFileSync(file, 'echo "[$0][$1]"\n', { mode: 0o755 });
    expect(launch([exec(file, "a b")]).out).toBe(`[${file}][a b]\n`);
  });

  test("gives the command descriptors 0, 1, 2 and those asked for, no other", () => {
    const kept = openSync("/dev/null", "r");
    const other = openSync("/dev/zero", "r");
    try {
      const steps: Step[] = [{ do: "fchdir", fd: other, mayFailBy: "always" }, exec("/bin/ls", "-l", "/proc/self/fd")];
      const { out } = launch(steps, { plan: { keep: [kept] } });
      const open = Array.from(out.matchAll(/ (\d+) -> (?!\/proc\/)(\S+)/g), ([, fd]) => Number(fd));
      expect(open.toSorted((one, two) => one - two)).toEqual([0, 1, 2, kept]);
    } finally {
      closeSync(kept);
      closeSync(other);
    }
  });

  test("sets signals, the soft limit and no_new_privs as the plan has them", () => {
    const steps: Step[] = [
      { do: "signals", ignored: [SIGHUP, 13, 64], blocked: [SIGUSR1] },
      { do: "rlimit", resource: 7, soft: 200n },
      { do: "prctl", option: CONSTANTS.PR_SET_NO_NEW_PRIVS, args: [1, 0, 0, 0] },
      exec("/bin/sh", "-c", "ulimit -Sn; exec grep -E '^(Sig(Blk|Ign)|NoNewPrivs)' /proc/self/status"),
    ];
    expect(launch(steps).out.split(/\s+/)).toEqual([
      "200",
      "SigBlk:",
      "0000000000000200",
      "SigIgn:",
      "8000000000001001",
      "NoNewPrivs:",
      "1",
      "",
    ]);
  });

  test("says what the plan has for the errno, else names it; and does nothing after that", () => {
    const unshare = (flags: number): Step => ({ do: "unshare", flags, says });
    expect(launch([unshare(1), sh("echo on")])).toEqual({ code: 1, signal: null, out: "", err: "no such kind\n" });
    const denied = launch([unshare(flagOf("uts")), sh("echo on")], { ordinary: true });
    expect(denied).toMatchObject({ code: 1, out: "", err: "failed: EPERM, Operation not permitted.\n" });
  });

  test("goes on where a step may fail, and skips one whose mark is set", () => {
    const chdir = (path: string, more: Marks = {}): Step => ({ do: "chdir", path, ...more });
    const steps = (first: string): Step[] => [
      chdir(first, { sets: 1, mayFailBy: "always" }),
      chdir("/usr", { skippedBy: 1 }),
      chdir("/nowhere", { mayFailBy: 1, says }),
      sh("pwd"),
    ];
    expect(launch(steps("/etc"))).toMatchObject({ code: 0, out: "/etc\n" });
    expect(launch(steps("/nothing"))).toMatchObject({ code: 1, err: "failed: ENOENT, No such file or directory.\n" });
  });

  test("is never the one to ask setns for whatever kind there is", () => {
    expect(() => launch([{ do: "setns", fd: 0, nstype: 0 }, sh("")])).toThrow(RangeError);
  });

  test("makes namespaces of an ordinary user's own, with a map, and joins nothing by mistake", () => {
    const user = flagOf("user") | flagOf("uts");
    const steps: Step[] = [
      { do: "unshare", flags: user },
      { do: "write", path: "/proc/self/setgroups", data: "deny" },
      { do: "write", path: "/proc/self/uid_map", data: `0 ${process.getuid?.() === 0 ? 12345 : process.getuid?.()} 1` },
      { do: "hostname", name: "inside" },
      sh("id -u; uname -n"),
    ];
    expect(launch(steps, { ordinary: true })).toMatchObject({ code: 0, out: "0\ninside\n" });
  });

  test("joins a namespace by its file, with its kind", needs("root"), () => {
    const fd = openSync("/proc/self/ns/uts", "r");
    try {
      const steps: Step[] = [
        { do: "unshare", flags: flagOf("uts") },
        { do: "setns", fd, nstype: flagOf("uts"), says },
        exec("readlink", "/proc/self/ns/uts"),
      ];
      expect(launch(steps).out.trim()).toBe(readlinkSync("/proc/self/ns/uts"));
      expect(launch([{ do: "setns", fd, nstype: flagOf("net"), says }, sh("")])).toMatchObject({
        code: 1,
        err: "no such kind\n",
      });
    } finally {
      closeSync(fd);
    }
  });

  test("cannot be looked into by those it joins, before the command runs", needs("root", "ordinary-user"), async () => {
    const words = ["-Ur", "sh", "-c", "echo; exec sleep 60"];
    const holder = spawn("unshare", words, { stdio: ["ignore", "pipe", "ignore"], ...asOrdinaryUser() });
    try {
      await once(holder.stdout, "data");
      const fd = openSync(`/proc/${holder.pid}/ns/user`, "r");
      // The one that waits is still what the launcher was: its files in /proc are nobody's here, or else its user's.
      const look: Step[] = [{ do: "fork" }, sh("stat -c %u /proc/$PPID/status /proc/self/status")];
      expect(launch([{ do: "setns", fd, nstype: flagOf("user"), says }, ...look], { ordinary: true }).out).toBe(
        "65534\n0\n",
      );
      closeSync(fd);
    } finally {
      holder.kill("SIGKILL");
    }
  });

  test("is a copy in memory, which nobody can write to", () => {
    using program = must(openLauncher(theAddon()));
    expect(readlinkSync(`/proc/self/fd/${program.raw}`)).toMatch(/^\/memfd:/);
    const again = openSync(`/proc/self/fd/${program.raw}`, "r+");
    expect(() => writeSync(again, "x")).toThrow(/EPERM/);
    closeSync(again);
  });

  describe("with a process for the command", () => {
    const fork: Step = { do: "fork", held: [SIGINT, SIGTERM] };

    test("ends as the command does: by its exit code, or by the same signal", () => {
      expect(launch([fork, sh("exit 9")])).toMatchObject({ code: 9, signal: null });
      expect(launch([fork, sh("kill -KILL $$")])).toMatchObject({ code: null, signal: "SIGKILL" });
      expect(launch([fork, sh("kill -USR1 $$")])).toMatchObject({ code: null, signal: "SIGUSR1" });
      expect(launch([fork, exec("/nowhere/it")])).toMatchObject({ code: 127 });
    });

    test("lets SIGTERM lie, or passes it on", () => {
      const script =
        'trap "echo got it; exit 3" TERM; kill -TERM $PPID; for i in 1 2 3 4 5; do sleep 0.05; done; echo no';
      expect(launch([fork, sh(script)])).toMatchObject({ code: 0, out: "no\n" });
      const forwards: Step = { do: "fork", forwarded: [SIGINT, SIGTERM] };
      expect(launch([forwards, sh(script)])).toMatchObject({ code: 3, out: "got it\n" });
      expect(launch([{ do: "fork" }, sh(script)])).toMatchObject({ signal: "SIGTERM" });
    });

    test("gives the command the mask and SIGCHLD that the caller had", () => {
      const signals: Step = { do: "signals", ignored: [17], blocked: [SIGINT] };
      const { out } = launch([signals, fork, exec("grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status")]);
      expect(out.split(/\s+/)).toEqual(["SigBlk:", "0000000000000002", "SigIgn:", "0000000000010000", ""]);
    });

    test("ends the command after a time, with 124 and a word", () => {
      const saying = { rows: { ETIMEDOUT: "too long\n" }, otherwise: "" };
      const soft = launch([{ do: "fork", timeoutMs: 50, graceMs: 5000, says: saying }, exec("sleep", "60")]);
      expect(soft).toMatchObject({ code: 124, err: "too long\n" });
      const stubborn = sh('trap "" TERM; while :; do sleep 0.02; done');
      expect(launch([{ do: "fork", timeoutMs: 50, graceMs: 50, says: saying }, stubborn])).toMatchObject({ code: 124 });
      expect(launch([{ do: "fork", timeoutMs: 5000 }, sh("exit 4")])).toMatchObject({ code: 4, err: "" });
    });

    test("kills it where what the parent is to do fails", () => {
      const parent: Step[] = [{ do: "chdir", path: "/nowhere", says }];
      const { code, out, err } = launch([{ do: "fork", parent }, sh("sleep 0.3; echo still here")]);
      expect({ code, out, err }).toEqual({ code: 1, out: "", err: "failed: ENOENT, No such file or directory.\n" });
    });
  });

  test("has a helper outside write maps that need the caller's privileges", needs("root"), () => {
    const folder = { register: 0 };
    const steps: Step[] = [
      { do: "open", register: 0, path: "/proc/self" },
      {
        do: "helper",
        register: 1,
        steps: [
          { do: "write", folder, path: "uid_map", data: "0 100000 65536\n", says },
          { do: "write", folder, path: "gid_map", data: "0 100000 65536\n", says },
        ],
      },
      { do: "unshare", flags: flagOf("user") },
      { do: "release", register: 1 },
      exec("cat", "/proc/self/uid_map"),
    ];
    expect(launch(steps).out.split(/\s+/)).toEqual(["", "0", "100000", "65536", ""]);
    const wrong = steps.map((step): Step => (step.do === "unshare" ? { do: "unshare", flags: flagOf("uts") } : step));
    expect(launch(wrong)).toMatchObject({ code: 1, out: "", err: "failed: EPERM, Operation not permitted.\n" });
  });
});
