import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync, openSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { NAMESPACE_KINDS } from "../../../src/abi/namespace-kinds.ts";
import { pinTarget } from "../../../src/cli/enter/pin-target.ts";
import { pid } from "../../../src/abi/ids.ts";
import { SyscallError } from "../../../src/errors.ts";
import { launch } from "../launch.ts";
import { needs } from "../../support/needs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { theAddon } from "../../support/the-addon.ts";
import { ENTER, NEWER_NSENTER, run } from "./both.ts";
import { startHolder } from "./holder.ts";

const CAT = 'while read -r line; do echo "$line"; done < /proc/self/status';

function inodeOfPidfd(number: number): bigint {
  const fd = theAddon().pidfdOpen(number, 0);
  try {
    return fstatSync(fd, { bigint: true }).ino;
  } finally {
    closeSync(fd);
  }
}

const TRIES = 200;
/** A process with this number, which is free; others on this machine may take it first, but they let it go again. */
function startNumbered(number: number): Disposable & { readonly pid: number | undefined } {
  for (let nth = 0; ; nth++) {
    writeFileSync("/proc/sys/kernel/ns_last_pid", String(number - 1));
    const child = spawn("sleep", ["1000"], { stdio: "ignore" });
    if (child.pid === number || nth === TRIES) {
      return { pid: child.pid, [Symbol.dispose]: () => void child.kill("SIGKILL") };
    }
    child.kill("SIGKILL");
  }
}

