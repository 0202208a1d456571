import { existsSync, mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { discover } from "../../src/discover/discover.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import type { Snapshot, Trace } from "../../src/snapshot/types.ts";
import { hierarchy, SYSTEMD, UNIFIED } from "../support/hierarchies.ts";
import { needs } from "../support/needs.ts";
import { theAddon } from "../support/the-addon.ts";

const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };
/** An id that no engine gave: the folders below are made where engines make theirs. */
const ID = "feed".repeat(16);
const INNER = "beef".repeat(16);

/** Folders of a hierarchy, taken away at the end, the innermost first. */
class Folders {
  readonly #made: string[] = [];
  make(root: string, path: string): string {
    let at = root;
    for (const part of path.split("/").filter((part) => part !== "")) {
      at = join(at, part);
      if (existsSync(at)) continue;
      mkdirSync(at);
      this.#made.push(at);
    }
    return at;
  }
  [Symbol.dispose](): void {
    for (const folder of this.#made.toReversed()) rmdirSync(folder);
  }
}

/** `unshare OPTIONS sleep`, put into a cgroup folder before it starts. */
async function start(folder: string, options: readonly string[]): Promise<ChildProcess> {
  const child = spawn(
    "sh",
    ["-c", 'echo $$ > "$0/cgroup.procs" && echo in && exec unshare "$@" sleep 300', folder, ...options],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  await once(child.stdout, "data");
  // The program after unshare: only then it is where it was to be.
  while (readFileSync(`/proc/${child.pid}/comm`, "utf8") !== "sleep\n")
    await new Promise((done) => setTimeout(done, 5));
  return child;
}
async function end(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

async function look(wish: { cgroups?: boolean } = {}): Promise<Snapshot> {
  const snapshot = await discover(new LiveObserver(theAddon()), wish, stamp);
  if (!snapshot.ok) throw new Error(`discovery was refused: ${snapshot.errno}`);
  return snapshot.value;
}
function tracesOf(snapshot: Snapshot, pid: number | undefined, kind: "net" | "uts" | "user"): readonly Trace[] {
  const id = snapshot.processes.find((process) => process.pid === pid)?.namespaces[kind];
  return snapshot.namespaces.find((namespace) => namespace.id === id)?.traces ?? [];
}

const [unified = "", systemd = ""] = [hierarchy(UNIFIED), hierarchy(SYSTEMD)];

describe("control groups of the running kernel, as root", needs("native", "root", "package:util-linux"), () => {
  test(
    "version 2: a container, a lie inside, a service, and nothing for the machine's own",
    needs("cgroup-v2"),
    async () => {
      using folders = new Folders();
      const docker = folders.make(unified, `system.slice/docker-${ID}.scope`);
      const lie = folders.make(unified, `system.slice/docker-${ID}.scope/docker-${INNER}.scope`);
      const service = folders.make(unified, "system.slice/nsatlas-test.service");
      const children: ChildProcess[] = [];
      try {
        const first = await start(docker, ["--net", "--uts"]);
        children.push(first);
        const liar = await start(lie, ["--uts"]);
        children.push(liar);
        const daemon = await start(service, ["--net"]);
        children.push(daemon);
        for (const wish of [{}, { cgroups: true }]) {
          const snapshot = await look(wish);
          expect(tracesOf(snapshot, first.pid, "net")).toEqual([
            {
              from: "cgroup",
              parts: [{ kind: "container", engine: "docker", name: ID, pattern: "docker-scope" }],
              pid: first.pid,
              line: `0::${relative(first.pid)}`,
            },
          ]);
          expect(tracesOf(snapshot, liar.pid, "uts").map(({ parts }) => parts.map(({ name }) => name))).toEqual([
            [ID, INNER],
          ]);
          expect(tracesOf(snapshot, daemon.pid, "net").map(({ parts }) => parts.map(({ name }) => name))).toEqual([
            ["nsatlas-test.service"],
          ]);
          // The machine's own, which each of them is in as well.
          expect(tracesOf(snapshot, first.pid, "user")).toEqual([]);
          expect(tracesOf(snapshot, daemon.pid, "uts")).toEqual([]);
          const { seen, refused } = snapshot.coverage.find(({ source }) => source === "cgroups") ?? {
            seen: 0,
            refused: {},
          };
          expect(seen).toBeGreaterThanOrEqual(3);
          expect(refused).toEqual({});
        }
      } finally {
        for (const child of children) await end(child);
      }
    },
  );

  test("version 1: systemd's hierarchy tells an LXC container", needs("cgroup-v1"), async () => {
    using folders = new Folders();
    const child = await start(folders.make(systemd, "lxc/nsatlas-test/init.scope"), ["--uts"]);
    try {
      expect(tracesOf(await look(), child.pid, "uts")).toMatchObject([
        {
          parts: [
            { kind: "container", engine: "lxc", name: "nsatlas-test", pattern: "lxc-folder" },
            { kind: "unit", name: "init.scope", pattern: "unit" },
          ],
          line: expect.stringMatching(/^\d+:name=systemd:.*\/lxc\/nsatlas-test\/init\.scope$/),
        },
      ]);
    } finally {
      await end(child);
    }
  });
});

/** As the kernel writes it: below the root of our own cgroup namespace. */
function relative(pid: number | undefined): string {
  const line =
    readFileSync(`/proc/${pid}/cgroup`, "utf8")
      .split("\n")
      .find((text) => text.startsWith("0::")) ?? "";
  return line.slice("0::".length);
}
