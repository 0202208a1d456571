import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { execIn } from "../../src/inside/exec.ts";
import { socketIn } from "../../src/inside/socket.ts";
import type { Inside } from "../../src/inside/where.ts";
import { OwnedFd } from "../../src/kernel/live/fd.ts";
import { startHolder } from "../enter/live/holder.ts";
import { SWAPPER } from "../enter/live/swapper.ts";
import { cProgram } from "../support/c-program.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { theAddon } from "../support/the-addon.ts";
import { linksOfThreads } from "./events.ts";

const REFUSED = "EINVAL setns CLONE_NEWNET";
const RUNS = 50;
const MOST_TURNS = 40;
/** Sends a descriptor of the file that its word names over the Unix socket that is its descriptor 3. */
const SENDER = `
import os, socket, sys
socket.send_fds(socket.socket(fileno=3), [b"x"], [os.open(sys.argv[1], os.O_RDONLY)])
`;

/** Each way to go somewhere, and what comes of it: the link of the network namespace, or the errno and its call. */
const WAYS: readonly (readonly [name: string, go: (inside: Inside) => Promise<string>])[] = [
  [
    "a command",
    async (inside) => (await execIn(inside, "readlink", ["/proc/self/ns/net", "/proc/self/ns/uts"])).stdout.trim(),
  ],
  [
    "a socket",
    async (inside) => {
      using socket = await socketIn(inside, { type: "raw", socket: { domain: 2, type: 1 } });
      const native = theAddon();
      using self = new OwnedFd(native.pidfdOpen(process.pid, 0));
      using file = new OwnedFd(native.openSocketNamespace(self.raw, socket.raw));
      return [readlinkSync(`/proc/self/fd/${file.raw}`), readlinkSync("/proc/self/ns/uts")].join("\n");
    },
  ],
];

describe.each(WAYS)("the guard, for %s", needs("native", "root", "package:util-linux"), (_, go) => {
  test(
    "a descriptor of another kind that somebody sent is the kernel's EINVAL, and nothing was joined",
    needs("package:python3-minimal"),
    async () => {
      await using holder = await startHolder(["--net", "--uts"]);
      const before = linksOfThreads().toSorted();
      for (const [kind, came] of [
        ["net", "joined"],
        ["uts", REFUSED],
        ["pid", REFUSED],
      ] as const) {
        using sent = await sentBy(`/proc/${holder.pid}/ns/${kind}`);
        expect(readlinkSync(`/proc/self/fd/${sent.raw}`)).toBe(readlinkSync(`/proc/${holder.pid}/ns/${kind}`));
        const links = [readlinkSync(`/proc/${holder.pid}/ns/net`), readlinkSync("/proc/self/ns/uts")].join("\n");
        expect(await outcome(go({ net: sent.raw })), kind).toBe(came === "joined" ? links : came);
        expect(linksOfThreads().toSorted()).toEqual(before);
      }
    },
  );

  test(
    "a bind mount that is swapped all the time: its network namespace is joined or nothing is",
    needs("package:gcc", "package:libc6-dev"),
    async () => {
      using folder = temporaryFolder();
      using program = cProgram({ text: SWAPPER });
      const file = join(folder.path, "file");
      writeFileSync(file, "");
      await using holder = await startHolder(["--net", "--uts"]);
      const paths = ["net", "uts"].map((kind) => `/proc/${holder.pid}/ns/${kind}`);
      const before = linksOfThreads().toSorted();
      const joined = [readlinkSync(paths[0] ?? ""), readlinkSync("/proc/self/ns/uts")].join("\n");
      const seen = new Map<string, number>();
      // What is mounted first is seen for longer: unmounting takes the kernel a moment.
      for (let turn = 0; turn < 2 || (turn < MOST_TURNS && !(seen.has(joined) && seen.has(REFUSED))); turn++) {
        const turns = turn % 2 === 0 ? paths : paths.toReversed();
        const swapper = spawn(program.path, [...turns, file], { stdio: ["ignore", "pipe", "inherit"] });
        await once(swapper.stdout, "data");
        try {
          for (let nth = 0; nth < RUNS; nth++) {
            const came = await outcome(go({ net: `/proc/${swapper.pid}/root${file}` }));
            seen.set(came, (seen.get(came) ?? 0) + 1);
          }
        } finally {
          swapper.kill("SIGTERM");
          await once(swapper, "close");
        }
      }
      expect(linksOfThreads().toSorted()).toEqual(before);
      // Where neither was mounted: the file below, which is no namespace, or a mount that had gone.
      const others = [...seen.keys()].filter((came) => ![joined, REFUSED].includes(came));
      for (const other of others) expect(other).toMatch(/^E[A-Z]+ (?!setns)/);
      // Else one of the two was never seen, and nothing was raced.
      expect(seen.get(joined), JSON.stringify([...seen])).toBeGreaterThan(0);
      expect(seen.get(REFUSED), JSON.stringify([...seen])).toBeGreaterThan(0);
    },
  );
});

async function outcome(going: Promise<string>): Promise<string> {
  try {
    return await going;
  } catch (error) {
    if (error instanceof Error && "code" in error && "syscall" in error) return [error.code, error.syscall].join(" ");
    throw error;
  }
}

/** The descriptor that another process opened, as it came out of a socket. */
async function sentBy(path: string): Promise<OwnedFd> {
  const native = theAddon();
  const ends = new Int32Array(2);
  expect(native.messagePair(ends)).toBe(0);
  const [ours = -1, theirs = -1] = ends;
  const sender = spawn("python3", ["-c", SENDER, path], { stdio: ["ignore", "ignore", "inherit", theirs] });
  await once(sender, "exit");
  closeSync(theirs);
  const got = native.receiveDescriptor(ours);
  closeSync(ours);
  return new OwnedFd(got);
}
