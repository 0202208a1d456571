import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { count, inTurns, less, type Bench, type CommandLine, type Measured } from "./bench.ts";

/** A login daemon with nothing left out that can be left out: for each connection it runs a command, and sends its status. */
const DAEMON = `
  #include <stdio.h>
  #include <string.h>
  #include <sys/socket.h>
  #include <sys/un.h>
  #include <sys/wait.h>
  #include <unistd.h>
  int main(int count, char **words) {
    struct sockaddr_un at = {AF_UNIX, ""};
    char text[256];
    int status, one, fd = socket(AF_UNIX, SOCK_STREAM, 0);
    ssize_t length;
    if (count < 3) return 2;
    strncpy(at.sun_path, words[2], sizeof at.sun_path - 1);
    if (words[1][0] == 'c') {
      if (connect(fd, (struct sockaddr *)&at, sizeof at) || write(fd, words[3], strlen(words[3])) < 0) return 1;
      return read(fd, &status, sizeof status) == sizeof status ? WEXITSTATUS(status) : 1;
    }
    if (bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 8)) return 1;
    puts("ready");
    fflush(stdout);
    while ((one = accept(fd, 0, 0)) >= 0) {
      length = read(one, text, sizeof text - 1);
      if (length > 0) {
        pid_t child;
        text[length] = 0;
        if (!(child = fork())) {
          execl("/bin/sh", "sh", "-c", text, (char *)0);
          _exit(127);
        }
        waitpid(child, &status, 0);
        if (write(one, &status, sizeof status) < 0) return 1;
      }
      close(one);
    }
    return 0;
  }`;

/** The system calls that a command line makes, its children among them. */
function callsOf([program, words]: CommandLine, log: string): number {
  // strace that follows gdb's children waits for the process that gdb has stopped.
  const follow = program === GDB ? [] : ["-f"];
  const { status, stderr } = spawnSync("strace", [...follow, "-c", "-o", log, program, ...words], { encoding: "utf8" });
  if (status !== 0) throw new Error(`strace ${program} gave ${status}: ${stderr}`);
  // % time, seconds, usecs/call, calls, errors (where there are any), name.
  const total = readFileSync(log, "utf8")
    .split("\n")
    .findLast((line) => line.endsWith("total"));
  return Number(total?.trim().split(/\s+/)[3]);
}

/** A debugger that can make a process call a function; the machine's own may not (see the remark). */
const GDB = process.env["NSATLAS_GDB"] ?? "gdb";
const gdbVersion = (): string | undefined =>
  /[\d.]+$/m.exec(spawnSync(GDB, ["--version"], { encoding: "utf8" }).stdout ?? "")?.[0];

/** Tried on a process that is not missed: where it fails the process is lost. */
function triesToCall(): boolean {
  const victim = spawn("sleep", ["1000"], { stdio: "ignore" });
  const words = ["-nx", "-batch", "-p", String(victim.pid), "-ex", 'call (int)system("true")'];
  const { status } = spawnSync(GDB, words, { stdio: "ignore" });
  victim.kill("SIGKILL");
  return status === 0;
}

type Way = readonly [name: string, line: CommandLine, inside: string];
/** Of the block that is for measuring networks (RFC 2544). */
const CLIENT = "198.18.77.1";
const SERVER = "198.18.77.2";

