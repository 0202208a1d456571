import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CONSTANTS } from "../../../src/abi/constants.ts";
import { ERRNOS } from "../../../src/abi/errnos.ts";
import { KINDS } from "../../../src/abi/namespace-kinds.ts";
import { LINKS } from "../../../src/abi/proc-links.ts";
import type { ProcessScan, ScanWish } from "../../../src/kernel/observer.ts";
import type { Outcome } from "../../../src/rules/outcome.ts";
import { cProgram } from "../../support/c-program.ts";
import { needs } from "../../support/needs.ts";
import { hold, holdShell } from "./held-process.ts";
import { EVERYTHING, LINKS_ONLY, processIn, SCANNERS } from "./scanners.ts";

const seen = (outcome: Outcome<ProcessScan>): ProcessScan => {
  if (!outcome.ok) throw new Error(`the scan gave ${outcome.errno}`);
  return outcome.value;
};

describe.each(Object.entries(SCANNERS))("%s", needs("native"), (_, scan) => {
  const look = async (wish: ScanWish = EVERYTHING): Promise<ProcessScan> => seen(await scan("/proc", wish));

  test("sees itself as the files of /proc/self say", async () => {
    const self = processIn(await look(), process.pid);
    expect(self).toMatchObject({
      ppid: process.ppid,
      uid: process.geteuid?.(),
      comm: readFileSync("/proc/self/comm", "utf8").slice(0, -1),
      commandLine: readFileSync("/proc/self/cmdline", "utf8").slice(0, -1).split("\0"),
      cgroup: readFileSync("/proc/self/cgroup", "utf8"),
    });
    for (const link of readdirSync("/proc/self/ns")) {
      const { ino, dev } = statSync(`/proc/self/ns/${link}`);
      expect(self).toHaveProperty(`links.${link}`, { inode: ino, errno: 0, device: dev });
    }
  });

  test("gives what was wished for and nothing more", async () => {
    const self = processIn(await look(LINKS_ONLY), process.pid);
    expect(self).toMatchObject({ commandLine: undefined, cgroup: undefined });
    const inode = Number(/\d+/.exec(readlinkSync("/proc/self/ns/net")));
    expect(self).toHaveProperty("links.net", { inode, errno: 0, device: undefined });
  });

  test("gives the processes by ascending pid, each once", async () => {
    const { pid, count } = await look(LINKS_ONLY);
    expect([...pid]).toEqual([...new Set(pid)].toSorted((left, right) => left - right));
    expect(pid).toHaveLength(count);
  });

  test.each([") R 1 (", "two\nlines", "((", " ", "é€", "back\\slash"])("reads a process named %j", async (name) => {
    const octal = [...Buffer.from(name)].map((byte) => `\\0${byte.toString(8)}`).join("");
    await using held = await holdShell(`printf %b '${octal}' > /proc/self/comm`);
    expect(processIn(await look(), held.pid)).toMatchObject({ comm: name, ppid: process.pid });
  });

  test("reads a name that is no text, with what cannot be decoded replaced", async () => {
    await using held = await holdShell(`printf 'a\\377b' > /proc/self/comm`);
    expect(processIn(await look(), held.pid)).toMatchObject({ comm: "a\ufffdb" });
  });

  test("reads the command lines of those that no process before shares a namespace with", async () => {
    const scan = await look({ ...LINKS_ONLY, commandLines: "first" });
    const met = new Set<number>();
    for (let row = 0; row < scan.count; row++) {
      const before = met.size;
      for (const kind of KINDS) met.add(scan.links[kind].inode[row] ?? 0);
      met.delete(0);
      if (met.size > before) expect(scan.commandLine(row)).toBeDefined();
    }
    expect(met.size).toBeGreaterThan(0);
  });

  test("numbers what links say: the same number, the same links", async () => {
    const { count, links, linkSet } = await look();
    const columns = LINKS.map((link) => links[link]);
    const texts = new Map<number, string>();
    for (let row = 0; row < count; row++) {
      const text = columns.map(({ inode, errno, device }) => `${inode[row]} ${errno[row]} ${device?.[row]}`).join();
      const set = linkSet[row] ?? -1;
      expect(set).toBeLessThanOrEqual(texts.size);
      expect(text).toBe(texts.get(set) ?? text);
      texts.set(set, text);
    }
    expect(new Set(texts.values()).size).toBe(texts.size);
  });

  test("keeps empty arguments, the last one too", async () => {
    await using held = await holdShell("", ["", "a b", "", "\n", ""]);
    const { commandLine } = processIn(await look(), held.pid) ?? {};
    expect(commandLine).toEqual(["sh", "-c", expect.anything(), "", "a b", "", "\n", ""]);
  });

  test("cuts a command line off after 64 KiB", async () => {
    await using held = await holdShell("", ["x".repeat(100_000)]);
    const seen = processIn(await look(), held.pid);
    expect(seen?.commandLine?.join("\0")).toHaveLength(65_536);
  });

  test("a zombie keeps its pid and user namespaces; the others are ENOENT", async () => {
    // cat does not wait for the child it inherits from the shell.
    await using held = await hold("sh", ["-c", "sleep 0.1 & echo $!; exec cat"]);
    const zombie = Number(held.said);
    await expect.poll(async () => processIn(await look(), zombie)).toMatchObject({ state: "Z" });
    const { links, commandLine } = processIn(await look(), zombie) ?? {};
    expect(commandLine).toEqual([]);
    const gone = { inode: 0, errno: ERRNOS.ENOENT, device: 0 };
    for (const link of LINKS) {
      const own = link === "pid" || link === "user";
      expect([link, links]).toHaveProperty(`1.${link}`, own ? stillThere(link) : gone);
    }
  });

  test("marks kernel threads, which have no command line", async () => {
    const scan = await look();
    const threads = [...scan.flags.keys()].filter((row) => ((scan.flags[row] ?? 0) & CONSTANTS.PF_KTHREAD) !== 0);
    expect(threads.map((row) => scan.commandLine(row)).flat()).toEqual([]);
    const isThere = threads.some((row) => scan.comm(row) === "kthreadd");
    expect(isThere).toBe(statSync("/proc/2", { throwIfNoEntry: false }) !== undefined && nameOf(2) === "kthreadd");
  });

  test("says which link this kernel does not have, or the process lost", async () => {
    const scan = await look();
    const present = new Set(readdirSync("/proc/self/ns"));
    const row = scan.pid.indexOf(process.pid);
    for (const link of LINKS) expect(scan.links[link].errno[row] === 0).toBe(present.has(link));
  });

  test(
    "counts processes that end while it looks, and keeps the others whole",
    needs("package:gcc", "package:libc6-dev"),
    async () => {
      using churn = cProgram({ file: join(import.meta.dirname, "../../../bench/churn.c") });
      await using _ = await hold("sh", ["-c", `echo ready; exec ${churn.path} 30 0 2`]);
      let vanished = 0;
      await expect
        .poll(async () => {
          const scan = await look();
          expect(rowsWithoutNamespaces(scan)).toEqual([]);
          vanished += scan.vanished;
          return vanished;
        })
        .toBeGreaterThan(0);
    },
  );

  test("leaves no descriptor open", async () => {
    const before = readdirSync("/proc/self/fd");
    await look();
    await scan(tmpdir(), EVERYTHING);
    await scan("/proc/self", EVERYTHING);
    expect(readdirSync("/proc/self/fd")).toEqual(before);
  });

  test("a folder that is no procfs is ENODEV", async () => {
    expect(await scan(tmpdir(), EVERYTHING)).toEqual({ ok: false, errno: "ENODEV" });
  });
});

const stillThere = (link: string): unknown => {
  const { ino, dev } = statSync(`/proc/self/ns/${link}`);
  return { inode: ino, errno: 0, device: dev };
};

const nameOf = (pid: number): string => readFileSync(`/proc/${pid}/comm`, "utf8").trim();

/** A process that is neither ending nor hidden from us has a mount namespace. */
function rowsWithoutNamespaces(scan: ProcessScan): string[] {
  const PF_EXITING = 0x4;
  const { errno } = scan.links.mnt;
  const rows = [...scan.pid.keys()].filter((row) => errno[row] === ERRNOS.ENOENT || errno[row] === ERRNOS.ESRCH);
  const whole = rows.filter(
    (row) => scan.state[row] !== "Z".charCodeAt(0) && ((scan.flags[row] ?? 0) & PF_EXITING) === 0,
  );
  return whole.map((row) => `${scan.pid[row]} ${scan.comm(row)} ${String.fromCharCode(scan.state[row] ?? 0)}`);
}
