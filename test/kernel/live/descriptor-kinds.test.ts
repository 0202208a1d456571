import { spawn } from "node:child_process";
import { once } from "node:events";
import { readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { cProgram } from "../../support/c-program.ts";
import { needs } from "../../support/needs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { LINKS_ONLY, SCANNERS } from "./scanners.ts";

/** Opens one of each, says which descriptor each is, and waits for its input to end. */
const ONE_OF_EACH = `
  #define _GNU_SOURCE
  #include <fcntl.h>
  #include <stdio.h>
  #include <string.h>
  #include <sys/epoll.h>
  #include <sys/eventfd.h>
  #include <sys/socket.h>
  #include <sys/syscall.h>
  #include <sys/un.h>
  #include <unistd.h>
  static void say(const char *name, int fd) { printf("%s %d\\n", name, fd); }
  int main(int count, char **words) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int pipes[2];
    strncpy(address.sun_path, words[1], sizeof address.sun_path - 1);
    say("device", open("/dev/null", O_RDONLY));
    say("folder", open("/", O_RDONLY));
    say("file", open(words[0], O_RDONLY));
    say("pipe", pipe(pipes) ? -1 : pipes[0]);
    say("eventfd", eventfd(0, 0));
    say("epoll", epoll_create1(0));
    // A path before any socket, and one after: the first socket that is met is known by its link, others by their device.
    int early = dup(0), listening = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(listening, (struct sockaddr *)&address, sizeof address)) return 1;
    say("socket", listening);
    say("udp", socket(AF_INET, SOCK_DGRAM, 0));
    say("path-of-a-socket", open(words[1], O_PATH));
    say("path-before-all-sockets", dup2(open(words[1], O_PATH), early));
    say("pidfd", syscall(SYS_pidfd_open, getpid(), 0));
    say("uts", open("/proc/self/ns/uts", O_RDONLY));
    say("net", open("/proc/self/ns/net", O_RDONLY));
    say("done", 0);
    fflush(stdout);
    return getchar();
  }`;

test.each(Object.entries(SCANNERS))(
  "each kind of descriptor is told for what it is, by %s: a socket in a folder is none, a file of no type may be a pidfd",
  needs("native", "package:gcc"),
  async (_, scan) => {
    using program = cProgram({ text: ONE_OF_EACH });
    using folder = temporaryFolder();
    const child = spawn(program.path, [join(folder.path, "socket")], { stdio: ["pipe", "pipe", "inherit"] });
    const ended = once(child, "exit");
    try {
      const fds = new Map<string, number>();
      for await (const line of createInterface({ input: child.stdout })) {
        const [name = "", fd] = line.split(" ");
        if (name === "done") break;
        fds.set(name, Number(fd));
      }
      expect([...fds].filter(([, fd]) => fd < 3)).toEqual([]);
      const { pid = 0 } = child;
      const scanned = await scan("/proc", { ...LINKS_ONLY, descriptors: 100, pids: Int32Array.of(pid) });
      const told = scanned.ok ? scanned.value.descriptors : undefined;
      if (told === undefined) throw new Error("no descriptors were read");
      const nameOf = new Map([...fds].map(([name, fd]) => [fd, name]));
      const rows = Array.from({ length: told.count }, (_, nth) => {
        const fd = told.fd[nth] ?? -1;
        return [nameOf.get(fd), told.what(nth), told.inode[nth]] as const;
      }).filter(([name]) => name !== undefined);
      // What stat(2) and the link say, by Node.
      const file = (name: string): string => `/proc/${pid}/fd/${fds.get(name)}`;
      const inode = (name: string): number => statSync(file(name)).ino;
      expect(readlinkSync(file("udp"))).toBe(`socket:[${inode("udp")}]`);
      expect(new Map(rows.map(([name, ...row]) => [name, row]))).toEqual(
        new Map<string, unknown>([
          ["socket", ["socket", inode("socket")]],
          ["udp", ["socket", inode("udp")]],
          ["pidfd", ["pidfd", 0]],
          ["uts", ["uts", inode("uts")]],
          ["net", ["net", inode("net")]],
        ]),
      );
    } finally {
      child.stdin.end();
      await ended;
    }
  },
);
