import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openFd, READ } from "../../../src/kernel/live/open-fd.ts";
import { mostTasksIn } from "../../../src/kernel/live/most-tasks.ts";
import { makeRoom } from "../../../src/kernel/live/room.ts";
import { needs } from "../../support/needs.ts";
import { theAddon } from "../../support/the-addon.ts";

/** Runs `use` with a folder in place of /proc whose loadavg says this. */
function withLoadavg<T>(text: string, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "room-"));
  try {
    writeFileSync(join(folder, "loadavg"), text);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each([
  ["as many as the kernel has", "0.20 0.18 0.12 1/80 11206\n", 80],
  ["as many as got a number in a container", "0.20 0.18 0.12 3/80000 41\n", 41],
  ["none where it is no loadavg", "0.20\n", 0],
])("the most tasks that a /proc can show: %s", (_, text, most) => {
  expect(withLoadavg(text, mostTasksIn)).toBe(most);
});

test("a folder without loadavg shows no tasks", () => {
  expect(mostTasksIn("/proc/self/fdinfo")).toBe(0);
});

/** How large our table of descriptors is. */
const tableSize = (): number => Number(/^FDSize:\s*(\d+)$/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1]);

describe("the table of descriptors", needs("native"), () => {
  test("is made large where there are many tasks, and nothing stays open", () => {
    const { fcntl, close } = theAddon();
    const asked: number[] = [];
    const native = {
      fcntl: (...words: Parameters<typeof fcntl>) => asked.push(words[2]) && fcntl(...words),
      close,
    };
    const opened = openFd("/proc", READ);
    if (!opened.ok) throw new Error(opened.errno);
    using proc = opened.value;
    withLoadavg("0.20 0.18 0.12 1/999 99999\n", (folder) => makeRoom(native, folder, proc));
    expect(asked).toEqual([]);
    withLoadavg("0.20 0.18 0.12 1/1000 99999\n", (folder) => makeRoom(native, folder, proc));
    expect(asked).toHaveLength(1);
    const [number = 0] = asked;
    // Where a descriptor may have no such number, there is no room to make.
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"))?.[1];
    if (Number(limit ?? Infinity) > number) expect(tableSize()).toBeGreaterThan(number);
    expect(close(number)).toBe(-EBADF);
  });
});
const EBADF = 9;
