import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/abi/namespace-kinds.ts";
import { discover } from "../../src/discover/discover.ts";
import { withFirstCommandLines } from "../../src/discover/first-command-lines.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import type { ProcessRecord } from "../../src/snapshot/types.ts";
import { holdShell } from "../kernel/live/held-process.ts";
import { needs } from "../support/needs.ts";
import { theAddon } from "../support/the-addon.ts";

const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date() };

describe("command lines of the first process in each namespace", needs("native"), () => {
  const observer = () => new LiveObserver(theAddon());
  const seen = async (): Promise<readonly ProcessRecord[]> => {
    const snapshot = await discover(observer(), { commandLines: "first", traces: false, maps: false }, stamp);
    if (!snapshot.ok) throw new Error(snapshot.errno);
    return snapshot.value.processes;
  };
  const still = { threads: [], descriptors: [], ended: new Set<number>() };

  test("are read, and not those of all others", async () => {
    // More than there are threads of ours, each of which may take one for the first.
    const held = await Promise.all(Array.from({ length: 8 }, () => holdShell("")));
    const processes = await seen();
    const met = new Set<string>();
    for (const { namespaces, kernelThread, zombie, commandLine } of processes) {
      const before = met.size;
      for (const kind of KINDS) if (namespaces[kind] !== undefined) met.add(namespaces[kind]);
      if (met.size > before && !kernelThread && !zombie) expect(commandLine).toBeDefined();
    }
    const pids = new Set(held.map(({ pid }) => pid));
    const ours = processes.filter(({ pid }) => pids.has(pid));
    expect(ours).toHaveLength(8);
    expect(ours.some(({ commandLine }) => commandLine === undefined)).toBe(true);
    for (const one of held) await one[Symbol.asyncDispose]();
  });

  test("are read once more where another process is the first by now", async () => {
    const [self] = (await seen()).filter(({ pid }) => pid === process.pid);
    if (self === undefined) throw new Error("we are not in what we see");
    const { commandLine: _, ...unread } = self;
    const words = readFileSync("/proc/self/cmdline", "utf8").slice(0, -1).split("\0");
    const again = async (record: ProcessRecord, unchanged: boolean) =>
      (await withFirstCommandLines(observer(), { ...still, processes: [record], unchanged })).processes;

    expect(await again(unread, false)).toEqual([{ ...unread, commandLine: words }]);
    expect(await again(unread, true)).toEqual([unread]);
    const another = { ...unread, startTime: unread.startTime - 1 };
    expect(await again(another, false)).toEqual([another]);
  });
});
