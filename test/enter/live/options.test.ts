import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { needs } from "../../support/needs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { cProgram } from "../../support/c-program.ts";
import { ENTER, run } from "./both.ts";
import { startHolder } from "./holder.ts";

async function until(isSo: () => boolean): Promise<void> {
  for (const limit = Date.now() + 5000; !isSo() && Date.now() < limit;) await sleep(10);
}
const link = (of: number, kind: string): string => readlinkSync(`/proc/${of}/ns/${kind}`);

describe("--mount-proc", needs("root", "native", "package:util-linux"), () => {
  const numbers = "cd /proc; echo [0-9]*; cat 1/comm; readlink /proc/self/ns/pid";

  test("shows the processes of the pid namespace, and nobody else sees the mount", async () => {
    await using holder = await startHolder(["-m", "-p"]);
    const before = readFileSync("/proc/self/mountinfo", "utf8");
    const { code, out, err } = run(ENTER, ["-t", String(holder.pid), "-p", "--mount-proc", "sh", "-c", numbers]);
    const [found = "", first, ns] = out.trim().split("\n");
    // Process 1, which sleeps, and the command.
    expect({ code, err, first, ns }).toEqual({ code: 0, err: "", first: "sleep", ns: link(holder.pid, "pid") });
    expect(found.split(" ")).toHaveLength(2);
    expect(readFileSync("/proc/self/mountinfo", "utf8")).toBe(before);
  });

  test("at another folder; in the container's own mounts, which stay as they are", async () => {
    using folder = temporaryFolder();
    await using holder = await startHolder(["-m", "-p"]);
    const mounts = readFileSync(`/proc/${holder.pid}/mountinfo`, "utf8");
    const words = ["-t", String(holder.pid), "-m", "-p", `--mount-proc=${folder.path}`, "cat", `${folder.path}/1/comm`];
    expect(run(ENTER, words)).toEqual({ code: 0, signal: null, out: "sleep\n", err: "" });
    expect(readFileSync(`/proc/${holder.pid}/mountinfo`, "utf8")).toBe(mounts);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test("without the fork that puts the command into the pid namespace it would show the wrong ones: refused", () => {
    expect(run(ENTER, ["--ns", "self/pid", "-F", "--mount-proc", "true"])).toMatchObject({ code: 1, out: "" });
  });

  test("a folder that is not there ends in ENOENT, with the call and the path", async () => {
    await using holder = await startHolder(["-p"]);
    const { code, err } = run(ENTER, ["--json", "-t", String(holder.pid), "-p", "--mount-proc=/not/there", "true"]);
    expect({ code, ...JSON.parse(err) }).toMatchObject({
      code: 1,
      error: { code: "ENOENT", syscall: "mount proc", subject: "/not/there" },
    });
  });
});

describe("--user-parent", needs("root", "native", "package:util-linux"), () => {
  test("joins the user namespace that owns the target's", async () => {
    await using outer = await startHolder(["-U", "-r"]);
    const inner = await startHolder(["-U", "-r"], { within: outer.pid });
    try {
      expect(link(inner.pid, "user")).not.toBe(link(outer.pid, "user"));
      const words = ["--user-parent", "--preserve-credentials", "readlink", "/proc/self/ns/user"];
      const { code, out, err } = run(ENTER, ["-t", String(inner.pid), ...words]);
      expect({ code, out, err }).toEqual({ code: 0, out: `${link(outer.pid, "user")}\n`, err: "" });
    } finally {
      await inner[Symbol.asyncDispose]();
    }
  });
});

describe("ids", needs("root", "native", "package:util-linux"), () => {
  const groups = ["grep", "^Groups", "/proc/self/status"];

  test("--groups takes numbers and names, none, keep, and those of the target", async () => {
    await using holder = await startHolder(["-n"]);
    const said = (...words: readonly string[]): string =>
      run(ENTER, ["-t", String(holder.pid), "-n", ...words, ...groups])
        .out.replace(/Groups:\s*/, "")
        .trim();
    const groupsOf = (of: number): string =>
      /Groups:[\t ]*(.*)/.exec(readFileSync(`/proc/${of}/status`, "utf8"))?.[1]?.trim() ?? "";
    const tty = spawnSync("getent", ["group", "tty"], { encoding: "utf8" }).stdout.split(":")[2] ?? "";
    expect(said("--groups", "7,tty,9").split(" ").toSorted()).toEqual(["7", tty, "9"].toSorted());
    expect(said("--groups", "none")).toBe("");
    expect(said("--setgid", "0")).toBe("");
    const kept = ["-t", String(holder.pid), "-n", "--setgid", "0", "--groups", "keep", ...groups];
    expect(run(["setpriv", "--groups", "31,32", ...ENTER], kept).out).toMatch(/^Groups:\s*31 32 *\n$/);
    const strayed = spawn("setpriv", ["--groups", "21,22", "sleep", "100"], { stdio: "ignore" });
    try {
      await until(() => groupsOf(strayed.pid ?? 0) === "21 22");
      const follow = ["-t", String(strayed.pid), `--net=/proc/${holder.pid}/ns/net`, "--groups", "follow", ...groups];
      expect(run(ENTER, follow).out).toMatch(/^Groups:\s*21 22 *\n$/);
    } finally {
      strayed.kill("SIGKILL");
    }
  });

  test("a name that nobody has is told; a refusal comes as it was foreseen", async () => {
    await using holder = await startHolder(["-U", "-r"]);
    const begin = ["-t", String(holder.pid), "-U"];
    expect(run(ENTER, [...begin, "--groups", "nobody-has-this", "true"]).err).toContain('"nobody-has-this"');
    const dry = run(ENTER, [...begin, "--groups", "5", "--dry-run", "--json", "true"]);
    expect({ code: dry.code, said: JSON.parse(dry.out) }).toMatchObject({ code: 1, said: { answer: "no" } });
    const real = run(ENTER, [...begin, "--groups", "5", "--json", "true"]);
    expect(JSON.parse(real.err)).toMatchObject({ error: { code: "EPERM", syscall: "setgroups", subject: "5" } });
  });

  test("names for -S and -G are those of the caller's files", async () => {
    await using holder = await startHolder(["-n"]);
    const words = ["-t", String(holder.pid), "-n", "-S", "daemon", "-G", "daemon", "sh", "-c", "id -un; id -gn"];
    expect(run(ENTER, words)).toMatchObject({ code: 0, out: "daemon\ndaemon\n" });
  });
});

describe("-e, -F and --timeout", needs("root", "native", "package:util-linux"), () => {
  test("-F -e: the command is nsatlas's own process, with the target's environment and nothing else", async () => {
    await using holder = await startHolder(["-n", "-p"]);
    const texts = readFileSync(`/proc/${holder.pid}/environ`, "utf8").split("\0").filter(Boolean).toSorted();
    const [program = "", ...rest] = ENTER;
    const words = [...rest, "-t", String(holder.pid), "-n", "-p", "-F", "-e", "/bin/sh", "-c", "echo $$; exec env -0"];
    const child = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"], env: { ONLY: "here" } });
    let out = "";
    for await (const text of child.stdout.setEncoding("utf8")) out += String(text);
    const [number, variables] = [out.slice(0, out.indexOf("\n")), out.slice(out.indexOf("\n") + 1)];
    expect(number).toBe(String(child.pid));
    const given = variables.split("\0").filter((one) => one !== "" && !/^(_|SHLVL|PWD|OLDPWD)=/.test(one));
    expect(given.toSorted()).toEqual(texts.filter((one) => !/^(_|SHLVL|PWD|OLDPWD)=/.test(one)));
    expect(variables).not.toContain("ONLY");
  });

  test("--timeout ends what lasts too long with 124 and says so; what is over in time ends as it does", async () => {
    await using holder = await startHolder(["-n"]);
    const begin = ["-t", String(holder.pid), "-n", "--timeout"];
    const late = run(ENTER, [...begin, "1s", "sleep", "60"]);
    expect(late).toMatchObject({ code: 124, signal: null });
    expect(late.err).toContain(" 1 s");
    expect(JSON.parse(run(ENTER, ["--json", ...begin, "1s", "sleep", "60"]).err)).toMatchObject({
      error: { code: "ETIMEDOUT" },
    });
    expect(run(ENTER, [...begin, "20s", "sh", "-c", "exit 5"])).toMatchObject({ code: 5, err: "" });
    expect(run(ENTER, [...begin, "20s", "sh", "-c", "kill -KILL $$"])).toMatchObject({ code: null, signal: "SIGKILL" });
    expect(run(ENTER, [...begin, "1s", "-F", "true"])).toMatchObject({ code: 1, out: "" });
  });
});

describe("-N", needs("root", "native", "package:util-linux", "package:gcc", "package:libc6-dev"), () => {
  /** Makes a socket, goes to another network namespace, and says the socket's number: it stays where it was made. */
  const STRAYED = `
    #define _GNU_SOURCE
    #include <sched.h>
    #include <stdio.h>
    #include <sys/socket.h>
    #include <unistd.h>
    int main(void) {
      int here = socket(AF_INET, SOCK_STREAM, 0);
      if (here < 0 || unshare(CLONE_NEWNET)) return 1;
      printf("%d\\n", here);
      fflush(stdout);
      pause();
    }`;

  test("the network namespace of a socket, which is not the target's own", async () => {
    using program = cProgram({ text: STRAYED });
    await using holder = await startHolder(["-n"]);
    const own = link(holder.pid, "net");
    const child = spawn("nsenter", ["-t", String(holder.pid), "-n", program.path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      let text = "";
      for await (const piece of child.stdout.setEncoding("utf8")) {
        text += String(piece);
        if (text.includes("\n")) break;
      }
      const pid = String(child.pid);
      expect(link(Number(pid), "net")).not.toBe(own);
      const asked = ["-t", pid, "-N", text.trim(), "readlink", "/proc/self/ns/net"];
      expect(run(ENTER, asked)).toEqual({ code: 0, signal: null, out: `${own}\n`, err: "" });
      const none = run(ENTER, ["--json", "-t", pid, "-N", "77", "true"]);
      expect({ code: none.code, ...JSON.parse(none.err) }).toMatchObject({ code: 1, error: { code: "EBADF" } });
      expect(run(ENTER, ["-t", pid, "-N", "0", "true"])).toMatchObject({ code: 1, out: "" });
    } finally {
      child.kill("SIGKILL");
    }
  });
});

describe("-c", needs("root", "native", "package:util-linux"), () => {
  /** A hierarchy of version 2 where it belongs, in a mount namespace of the script's own. */
  const SCRIPT = `
    mount -t cgroup2 none /sys/fs/cgroup || exit 77
    group=/sys/fs/cgroup/nsatlas-test-$$
    mkdir $group || exit 77
    sleep 100 & target=$!
    echo $target > $group/cgroup.procs
    "$@" -t $target -n -c sh -c 'cat /proc/self/cgroup; cat' <<< kept
    echo "code $?"
    kill -KILL $target; wait $target 2>/dev/null
    rmdir $group; echo "group $(basename $group)"`;

  test("the command is in the control group of the target, and has its standard input", ({ skip }) => {
    const { code, out, err } = run(["unshare", "-m", "bash", "-c", SCRIPT, "bash", ...ENTER], []);
    if (code === 77) return skip(`no hierarchy of version 2 can be mounted: ${err}`);
    const group = /group (.*)/.exec(out)?.[1] ?? "";
    expect(out.split("\n")).toEqual(expect.arrayContaining([`0::/${group}`, "kept", "code 0"]));
  });
});
