import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Snapshot } from "../../src/snapshot/types.ts";
import { needs } from "../support/needs.ts";
import { ORDINARY_USER } from "../support/ordinary-user.ts";
import { ROOT } from "../support/sources.ts";
import { PROGRAMS } from "../support/viewers.ts";

const MANIFEST = readFileSync(join(ROOT, "deploy/daemonset.yaml"), "utf8");
const NAMED = [...(/add: \[(.*)\]/.exec(MANIFEST)?.[1]?.matchAll(/"([A-Z_]+)"/g) ?? [])].map(([, name = ""]) => name);

/** What root sees who has these capabilities and no others. */
function seenWith(capabilities: readonly string[]): Snapshot {
  const set = ["-all", ...capabilities.map((name) => `+${name.toLowerCase()}`)].join(",");
  const words = [
    "--bounding-set",
    set,
    "--inh-caps",
    "-all",
    "--",
    process.execPath,
    PROGRAMS.nsatlas,
    "snapshot",
    "-o",
    "-",
  ];
  const { stdout, status } = spawnSync("setpriv", words, { encoding: "utf8", maxBuffer: 1 << 28 });
  expect(status).toBe(0);
  return JSON.parse(stdout) as Snapshot;
}

/**
 * An ordinary user's process in a user and a uts namespace of its own, which keeps a network namespace open that it has left:
 * it prints that one's inode, and waits.
 */
const SCRIPT = `exec 8</proc/self/ns/net; readlink /proc/self/ns/net; exec unshare -n sleep 600`;

describe("the capabilities of deploy/daemonset.yaml", needs("root", "user-namespaces", "package:util-linux"), () => {
  let holder: ChildProcess;
  /** `net:[4026532201]` */
  let kept = "";

  beforeAll(async () => {
    holder = spawn("unshare", ["-Urnu", "sh", "-c", SCRIPT], { ...ORDINARY_USER, stdio: ["ignore", "pipe", "ignore"] });
    const [line] = (await once(holder.stdout ?? holder, "data")) as [Buffer];
    kept = line.toString().trim();
    await vi.waitUntil(() => readlinkSync(`/proc/${holder.pid}/ns/net`) !== kept, { timeout: 15_000 });
  });
  afterAll(async () => {
    const ended = once(holder, "exit");
    holder.kill("SIGKILL");
    await ended;
  });

  const inodeOf = (id: string): string => `net:[${id.split("/")[1]}]`;
  /** Of its own namespaces: which are seen, who holds the one it left, what its host is called. */
  function toldOf(seen: Snapshot) {
    const { uts } = seen.processes.find(({ pid }) => pid === holder.pid)?.namespaces ?? {};
    const told = seen.namespaces.find(({ id }) => id === uts)?.attributes;
    return {
      links: uts !== undefined,
      kept: seen.namespaces.some(({ id, kind }) => kind === "net" && inodeOf(id) === kept),
      hostname: told !== undefined && "value" in told,
    };
  }

  test("show what an ordinary user's process is in, keeps open, and calls its host", () => {
    expect(NAMED).toEqual(["SYS_PTRACE", "SYS_ADMIN", "SYS_CHROOT", "DAC_READ_SEARCH"]);
    expect(toldOf(seenWith(NAMED))).toEqual({ links: true, kept: true, hostname: true });
  });

  test.each([
    ["SYS_PTRACE", "its namespaces", { links: false, kept: false, hostname: false }],
    ["DAC_READ_SEARCH", "what it keeps open", { links: true, kept: false, hostname: true }],
    ["SYS_ADMIN", "what its host is called", { links: true, kept: true, hostname: false }],
  ] as const)("without %s is not seen: %s", (taken, _, told) => {
    expect(toldOf(seenWith(NAMED.filter((name) => name !== taken)))).toEqual(told);
  });
});
