import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, describe, test } from "vitest";
import { decodeTopology } from "../../src/topology/image/decode.ts";
import { childOf, LiveScene } from "../support/live-scene.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { process as processNode, topology, userIn } from "../support/topologies.ts";
import { root } from "../support/viewers.ts";
import { Restored } from "./restored.ts";

/** Number, parent, session, group and name of everybody in a pid namespace, as ps(1) says them from inside. */
function table(first: number): readonly string[] {
  const script = "mount -t proc proc /proc && exec ps -eo pid=,ppid=,sid=,pgid=,comm=";
  const words = ["-t", String(first), "-p", "unshare", "-m", "sh", "-c", script];
  const rows = execFileSync("nsenter", words, { encoding: "utf8" }).trim().split("\n");
  return rows.map((row) => row.trim().replaceAll(/ +/g, " ")).filter((row) => !row.endsWith(" ps"));
}

/** Those of whom ps says so: of a leader that has ended no row has the number. */
const led = (rows: readonly string[], column: 2 | 3): readonly number[] => {
  const cells = rows.map((row) => row.split(" ").map(Number));
  const there = new Set(cells.map(([pid]) => pid));
  return [...new Set(cells.map((cell) => cell[column] ?? 0))].filter((number) => !there.has(number));
};

/**
 * The first process leads a session. Beside it: sessions whose leader, a grandchild of it or a child, had a child that came to the
 * first process; one whose leader has ended, of two; somebody who had a child before it began a session; and somebody in a group
 * whose leader has ended.
 */
const PARTS = [
  'setsid sh -c "(sleep 1001 &); exec sleep 1002"',
  'exec setsid sh -c "(sleep 1008 &); exec sleep 1009"',
  'exec setsid sh -c "sleep 1003 & sleep 1004 &"',
  "sleep 1005 & exec setsid sleep 1006",
  `perl -e 'setpgrp; exec "sleep", "1007" if fork == 0'`,
];
/** Zombies are nobody's concern there. */
const FIRST =
  '$SIG{CHLD} = "IGNORE"; for (@ARGV) { exec "sh", "-c", $_ if fork == 0 } $| = 1; print "ready\\n"; <STDIN>';
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const SLEEPERS = 9;
/** With the first process, and the shell above the first of the leaders. */
const ALL = SLEEPERS + 2;
const LIMIT_MS = 60_000;

const NEEDS = ["root", "native", "kernel:pidfd-namespaces", "package:util-linux"] as const;

describe("sessions and groups, as ps sees them", needs(...NEEDS), () => {
  test(
    "leaders that are elsewhere in the tree, that have ended, or that came later",
    async () => {
      using folder = temporaryFolder();
      const file = join(folder.path, "sessions.json");
      const name = `test-${process.pid}-sessions`;
      let before: readonly string[];
      {
        using scene = new LiveScene(root);
        const words = ["setsid", "perl", "-e", quoted(FIRST), ...PARTS.map(quoted)];
        const unshare = await scene.play(`exec unshare -p --fork --kill-child ${words.join(" ")}`);
        const first = childOf(unshare);
        const isAsleep = (row: string): boolean => row.endsWith(" sleep");
        const settled = (): boolean => table(first).filter(isAsleep).length === SLEEPERS && table(first).length === ALL;
        await expect.poll(settled, { timeout: LIMIT_MS }).toBe(true);
        before = table(first);
        expect(await root.nsatlas(["checkpoint", String(first), "-o", file])).toMatchObject({ code: 0 });
        expect(table(first)).toEqual(before);
      }
      // Each sort is there: else nothing would be shown.
      expect([led(before, 2).length, led(before, 3).length]).toEqual([1, 2]);
      const { findings, processes } = await decodeTopology(readFileSync(file, "utf8"));
      expect(findings.filter((one) => one.class === "degraded")).toEqual([]);
      expect(processes).toHaveLength(ALL);

      const restored = await root.nsatlas(["restore", file, "--name", name, "--json"]);
      try {
        expect(restored).toMatchObject({ code: 0, stderr: "" });
        const { verified, processes: made }: { verified: boolean; processes: { pid: number }[] } = JSON.parse(
          restored.stdout,
        );
        expect(verified).toBe(true);
        expect(table(made[0]?.pid ?? 0)).toEqual(before);
      } finally {
        await root.nsatlas(["restore", "--undo", name]);
      }
    },
    2 * LIMIT_MS,
  );

  test("orphans whose parent is no first process, and a group led from within a pid namespace below", () => {
    const box = { user: "box", pid: "pids" };
    using restored = new Restored(
      topology({
        namespaces: [
          userIn("box", "ambient:user", 100_000, 1000),
          { label: "pids", kind: "pid", owner: "box", parent: "ambient:pid", state: "alive" },
          { label: "below", kind: "pid", owner: "box", parent: "pids", state: "alive" },
        ],
        processes: [
          processNode({ label: "first", numbers: [1], namespaces: box }),
          processNode({ label: "reaper", parent: "first", numbers: [2], session: 1, group: 33, namespaces: box }),
          processNode({ label: "leader", parent: "reaper", numbers: [3], namespaces: box }),
          processNode({ label: "orphan", parent: "reaper", numbers: [4], session: 3, group: 3, namespaces: box }),
          processNode({ label: "member", parent: "orphan", numbers: [5], session: 3, group: 77, namespaces: box }),
          processNode({ label: "other", parent: "leader", numbers: [6], session: 3, group: 77, namespaces: box }),
          processNode({ label: "late", parent: "first", numbers: [7], session: 99, group: 99, namespaces: box }),
          processNode({ label: "later", parent: "reaper", numbers: [8], session: 99, group: 99, namespaces: box }),
          processNode({
            label: "inner",
            parent: "reaper",
            numbers: [33, 1],
            namespaces: { user: "box", pid: "below" },
          }),
        ],
        findings: [{ class: "degraded", element: "inner", code: "session-outside", details: {} }],
      }),
    );
    // Field 4 of stat(5) is the parent as we number it; those of status are as the pid namespaces do, the innermost last.
    const told = (label: string): readonly string[] => [
      ...["NSpid", "NSsid", "NSpgid"].map(
        (field) => restored.status(label, field)?.split(" ").slice(1).join(" ") ?? "",
      ),
      restored.entry.processes.find(({ pid }) => String(pid) === restored.status(label, "PPid"))?.label ?? "outside",
    ];
    expect(told("reaper")).toEqual(["2", "1", "33", "first"]);
    expect(told("orphan")).toEqual(["4", "3", "3", "reaper"]);
    expect(told("member")).toEqual(["5", "3", "77", "orphan"]);
    expect(told("other")).toEqual(["6", "3", "77", "leader"]);
    expect(told("late")).toEqual(["7", "99", "99", "first"]);
    expect(told("later")).toEqual(["8", "99", "99", "reaper"]);
    expect(told("inner")).toEqual(["33 1", "1 0", "33 1", "reaper"]);
  });
});