function must(program: string, ...words: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${words.join(" ")}: ${stderr ?? error?.message}`);
}

/** A login daemon as they are in use: with keys, in a container with an address; undefined where there is none to start. */
async function startLogin(folder: string): Promise<(Disposable & { readonly way: Way }) | undefined> {
  if (spawnSync("dropbear", ["-V"]).error !== undefined) return undefined;
  const [host, key] = [join(folder, "host"), join(folder, "key")];
  for (const file of [host, key]) must("dropbearkey", "-t", "ed25519", "-f", file);
  const said = spawnSync("dropbearkey", ["-y", "-f", key], { encoding: "utf8" }).stdout;
  writeFileSync(
    join(folder, "authorized"),
    said
      .split("\n")
      .filter((line) => line.startsWith("ssh-"))
      .join("\n"),
  );
  const script = `mount -t tmpfs -o mode=700 none /root && mkdir -m 700 /root/.ssh &&
    install -m 600 ${folder}/authorized /root/.ssh/authorized_keys && exec dropbear -F -s -r ${host} -p 22`;
  const daemon = spawn("unshare", ["-n", "-m", "sh", "-c", script], { stdio: "ignore" });
  // The link goes with the container's network namespace.
  const end = (): void => void daemon.kill("SIGKILL");
  try {
    const pid = String(daemon.pid);
    while (readFileSync(`/proc/${pid}/comm`, "utf8") !== "dropbear\n") await sleep(1);
    const link = `nsw${pid}`;
    must("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", pid);
    must("ip", "addr", "add", `${CLIENT}/30`, "dev", link);
    must("ip", "link", "set", link, "up");
    must("nsenter", "-t", pid, "-n", "ip", "addr", "add", `${SERVER}/30`, "dev", "eth0");
    must("nsenter", "-t", pid, "-n", "ip", "link", "set", "eth0", "up");
    const line: CommandLine = ["dbclient", ["-y", "-y", "-i", key, `root@${SERVER}`, "true"]];
    for (let tries = 0; spawnSync(...line, { stdio: "ignore" }).status !== 0; tries++) {
      if (tries > 50) throw new Error("dropbear does not let us in");
      await sleep(100);
    }
    return {
      way: ["a login daemon: dropbear", line, "dropbear, all the time, and a shell; keys and an address are there"],
      [Symbol.dispose]: end,
    };
  } catch (error) {
    end();
    throw error;
  }
}

/** One command in a container: by setns, by a debugger that makes a process of the container run it, by a daemon inside. */
async function measure(): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const [program, socket, log] = [join(folder, "daemon"), join(folder, "socket"), join(folder, "log")];
  const built = spawnSync("gcc", ["-O1", "-xc", "-", "-o", program], { input: DAEMON, encoding: "utf8" });
  if (built.status !== 0) throw new Error(built.stderr);
  const holder = spawn("unshare", ["-n", "sleep", "1000"], { stdio: "ignore" });
  const daemon = spawn("unshare", ["-n", program, "daemon", socket], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const pid = String(holder.pid);
    while (readFileSync(`/proc/${pid}/comm`, "utf8") !== "sleep\n") await sleep(1);
    await once(daemon.stdout, "data");
    using login = await startLogin(folder);
    const version = gdbVersion();
    const attach = ["-nx", "-batch", "-p", pid];
    const call = [...attach, "-ex", 'call (int)system("true")'];
    const mayCall = version !== undefined && triesToCall();
    const byDebugger: Way = mayCall
      ? [
          `ptrace: gdb ${version}, call system()`,
          [GDB, call],
          "a process that is stopped and made to call its own C library",
        ]
      : [`ptrace: gdb ${version}, attach and let go`, [GDB, attach], "nothing yet, but a process is stopped"];
    const ways: readonly Way[] = [
      ["setns: nsenter", ["nsenter", ["-t", pid, "-n", "true"]], "nothing"],
      ["setns: nsatlas enter", [join(process.cwd(), "dist/cli.cjs"), ["enter", "-t", pid, "-n", "true"]], "nothing"],
      ...(version === undefined ? [] : [byDebugger]),
      ["a daemon of 60 lines", [program, ["client", socket, "true"]], "the daemon, all the time, and a shell"],
      ...(login === undefined ? [] : [login.way]),
    ];
    const rounds = inTurns(Object.fromEntries(ways.map(([name, line]) => [name, line])), 1);
    const rows = ways.map(([name, line, inside]) => [name, less(rounds, name), count(callsOf(line, log)), inside]);
    const kilobytes = Math.round(statSync(program).size / 1024);
    return {
      columns: ["way", "ms", "system calls", "what of the container's runs"],
      rows,
      remarks: [
        "`true` in a network namespace. System calls are those of whoever enters, by `strace -f -c`, of gdb by `strace -c`: strace " +
          "that followed its children would wait for the process that gdb has stopped. Those that gdb's target and the daemons make come on top.",
        "Calling a function writes all registers back. gdb 13, Debian 12's, cannot where the processor has AMX (PTRACE_SETREGSET is EFAULT: " +
          "its buffer is smaller than the state), and its attempt costs the process its life; `NSATLAS_GDB` names another.",
        `The daemon of 60 lines is ${kilobytes} kB of C without logins, keys or a terminal. What could not be started here has no row: ` +
          `${[version === undefined ? "gdb" : "", login === undefined ? "dropbear (Debian package dropbear-bin)" : ""].filter(Boolean).join(", ") || "nothing"}.`,
      ],
    };
  } finally {
    for (const one of [holder, daemon]) {
      one.kill("SIGKILL");
      if (one.exitCode === null && one.signalCode === null) await once(one, "exit");
    }
    rmSync(folder, { recursive: true });
  }
}

export const bench: Bench = { name: "ways-in", measure };
