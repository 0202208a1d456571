import { closeSync, constants, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ERRNOS } from "../../../src/abi/errnos.ts";
import type { ProcessScan, ScanWish } from "../../../src/kernel/observer.ts";
import { cProgram } from "../../support/c-program.ts";
import { needs } from "../../support/needs.ts";
import { ORDINARY_USER } from "../../support/ordinary-user.ts";
import { hold, holdShell, type HeldProcess } from "./held-process.ts";
import { EVERYTHING, LINKS_ONLY, processIn, SCANNERS, type SeenProcess } from "./scanners.ts";

const NATIVE = SCANNERS["the addon"];
const ALONE = SCANNERS["JavaScript alone"];
const C = ["package:gcc", "package:libc6-dev"] as const;

async function look(scan: typeof NATIVE, procRoot: string, wish: ScanWish = EVERYTHING): Promise<ProcessScan> {
  const outcome = await scan(procRoot, wish);
  if (!outcome.ok) throw new Error(`the scan gave ${outcome.errno}`);
  return outcome.value;
}

/** The children of a process that the test holds, as both scanners see them. */
async function childrenSeenBy(scan: typeof NATIVE, parent: number, wish: ScanWish): Promise<[number, SeenProcess][]> {
  const seen = await look(scan, "/proc", wish);
  const pids = [...seen.pid].filter((_, row) => seen.ppid[row] === parent);
  return pids
    .map((pid) => [pid, processIn(seen, pid)] as const)
    .filter((pair): pair is [number, SeenProcess] => pair[1] !== undefined);
}

test.each([
  ["links alone", LINKS_ONLY],
  ["everything", EVERYTHING],
])(
  "both scans see the same of 500 processes, 200 in namespaces of their own: %s",
  needs("root", "native", ...C),
  async (_, wish) => {
    using mkload = cProgram({ file: join(import.meta.dirname, "../../../bench/mkload.c") });
    await using load = await hold(mkload.path, ["-n", "500", "-s", "40"]);
    const children = await childrenSeenBy(NATIVE, load.pid, wish);
    expect(children).toHaveLength(500);
    const namespaces = new Set(children.flatMap(([, { links }]) => Object.values(links).map(({ inode }) => inode)));
    expect(namespaces.size).toBeGreaterThan(200);
    expect(await childrenSeenBy(ALONE, load.pid, wish)).toEqual(children);
  },
);

/** What somebody with this uid and no capabilities does. The credentials are those of all threads of this process. */
async function asOrdinaryUser<T>(act: () => Promise<T>): Promise<T> {
  process.setegid?.(ORDINARY_USER.gid);
  process.seteuid?.(ORDINARY_USER.uid);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}

/** A pid namespace with a /proc of its own: process 1 is root's, one more is the ordinary user's. */
async function holdPidNamespace(mountOptions: string): Promise<HeldProcess> {
  const { uid, gid } = ORDINARY_USER;
  const script = `
    mount -t proc ${mountOptions} proc /proc
    setpriv --reuid ${uid} --regid ${gid} --clear-groups sleep 1000 &
    until grep -q sleep /proc/$!/comm; do sleep 0.01; done
    echo $!; read line`;
  return await hold("unshare", ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script]);
}

describe.each(Object.entries(SCANNERS))("%s", needs("root", "native", "package:util-linux"), (_, scan) => {
  test("an ordinary user gets a row for everybody's process, with EACCES for the links", async () => {
    await using held = await holdShell("");
    const seen = processIn(await asOrdinaryUser(() => look(scan, "/proc")), held.pid);
    expect(seen).toMatchObject({ uid: 0, comm: "sh", commandLine: ["sh", "-c", expect.anything()] });
    const errnos = readdirSync(`/proc/${held.pid}/ns`).map((link) => seen?.links[link]?.errno);
    expect(new Set(errnos)).toEqual(new Set([ERRNOS.EACCES]));
  });

  test("a /proc of another pid namespace has its processes and numbers", async () => {
    await using held = await holdPidNamespace("");
    const seen = await look(scan, `/proc/${held.pid}/root/proc`);
    expect([...seen.pid]).toEqual([1, Number(held.said)]);
    expect(processIn(seen, Number(held.said))).toMatchObject({ ppid: 1, uid: ORDINARY_USER.uid, comm: "sleep" });
  });

  test("the /proc of a pid namespace that has ended has no processes", async () => {
    const held = await holdPidNamespace("");
    using proc = openFolder(`/proc/${held.pid}/root/proc`);
    await held[Symbol.asyncDispose]();
    await expect.poll(async () => (await look(scan, proc.path)).count).toBe(0);
    expect(await look(scan, proc.path, LINKS_ONLY)).toMatchObject({ count: 0, vanished: 0, refused: new Map() });
  });

  test("hidepid=2: what is hidden is absent", async () => {
    await using held = await holdPidNamespace("-o hidepid=2");
    using proc = openFolder(`/proc/${held.pid}/root/proc`);
    const seen = await asOrdinaryUser(() => look(scan, proc.path));
    expect([...seen.pid]).toEqual([Number(held.said)]);
    expect(seen).toMatchObject({ vanished: 0, refused: new Map() });
  });

  test("hidepid=1: what is refused has no row and is counted", async () => {
    await using held = await holdPidNamespace("-o hidepid=1");
    using proc = openFolder(`/proc/${held.pid}/root/proc`);
    const seen = await asOrdinaryUser(() => look(scan, proc.path));
    expect([...seen.pid]).toEqual([Number(held.said)]);
    expect(seen).toMatchObject({ vanished: 0, refused: new Map([[ERRNOS.EPERM, 1]]) });
  });
});

/** Through the descriptor, the folder can be reached by who may not walk to it. */
function openFolder(path: string): Disposable & { path: string } {
  const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: `/proc/self/fd/${fd}`, [Symbol.dispose]: () => closeSync(fd) };
}