describe("a target that is another one by now", needs("native", "package:util-linux"), () => {
  test("a number in use again is noticed: the pidfd is asked, not the number", needs("root"), async () => {
    const first = spawn("sleep", ["1000"], { stdio: "ignore" });
    const number = first.pid ?? 0;
    using pinned = pinTarget(theAddon(), { pid: pid(number) }, "/proc", "en");
    const inode = inodeOfPidfd(number);
    pinned.check();
    first.kill("SIGKILL");
    await once(first, "close");
    expect(() => pinned.check()).toThrow(SyscallError);
    using again = startNumbered(number);
    expect(again.pid).toBe(number);
    expect(() => pinned.check()).toThrow(SyscallError);
    const { code, out } = run(ENTER, ["-t", `${number}:${inode}`, "-n", "echo", "entered"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(run(ENTER, ["-t", `${number}:${inodeOfPidfd(number)}`, "-n", "echo", "entered"]).out).toBe("entered\n");
  });

  test(
    "PID:INODE is entered where the process is that one, and refused where it is not",
    needs("newer-lsns"),
    async () => {
      await using holder = await startHolder(["-U", "-r", "-n"]);
      const inode = inodeOfPidfd(holder.pid);
      const link = ["-U", "-n", "--preserve-credentials", "readlink", "/proc/self/ns/net"];
      const right = ["-t", `${holder.pid}:${inode}`, ...link];
      expect(run(ENTER, right)).toEqual(run([NEWER_NSENTER], right));
      expect(run(ENTER, right).code).toBe(0);
      const wrong = run(ENTER, ["-t", `${holder.pid}:${inode + 1n}`, ...link]);
      expect(wrong).toMatchObject({ code: 1, out: "" });
      expect(wrong.err).toContain(`${inode + 1n}`);
    },
  );
});

describe("a file that is not what it should be", needs("native", "package:util-linux"), () => {
  test("a FIFO as =FILE, --ns and --root is told, at once", () => {
    using folder = temporaryFolder();
    const fifo = join(folder.path, "fifo");
    spawnSync("mkfifo", [fifo]);
    for (const words of [[`--net=${fifo}`], ["--ns", fifo], ["--ns", "self/net", `--root=${fifo}`]]) {
      const { code, signal, err } = run(ENTER, [...words, "true"]);
      expect({ words, code, signal }).toEqual({ words, code: 1, signal: null });
      expect(err).toMatch(/FIFO|ENOTDIR/);
    }
  });

  test("a descriptor of another kind is refused by kind before anything is joined", () => {
    const uts = openSync("/proc/self/ns/uts", "r");
    const script = `exec "$0" "$@" 9<&3`;
    const done = spawnSync("/bin/sh", ["-c", script, ...ENTER, "--net=/proc/self/fd/9", "echo", "entered"], {
      stdio: ["ignore", "pipe", "pipe", uts],
      encoding: "utf8",
    });
    closeSync(uts);
    expect({ code: done.status, out: done.stdout }).toEqual({ code: 1, out: "" });
    expect(done.stderr).toContain("uts");
  });

  test("what is swapped behind the look ends in the kernel's EINVAL, with all links unchanged", needs("root"), () => {
    // The plan says net, as the look did; the descriptor is another kind's by now.
    const uts = openSync("/proc/self/ns/uts", "r");
    try {
      const links = "for k in cgroup ipc mnt net pid time user uts; do readlink /proc/self/ns/$k; done";
      const says = { rows: { EINVAL: "EINVAL\n" }, otherwise: "another\n" };
      const refused = launch([{ do: "setns", fd: uts, nstype: NAMESPACE_KINDS.net.flag, says }]);
      expect(refused).toMatchObject({ code: 1, err: "EINVAL\n" });
      const after = launch([
        { do: "setns", fd: uts, nstype: NAMESPACE_KINDS.net.flag, mayFailBy: "always" },
        { do: "exec", argv: ["/bin/sh", "-c", links] },
      ]);
      const own = ["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"].map((kind) =>
        readlinkSync(`/proc/self/ns/${kind}`),
      );
      expect(after.out.trim().split("\n")).toEqual(own);
    } finally {
      closeSync(uts);
    }
  });
});

describe("the calls that enter makes", needs("root", "native", "package:util-linux", "package:strace"), () => {
  /** The lines of strace behind the exec of the launcher, by every process. */
  async function traced(words: (pid: number) => readonly string[]): Promise<readonly string[]> {
    await using holder = await startHolder(["-U", "-r", "-m", "-u", "-n", "-p", "-C", "-T"]);
    using folder = temporaryFolder();
    const log = join(folder.path, "log");
    run(["strace", "-f", "-o", log, ...ENTER], words(holder.pid));
    const lines = readFileSync(log, "utf8").split("\n");
    const start = lines.findIndex((line) => line.includes("execveat("));
    expect(start).toBeGreaterThan(0);
    return lines.slice(start);
  }

  test.each([
    ["all by pidfd", (of: number) => ["-t", String(of), "-a", "/bin/true"]],
    ["each by its file", (of: number) => ["--ns", `${of}/user`, "--ns", `${of}/net`, "--ns", `${of}/uts`, "/bin/true"]],
  ])("%s: every setns says the kind, and none is made by Node", async (_, words) => {
    const lines = await traced(words);
    const joins = lines.filter((line) => line.includes("setns("));
    expect(joins.length).toBeGreaterThan(0);
    expect(joins.filter((line) => !/setns\(\d+, CLONE_NEW[A-Z|_]+\)/.test(line))).toEqual([]);
  });

  test("between the first setns and the command nothing of the target is opened or read", async () => {
    const lines = await traced((of) => ["-t", String(of), "-a", "/bin/true"]);
    const first = lines.findIndex((line) => line.includes("setns("));
    const exec = lines.findIndex((line, nth) => nth > first && /execve\("\/bin\/true"/.test(line));
    expect(exec).toBeGreaterThan(first);
    const between = lines
      .slice(first, exec)
      .filter((line) => /\b(open|openat|openat2|read|readlink|stat|mmap|connect)\(/.test(line));
    expect(between).toEqual([]);
  });
});

describe("what the target can reach of nsatlas", needs("root", "native", "package:util-linux"), () => {
  test("the command has no descriptor but 0, 1, 2 and those asked for", async () => {
    await using holder = await startHolder(["-U", "-r", "-m", "-n", "-p"]);
    const extra = openSync("/dev/null", "r");
    const words = ["-t", String(holder.pid), "-a", "--keep-fd", "3", "/bin/ls", "/proc/self/fd"];
    const [program = "", ...rest] = ENTER;
    const done = spawnSync(program, [...rest, ...words], {
      stdio: ["ignore", "pipe", "pipe", extra, extra, extra],
      encoding: "utf8",
    });
    closeSync(extra);
    // ls has the folder itself open too, at the first number that is free.
    expect(done.stdout.trim().split("\n")).toEqual(["0", "1", "2", "3", "4"]);
  });

  test("the memory of whoever waits outside cannot be read from inside", async () => {
    await using holder = await startHolder(["-U", "-r", "-m", "-p"]);
    // Its parent is not in the pid namespace, and the command has no power over it.
    const look =
      'p=$(cut -d" " -f4 /proc/self/stat); cat /proc/$p/mem >/dev/null 2>/tmp/$$ && echo read || echo refused; rm -f /tmp/$$';
    const { out } = run(ENTER, ["-t", String(holder.pid), "-U", "-p", "/bin/sh", "-c", look]);
    expect(out).toBe("refused\n");
  });
});

describe("no process of ours stays", needs("root", "native", "package:util-linux"), () => {
  test("the command is nsatlas's own process: same number, and one name", async () => {
    await using holder = await startHolder(["-U", "-r", "-n"]);
    const [program = "", ...rest] = ENTER;
    const child = spawn(program, [...rest, "-t", String(holder.pid), "-U", "-n", "/bin/sh", "-c", `echo $$; ${CAT}`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    await new Promise((resolve) => child.once("close", resolve));
    expect(out.split("\n")[0]).toBe(String(child.pid));
    expect(out).toMatch(/^Threads:\s+1$/m);
  });
});
