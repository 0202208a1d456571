import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
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
  const follow = program === "gdb" ? [] : ["-f"];
  const { status, stderr } = spawnSync("strace", [...follow, "-c", "-o", log, program, ...words], { encoding: "utf8" });
  if (status !== 0) throw new Error(`strace ${program} gave ${status}: ${stderr}`);
  // % time, seconds, usecs/call, calls, errors (where there are any), name.
  const total = readFileSync(log, "utf8")
    .split("\n")
    .findLast((line) => line.endsWith("total"));
  return Number(total?.trim().split(/\s+/)[3]);
}

/** Whether gdb can make a process call a function, tried on one that is not missed: where it fails the process is lost. */
function triesToCall(): boolean {
  const victim = spawn("sleep", ["1000"], { stdio: "ignore" });
  const words = ["-nx", "-batch", "-p", String(victim.pid), "-ex", 'call (int)system("true")'];
  const { status } = spawnSync("gdb", words, { stdio: "ignore" });
  victim.kill("SIGKILL");
  return status === 0;
}

/** One command in a container, three ways: setns, a debugger that makes a process of the container run it, a daemon inside. */
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
    // Calling a function writes all registers back, which gdb 13 does not manage on every processor.
    const attach = ["-nx", "-batch", "-p", pid];
    const call = [...attach, "-ex", 'call (int)system("true")'];
    const mayCall = triesToCall();
    const ways: readonly (readonly [name: string, line: CommandLine, inside: string])[] = [
      ["setns: nsenter", ["nsenter", ["-t", pid, "-n", "true"]], "nothing"],
      ["setns: nsatlas enter", [join(process.cwd(), "dist/cli.cjs"), ["enter", "-t", pid, "-n", "true"]], "nothing"],
      mayCall
        ? ["ptrace: gdb, call system()", ["gdb", call], "a process that is stopped and made to call its own C library"]
        : ["ptrace: gdb, attach and let go", ["gdb", attach], "nothing yet, but a process is stopped"],
      ["a daemon inside", [program, ["client", socket, "true"]], "the daemon, all the time, and a shell"],
    ];
    const rounds = inTurns(Object.fromEntries(ways.map(([name, line]) => [name, line])), 1);
    const rows = ways.map(([name, line, inside]) => [name, less(rounds, name), count(callsOf(line, log)), inside]);
    const kilobytes = Math.round(statSync(program).size / 1024);
    return {
      columns: ["way", "ms", "system calls", "what of the container's runs"],
      rows,
      remarks: [
        `\`true\` in a network namespace. System calls by \`strace -f -c\` of whoever enters; those that gdb's target and the daemon ` +
          `make come on top.${mayCall ? "" : " Calling a function failed here (gdb could not write the registers back), and cost the process its life."} ` +
          `The daemon is ${kilobytes} kB of C without logins, keys or a terminal; sshd has all three.`,
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
