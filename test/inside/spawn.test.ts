import { closeSync, openSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { execIn } from "../../src/inside/exec.ts";
import { spawnIn } from "../../src/inside/spawn.ts";
import { openNamespace } from "../../src/library/open-namespace.ts";
import { startHolder } from "../enter/live/holder.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PRODUCT, self } from "../support/viewers.ts";
import { childrenOf, eventsOf, hasEnded, held, linksOfThreads } from "./events.ts";

/** Few in `npm test`; `NSATLAS_SPAWNS=10000 npx vitest run test/inside/spawn.test.ts`. */
const SPAWNS = Number(process.env["NSATLAS_SPAWNS"] ?? 40);
const link = (pid: number | "self", kind: string): string => readlinkSync(`/proc/${pid}/ns/${kind}`);
const lines = (text: string): readonly string[] => text.trim().split("\n");

describe("spawnIn", needs("native", "root", "package:util-linux"), () => {
  test("runs a command in namespaces that are named in any way; the program stays where it is", async () => {
    await using holder = await startHolder(["--net", "--uts", "--ipc"]);
    const before = linksOfThreads();
    using net = await openNamespace(`${holder.pid}/net`);
    const fd = openSync(`/proc/${holder.pid}/ns/net`, "r");
    for (const inside of [
      net,
      `${holder.pid}/net`,
      [net],
      { net },
      { net: fd },
      { process: holder.pid, kinds: ["net"] },
    ] as const) {
      const { stdout } = await execIn(inside, "readlink", ["/proc/self/ns/net", "/proc/self/ns/uts"]);
      expect(lines(stdout)).toEqual([link(holder.pid, "net"), link("self", "uts")]);
    }
    closeSync(fd);
    const { stdout } = await execIn(
      { process: holder.pid },
      "readlink",
      ["net", "uts", "ipc", "mnt"].map((kind) => `/proc/self/ns/${kind}`),
    );
    expect(lines(stdout)).toEqual([
      ...["net", "uts", "ipc"].map((kind) => link(holder.pid, kind)),
      link("self", "mnt"),
    ]);
    expect(linksOfThreads().toSorted()).toEqual(before.toSorted());
  });

  test("gives the command what was asked for, and no descriptor besides", async () => {
    await using holder = await startHolder(["--uts"]);
    using folder = temporaryFolder();
    const kept = openSync("/dev/zero", "r");
    const script =
      'echo "$A|$(pwd)|$(id -u):$(id -g):$(id -G)|$(grep NoNewPrivs /proc/self/status | tr -d "\\t")"; cat; ls /proc/self/fd';
    const options = {
      cwd: folder.path,
      env: { A: "x=y", PATH: process.env["PATH"] },
      uid: 12,
      gid: 34,
      groups: [34, 56],
      noNewPrivs: true,
    };
    const { stdout } = await execIn(`${holder.pid}/uts`, "sh", ["-c", script], {
      ...options,
      cwd: "/",
      input: "in\n",
      keepFds: [kept],
    });
    closeSync(kept);
    const [said, input, ...fds] = lines(stdout);
    expect([said, input]).toEqual(["x=y|/|12:34:34 56|NoNewPrivs:1", "in"]);
    // ls opens the folder it lists.
    expect(fds.map(Number).filter((fd) => fd !== kept && fd > 3)).toEqual([]);
    expect(fds).toContain(String(kept));
    expect((await execIn(`${holder.pid}/uts`, "pwd", [], { cwd: folder.path })).stdout).toBe(`${folder.path}\n`);
  });

  test("is the command itself: same pid, and what it is given as argv[0]", async () => {
    await using holder = await startHolder(["--net"]);
    const child = spawnIn(`${holder.pid}/net`, "sh", ["-c", 'echo $$ "$0"'], { argv0: "-sh" });
    expect(child).toMatchObject({ spawnfile: "sh", spawnargs: ["-sh", "-c", 'echo $$ "$0"'] });
    expect(child.stdio).toHaveLength(3);
    const text = await new Promise((resolve) => child.stdout?.once("data", (data: Buffer) => resolve(String(data))));
    expect(text).toBe(`${child.pid} -sh\n`);
  });

  test("says 'spawn' once the command runs; where it cannot, 'error' comes in its place and says which step, why, and what helps", async () => {
    await using holder = await startHolder(["--net"]);
    const net = `${holder.pid}/net`;
    expect(await eventsOf(spawnIn(net, "true"))).toEqual(["spawn", "exit 0", "close"]);
    expect(await eventsOf(spawnIn(net, "sh", ["-c", "exit 7"]))).toEqual(["spawn", "exit 7", "close"]);
    expect(await eventsOf(spawnIn(net, "no-such-program"))).toEqual([
      "error SyscallError ENOENT execve",
      "exit 127",
      "close",
    ]);
    expect(await eventsOf(spawnIn(net, "/etc/passwd"))).toEqual([
      "error SyscallError EACCES execve",
      "exit 126",
      "close",
    ]);
    expect(await eventsOf(spawnIn(net, "true", [], { cwd: "/nowhere" }))).toEqual([
      "error SyscallError ENOENT chdir",
      "exit 1",
      "close",
    ]);
    await expect(execIn(net, "no-such-program")).rejects.toMatchObject({
      code: "ENOENT",
      subject: "no-such-program",
      hint: expect.stringContaining("PATH"),
    });
    await expect(execIn(net, "sh", ["-c", "echo a; echo b >&2; exit 3"])).rejects.toMatchObject({
      name: "CommandError",
      exitCode: 3,
      stdout: "a\n",
      stderr: "b\n",
    });
    await expect(execIn(net, "yes", [], { maxBuffer: 1000 })).rejects.toMatchObject({
      name: "CommandError",
      signal: "SIGKILL",
    });
  });

  test("throws at once where a namespace cannot be opened", () => {
    const thrown = (inside: Parameters<typeof spawnIn>[0]): unknown => {
      try {
        return spawnIn(inside, "true");
      } catch (error) {
        return error;
      }
    };
    expect(thrown("/run/netns/no-such")).toMatchObject({ name: "SyscallError", code: "ENOENT" });
    expect(thrown("/dev/null")).toMatchObject({ name: "SyscallError", code: "ENOTTY" });
    expect(thrown({ process: 2 ** 22 })).toMatchObject({ name: "SyscallError", code: "ESRCH" });
    expect(thrown("nonsense")).toMatchObject({ name: "NameError" });
    expect(thrown(["self/net", "self/net"])).toBeInstanceOf(TypeError);
    expect(thrown([])).toBeInstanceOf(TypeError);
    expect(thrown("net:[4026531833]")).toBeInstanceOf(TypeError);
  });

  describe("into a pid namespace", () => {
    const options = ["--pid", "--mount-proc"];

    test("the command is a child there; who waits for it ends as it does, and passes on signals", async () => {
      await using holder = await startHolder(options);
      const inside = { process: holder.pid };
      const { stdout } = await execIn(inside, "sh", ["-c", "readlink /proc/self/ns/pid; echo $PPID"]);
      expect(lines(stdout)).toEqual([link(holder.pid, "pid"), "0"]);
      expect(await eventsOf(spawnIn(inside, "sh", ["-c", "exit 9"]))).toEqual(["spawn", "exit 9", "close"]);
      expect(await eventsOf(spawnIn(inside, "sh", ["-c", "kill -USR1 $$"]))).toEqual([
        "spawn",
        "exit SIGUSR1",
        "close",
      ]);
      expect(await eventsOf(spawnIn(inside, "no-such-program"))).toEqual([
        "error SyscallError ENOENT execve",
        "exit 127",
        "close",
      ]);

      const child = spawnIn(inside, "sh", [
        "-c",
        'trap "echo got it; exit 3" HUP; echo ready; while :; do sleep 0.01; done',
      ]);
      const events = eventsOf(child);
      let said = "";
      child.stdout?.on("data", (data: Buffer) => {
        said += String(data);
        if (said === "ready\n") child.kill("SIGHUP");
      });
      expect(await events).toEqual(["spawn", "exit 3", "close"]);
      expect(said).toBe("ready\ngot it\n");
    });

    test("nothing is left where the one that waits is killed, also after the command has changed its ids", async () => {
      await using holder = await startHolder(options);
      for (const ids of [{}, { uid: 12, gid: 34 }]) {
        const child = spawnIn({ process: holder.pid }, "sleep", ["1000"], { stdio: "ignore", ...ids });
        const events = eventsOf(child);
        await new Promise((resolve) => child.once("spawn", resolve));
        const [command = 0] = childrenOf(child.pid);
        expect(command).toBeGreaterThan(0);
        child.kill("SIGKILL");
        expect(await events).toEqual(["spawn", "exit SIGKILL", "close"]);
        expect(await hasEnded(command)).toBe(true);
      }
    });

    test("whose process 1 has ended, nothing can be started", async () => {
      await using holder = await startHolder(options);
      using pid = await openNamespace(`${holder.pid}/pid`);
      process.kill(holder.pid, "SIGKILL");
      expect(await hasEnded(holder.pid)).toBe(true);
      expect(await eventsOf(spawnIn(pid, "true"))).toEqual(["error SyscallError ENOMEM clone", "exit 1", "close"]);
    });
  });

  test("is ended by an AbortSignal, before and after it has started, and by its time", async () => {
    await using holder = await startHolder(["--net", "--pid"]);
    for (const inside of [`${holder.pid}/net`, { process: holder.pid }]) {
      const controller = new AbortController();
      const child = spawnIn(inside, "sleep", ["1000"], { signal: controller.signal, stdio: "ignore" });
      const events = eventsOf(child);
      child.once("spawn", () => controller.abort());
      expect(await events).toEqual(["spawn", "error AbortError ABORT_ERR", "exit SIGTERM", "close"]);
      await expect(execIn(inside, "sleep", ["1000"], { signal: AbortSignal.abort() })).rejects.toMatchObject({
        name: "AbortError",
      });
      await expect(execIn(inside, "sleep", ["1000"], { timeout: 100 })).rejects.toMatchObject({
        name: "CommandError",
        signal: "SIGTERM",
      });
    }
  });

  test("has the kernel refuse what is of another kind than was said, and joins nothing", async () => {
    await using holder = await startHolder(["--net", "--uts"]);
    const before = linksOfThreads();
    const uts = openSync(`/proc/${holder.pid}/ns/uts`, "r");
    const error = await execIn({ net: uts }, "true").catch((refused: unknown) => refused);
    closeSync(uts);
    expect(error).toMatchObject({ code: "EINVAL", syscall: "setns CLONE_NEWNET", rule: undefined });
    expect(error).toMatchObject({ reason: expect.stringContaining("kind") });
    expect(linksOfThreads().toSorted()).toEqual(before.toSorted());
  });

  test("never asks setns for whatever kind there is", needs("package:strace"), async () => {
    await using holder = await startHolder(["--net", "--uts", "--pid", "--mount"]);
    using folder = temporaryFolder();
    const log = join(folder.path, "log");
    const words = ["-f", "-e", "trace=setns", "-e", "signal=none", "-o", log];
    const script = join(folder.path, "run.mjs");
    writeFileSync(
      script,
      `import { execIn } from ${JSON.stringify(join(PRODUCT, "dist/index.js"))};
       await execIn({ process: ${holder.pid} }, "true");
       await execIn(["${holder.pid}/net", "${holder.pid}/mnt", "${holder.pid}/uts", "${holder.pid}/pid"], "true");`,
    );
    const ran = await self.run("strace", [...words, process.execPath, script]);
    expect(ran).toMatchObject({ code: 0 });
    const calls = readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line.includes("setns("));
    expect(calls).toHaveLength(5);
    expect(calls.filter((call) => !/setns\(\d+, CLONE_NEW[^)]*\)\s+= 0$/.test(call))).toEqual([]);
  });

  test(
    `leaves no descriptor, thread or process after ${SPAWNS} commands`,
    async () => {
      await using holder = await startHolder(["--net", "--pid"]);
      const AT_ONCE = 4;
      const some = async (count: number): Promise<void> => {
        for (let done = 0; done < count; done++) {
          const ended = await eventsOf(
            spawnIn(done % 2 ? `${holder.pid}/net` : { process: holder.pid }, done % 5 ? "true" : "none", [], {
              stdio: "ignore",
            }),
          );
          expect(ended.at(-1)).toBe("close");
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, () => some(3)));
      const before = held();
      await Promise.all(Array.from({ length: AT_ONCE }, () => some(SPAWNS / AT_ONCE)));
      expect(held()).toEqual(before);
    },
    SPAWNS * 40 + 20_000,
  );
});
