import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import * as calls from "../../src/kernel/live/holder-calls.ts";
import { openHolders } from "../../src/kernel/live/holders.ts";
import { comeLater } from "../../src/restore/come-later.ts";
import type { NamespaceNode } from "../../src/topology/topology.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { theAddon } from "../support/the-addon.ts";
import { topology, userIn } from "../support/topologies.ts";
import { Restored } from "./restored.ts";

const mount = (label: string, owner: string): NamespaceNode => ({ label, kind: "mnt", owner });
/** What another program sees by way of the file of a mount namespace. */
const within = (file: string, ...words: readonly string[]): string =>
  execFileSync("nsenter", [`--mount=${file}`, ...words], { encoding: "utf8" }).trim();
const linkOf = (file: string): string => within(file, "readlink", "/proc/self/ns/mnt");

describe(
  "mount namespaces that are bound in others",
  needs("root", "native", "kernel:pidfd-namespaces", "package:util-linux"),
  () => {
    test("each comes after those it is bound in, whoever owns it", () => {
      using folder = temporaryFolder();
      const at = (name: string): string => `${folder.path}/${name}`;
      // Owned the other way round: whoever makes what one owner has after the other makes the first before the second.
      const image = topology({
        namespaces: [
          userIn("first", "ambient:user", 100_000, 1000),
          userIn("second", "ambient:user", 200_000, 1000),
          mount("outermost", "second"),
          mount("middle", "first"),
          mount("innermost", "ambient:user"),
        ],
        pins: [
          { namespace: "innermost", in: "middle", path: at("innermost") },
          { namespace: "middle", in: "outermost", path: at("middle") },
          { namespace: "outermost", in: "ambient:mnt", path: at("outermost") },
        ],
      });
      using restored = new Restored(image);
      expect(restored.entry.mounts.map(({ path }) => path)).toEqual([at("outermost")]);
      const outermost = at("outermost");
      const middle = ["nsenter", `--mount=${at("middle")}`];
      const innermost = [...middle, "nsenter", `--mount=${at("innermost")}`];
      const links = [[], middle, innermost].map((way) => within(outermost, ...way, "readlink", "/proc/self/ns/mnt"));
      expect(new Set([...links, linkOf("/proc/self/ns/mnt")]).size).toBe(4);
    });

    test("a newer one counts as later on every CPU, and whoever made it may run where it could before", () => {
      using holders = openHolders(theAddon());
      const cpus = allowedCpus();
      const place = { holders, holder: holders.start() };
      const masks = cpus.map((cpu) => {
        const mask = new Uint8Array(128);
        mask[cpu >> 3] = 1 << (cpu & 7);
        return mask;
      });
      // Each further one is made on the next CPU, so that some have a higher id than what comes after them (Linux 6.18).
      for (const mask of masks) {
        const by = { holders, holder: holders.start() };
        const answers = [
          calls.result(place, "sched_setaffinity", [0, mask.length, mask]),
          calls.unshare(place, NAMESPACE_KINDS.mnt.flag),
        ];
        expect(answers.map(({ ok }) => ok)).toEqual([true, true]);
        for (const other of masks) {
          calls.result(by, "sched_setaffinity", [0, other.length, other]);
          const before = cpusOf(by.holder.pid);
          expect(calls.unshare(by, NAMESPACE_KINDS.mnt.flag).ok).toBe(true);
          const older = calls.open(by, `/proc/${place.holder.pid}/ns/mnt`, 0);
          expect(comeLater(by, older.ok ? [older.value] : [])).toMatchObject({ ok: true });
          expect(cpusOf(by.holder.pid)).toBe(before);
          if (older.ok) calls.close(by, older.value);
          expect(isBindable(place.holder.pid, by.holder.pid)).toBe(true);
        }
      }
    });
  },
);

/** Whether mount(8) binds a process's mount namespace in another process's. */
function isBindable(into: number, of: number): boolean {
  const bind = `mount --make-rprivate / && mount --bind /proc/${of}/ns/mnt /proc/version && umount /proc/version`;
  return spawnSync("nsenter", [`--mount=/proc/${into}/ns/mnt`, "sh", "-c", bind]).status === 0;
}

const cpusOf = (pid: number | "self"): string =>
  /^Cpus_allowed_list:\s*(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "";

/** Two are enough to have ids out of order. */
const allowedCpus = (): readonly number[] =>
  cpusOf("self")
    .split(",")
    .flatMap((range) => {
      const [first = 0, last = first] = range.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, nth) => first + nth);
    })
    .slice(0, 2);
