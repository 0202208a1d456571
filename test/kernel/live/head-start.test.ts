import { closeSync, openSync } from "node:fs";
import { expect, test } from "vitest";
import { CHEAP } from "../../../src/discover/cost.ts";
import { beginScan, begun, type HeadStart } from "../../../src/kernel/live/head-start.ts";
import { nativeFile } from "../../../src/kernel/live/native-files.ts";
import { LiveObserver } from "../../../src/kernel/live/observer.ts";
import type { ProcessScan, ScanWish } from "../../../src/kernel/observer.ts";
import { needs } from "../../support/needs.ts";
import { theAddon } from "../../support/the-addon.ts";

const WISH = { commandLines: "first", cgroups: false, everyDevice: false, ...CHEAP } as const satisfies ScanWish;
const began = (): HeadStart => {
  const start = beginScan(nativeFile("nsatlas.node") ?? "", WISH);
  if (start === undefined) throw new Error("nothing was begun");
  return start;
};
const scanned = async (start: HeadStart, wish: ScanWish): Promise<ProcessScan> => {
  const scan = await begun(start, wish);
  if (scan?.ok !== true) throw new Error("it is not what was begun");
  return scan.value;
};
/** The descriptors of namespaces that we have, as a scan tells them. */
function ownDescriptors({ pid, descriptors }: ProcessScan): number[] {
  if (descriptors === undefined) return [];
  const all = Array.from(descriptors.fd, (fd, nth) => ({ fd, pid: pid[descriptors.row[nth] ?? 0] }));
  return all.flatMap((one) => (one.pid === process.pid ? [one.fd] : []));
}

test(
  "a scan that was begun early shows what this process had open before, and nothing of what it opened since",
  needs("native"),
  async () => {
    const before = openSync("/proc/self/ns/uts", "r");
    const start = began();
    // The addon reads processes by ascending pid, in other threads: ours among the last.
    const since = Array.from({ length: 16 }, () => openSync("/proc/self/ns/uts", "r"));
    try {
      const own = ownDescriptors(await scanned(start, start.wish));
      expect(own).toContain(before);
      expect(own.filter((fd) => since.includes(fd))).toEqual([]);
      // So many would be there else.
      const later = ownDescriptors(await scanned(began(), start.wish));
      expect(later.filter((fd) => since.includes(fd))).toEqual(since);
    } finally {
      for (const fd of [before, ...since]) closeSync(fd);
    }
  },
);

test("columns of what is left out keep their places", needs("native"), async () => {
  const start = began();
  const raw = await start.raw;
  if (typeof raw === "number" || raw.descriptors === undefined) throw new Error("no descriptors were read");
  // As if all of ours were new.
  const rest = await scanned({ ...start, descriptors: new Set() }, start.wish);
  const isOurs = (nth: number): boolean => raw.pid[raw.descriptors?.row[nth] ?? 0] === process.pid;
  const kept = Array.from(raw.descriptors.fd.keys()).filter((nth) => !isOurs(nth));
  const { descriptors } = rest;
  expect(kept.length).toBeLessThan(raw.descriptors.count);
  expect(descriptors?.count).toBe(kept.length);
  for (const column of ["row", "tid", "fd", "inode", "flags", "target"] as const) {
    expect([column, Array.from(descriptors?.[column] ?? [])]).toEqual([
      column,
      kept.map((nth) => raw.descriptors?.[column][nth]),
    ]);
  }
});

test(
  "is used once, where it is what is wished for, and by nobody who looks at another proc",
  needs("native"),
  async () => {
    const start = began();
    for (const [other, wish] of Object.entries({
      threads: { ...start.wish, threads: 0 },
      descriptors: { ...start.wish, descriptors: 1 },
      "command lines": { ...start.wish, commandLines: true },
      devices: { ...start.wish, everyDevice: true },
      "foreign pids": { ...start.wish, ownPids: false },
      "some processes": { ...start.wish, pids: Int32Array.of(process.pid) },
    })) {
      expect([other, await begun(start, wish)]).toEqual([other, undefined]);
    }
    const raw = await start.raw;
    if (typeof raw === "number") throw new Error(`the scan gave ${raw}`);
    // One that shows that it was used.
    const told: HeadStart = { ...start, raw: Promise.resolve({ ...raw, vanished: 4711 }) };
    const vanished = async (observer: LiveObserver): Promise<number | undefined> => {
      const scan = await observer.scan(start.wish);
      return scan.ok ? scan.value.vanished : undefined;
    };
    const observer = new LiveObserver(theAddon(), "/proc", told);
    expect(await vanished(observer)).toBe(4711);
    expect(await vanished(observer)).not.toBe(4711);
    expect(await vanished(new LiveObserver(theAddon(), "/proc/../proc", told))).not.toBe(4711);
  },
);

test("nothing is begun without an addon, and nothing is thrown", () => {
  expect(beginScan("/nowhere/nsatlas.node", WISH)).toBe(undefined);
});
