import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { capBit } from "../../../src/abi/capabilities.ts";
import { CONSTANTS } from "../../../src/abi/constants.ts";
import { askText, type Asking } from "../../../src/kernel/live/asking.ts";
import { OwnedFd } from "../../../src/kernel/live/fd.ts";
import * as calls from "../../../src/kernel/live/holder-calls.ts";
import { nsFile } from "../../../src/kernel/live/ns-file.ts";
import { blank } from "../../../src/kernel/live/series.ts";
import { PID_TOLD } from "../../../src/kernel/live/tell-pid.ts";
import { Visitors } from "../../../src/kernel/live/visitors.ts";
import type { NsFile } from "../../../src/kernel/observer.ts";
import { parseStatus, type ProcessStatus } from "../../../src/procfs/status.ts";
import { ok, refused } from "../../../src/rules/outcome.ts";
import { needs } from "../../support/needs.ts";
import { theAddon } from "../../support/the-addon.ts";

function fileOf(path: string): NsFile {
  const opened = nsFile(new OwnedFd(openSync(path, "r")), theAddon());
  if (!opened.ok) throw new Error(opened.errno);
  return opened.value;
}

/** A process in new namespaces, ended by whoever is given it. */
async function box(...flags: string[]) {
  const child = spawn("unshare", [...flags, "sh", "-c", "echo ready; exec sleep 60"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(child.stdout, "data");
  return { pid: child.pid ?? 0, [Symbol.dispose]: () => void child.kill("SIGKILL") };
}

describe("whoever enters a namespace", needs("root", "native", "user-namespaces", "package:util-linux"), () => {
  test.each(["net", "uts", "ipc", "cgroup", "user", "mnt"] as const)(
    "%s has no power in there, cannot gain any, and nobody may look into it",
    async (kind) => {
      using other = await box("-Ur", "-n", "-u", "-i", "-C", "-m");
      using file = fileOf(`/proc/${other.pid}/ns/${kind}`);
      using visitors = new Visitors(theAddon());
      const told = visitors.visit({ to: file, kind }, (by) => {
        const folder = `/proc/${by.holder.pid}`;
        const status = parseStatus(readFileSync(`${folder}/status`, "latin1"));
        if (!status.ok) throw new Error("no status");
        const { capabilities, noNewPrivs } = status.value;
        const { effective, permitted, inheritable, ambient } = capabilities;
        expect([effective, permitted, inheritable, ambient ?? 0n]).toEqual([0n, 0n, 0n, 0n]);
        expect(noNewPrivs).toBe(true);
        expect(calls.prctl(by, PR_GET_DUMPABLE)).toEqual(ok(0));
        expect(readlinkSync(`${folder}/ns/${kind}`)).toBe(readlinkSync(`/proc/${other.pid}/ns/${kind}`));
        // Nothing is open in it but what it needs to be asked.
        expect(calls.setns(by, 0, 0).ok).toBe(false);
        return ok(by.holder.pid);
      });
      if (!told.ok) throw new Error(told.errno);
      // It ended with the visit.
      expect(() => statSync(`/proc/${told.value}`)).toThrow("ENOENT");
    },
  );

  test("is ended after the time limit, where a call does not come back", async () => {
    using other = await box("-n");
    using file = fileOf(`/proc/${other.pid}/ns/net`);
    using visitors = new Visitors(theAddon());
    let pid = 0;
    const began = performance.now();
    const told = visitors.visit({ to: file, kind: "net" }, (by) => {
      pid = by.holder.pid;
      // A socket that nothing is ever sent to.
      const socket = calls.socket(by, AF_UNIX, SOCK_DGRAM);
      return socket.ok ? calls.recvfrom(by, socket.value, 16, 0) : socket;
    });
    expect(told).toMatchObject({ ok: false, errno: "ETIMEDOUT" });
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(() => statSync(`/proc/${pid}`)).toThrow("ENOENT");
  });
});

/** What whoever is in a namespace says of itself. */
const WHO: Asking<{ pid: number; dumpable: number; status: ProcessStatus; link: string }> = {
  ask(series) {
    const pid = series.call("getpid");
    const dumpable = series.call("prctl", PR_GET_DUMPABLE, 0, 0, 0, 0);
    const status = askText(series, "/proc/thread-self/status", 4096);
    const links = LINKS.map((name) =>
      series.call("readlinkat", CONSTANTS.AT_FDCWD, `/proc/thread-self/ns/${name}`, blank(64), 64),
    );
    return (told) => {
      const text = status(told);
      const parsed = text?.ok === true ? parseStatus(text.value) : undefined;
      const [number, flag] = [told.of(pid), told.of(dumpable)];
      if (parsed?.ok !== true || !number.ok || !flag.ok) throw new Error("no status");
      const link = links.map((step) => told.text(step, 64)).map((one) => (one?.ok === true ? one.value : ""));
      return ok({ pid: number.value, dumpable: flag.value, status: parsed.value, link: link.join(" ") });
    };
  },
};
const LINKS = ["net", "uts", "ipc", "cgroup", "user"] as const;

describe("whoever goes on to the next", needs("root", "native", "user-namespaces", "package:util-linux"), () => {
  test.each(["net", "uts", "ipc", "cgroup", "user"] as const)(
    "%s namespace has no power that counts in any, cannot gain any, and nobody may look into it",
    async (kind) => {
      using one = await box("-Ur", "-n", "-u", "-i", "-C");
      using two = await box("-Ur", "-n", "-u", "-i", "-C");
      using three = await box("-n", "-u", "-i", "-C");
      const pids = [one.pid, two.pid, three.pid].slice(0, kind === "user" ? 2 : 3);
      const files = pids.map((pid) => fileOf(`/proc/${pid}/ns/${kind}`));
      using visitors = new Visitors(theAddon());
      const told = visitors.visitEach(kind, [...files, "own"], () => WHO);
      for (const file of files) file[Symbol.dispose]();
      const found = told.map((one) => (one.ok ? one.value : expect.fail(one.errno)));
      for (const { dumpable, status } of found) {
        const { effective, permitted, inheritable, ambient } = status.capabilities;
        expect([effective, inheritable, ambient ?? 0n, dumpable]).toEqual([0n, 0n, 0n, 0]);
        // What it takes to go on; a user namespace is not left again.
        expect(permitted).toBe(kind === "user" ? 0n : capBit("CAP_SYS_ADMIN"));
        expect(status.noNewPrivs).toBe(true);
      }
      // Each in the right one, and nowhere else.
      const own = Object.fromEntries(LINKS.map((name) => [name, readlinkSync(`/proc/self/ns/${name}`)]));
      const there = [...pids.map((pid) => readlinkSync(`/proc/${pid}/ns/${kind}`)), own[kind]];
      const wanted = there.map((link) => LINKS.map((name) => (name === kind ? link : own[name])).join(" "));
      expect(found.map(({ link }) => link)).toEqual(wanted);
      // One process where that can be.
      expect(new Set(found.map(({ pid }) => pid)).size).toBe(kind === "user" ? found.length : 1);
      for (const { pid } of found) expect(() => statSync(`/proc/${pid}`)).toThrow("ENOENT");
    },
  );

  test("is ended where a call does not come back, and another goes on behind that", async () => {
    using one = await box("-u");
    using two = await box("-u");
    using three = await box("-u");
    const files = [one, two, three].map(({ pid }) => fileOf(`/proc/${pid}/ns/uts`));
    using visitors = new Visitors(theAddon());
    const stuck: Asking<typeof WHO extends Asking<infer T> ? T : never> = {
      ask(series) {
        // A socket that nothing is ever sent to.
        const socket = series.call("socket", AF_UNIX, SOCK_DGRAM, 0);
        series.call("recvfrom", socket, blank(16), 16, 0, 0, 0);
        return () => undefined;
      },
    };
    const told = visitors.visitEach("uts", files, (nth) => (nth === 1 ? stuck : WHO));
    for (const file of files) file[Symbol.dispose]();
    expect(told.map((answer) => (answer.ok ? "told" : answer.errno))).toEqual(["told", "ETIMEDOUT", "told"]);
    const [first, , last] = told.map((answer) => (answer.ok ? answer.value.pid : 0));
    expect(first).not.toBe(last);
    for (const pid of [first, last]) expect(() => statSync(`/proc/${pid}`)).toThrow("ENOENT");
  });

  test("answers for more than one process has open at a time, and says which cannot be entered", async () => {
    using other = await box("-u");
    const files = Array.from({ length: 300 }, (_, nth) =>
      fileOf(nth % 2 === 0 ? `/proc/${other.pid}/ns/uts` : "/proc/self/ns/uts"),
    );
    using wrong = fileOf("/proc/self/ns/net");
    using visitors = new Visitors(theAddon());
    const told = visitors.visitEach("uts", [...files, wrong], () => WHO);
    for (const file of files) file[Symbol.dispose]();
    const links = [other.pid, process.pid].map((pid) => readlinkSync(`/proc/${pid}/ns/uts`));
    expect(told.slice(0, -1).map((answer) => (answer.ok ? answer.value.link.split(" ")[1] : answer.errno))).toEqual(
      files.map((_, nth) => links[nth % 2]),
    );
    expect(told.at(-1)).toEqual(refused("EINVAL"));
  });
});

test(
  "pid namespaces are told apart, also where the number is taken that whoever is born there would have",
  needs("root", "native", "package:util-linux"),
  async () => {
    const script = "echo 299 >/proc/sys/kernel/ns_last_pid; sleep 60 & echo ready; wait";
    const child = spawn("unshare", ["-p", "-f", "--mount-proc", "--kill-child", "sh", "-c", script], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    await once(child.stdout, "data");
    using taken = fileOf(`/proc/${child.pid ?? 0}/ns/pid_for_children`);
    using other = await box("-p", "-f", "--kill-child");
    using free = fileOf(`/proc/${other.pid}/ns/pid_for_children`);
    using wrong = fileOf("/proc/self/ns/net");
    using visitors = new Visitors(theAddon());
    const told = visitors.visitBorn("pid", [free, taken, wrong, free], PID_TOLD);
    const alive = ok({ state: "alive", pidMax: expect.stringMatching(/^[0-9]+$/) });
    expect(told).toEqual([alive, alive, refused("EINVAL"), alive]);
    child.kill("SIGKILL");
  },
);

const PR_GET_DUMPABLE = 3;
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
