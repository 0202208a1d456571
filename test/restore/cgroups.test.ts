import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cgroupFolder } from "../../src/restore/carry-cgroup.ts";
import { cgroupRefusal } from "../../src/restore/judge-files.ts";
import { compareTopologies } from "../../src/topology/compare/compare.ts";
import { report } from "../../src/topology/compare/report.ts";
import { needs } from "../support/needs.ts";
import { process as processNode, topology, userIn } from "../support/topologies.ts";
import { Restored } from "./restored.ts";
import { lookAt } from "./round-trip.ts";

describe("nested cgroup roots", needs("root", "native", "kernel:pidfd-namespaces", "package:util-linux"), () => {
  test("each is the root that was recorded, from outside and from within, and what was made for them goes", async () => {
    const outer = `/nsatlas-test-${process.pid}`;
    const inner = `${outer}/deep/inner`;
    const image = topology({
      namespaces: [
        userIn("box", "ambient:user", 100_000, 1000),
        { label: "outer", kind: "cgroup", owner: "ambient:user", root: outer },
        { label: "inner", kind: "cgroup", owner: "box", root: inner },
      ],
      processes: [
        processNode({ label: "one", namespaces: { user: "box", cgroup: "outer" } }),
        processNode({ label: "two", namespaces: { user: "box", cgroup: "inner" } }),
      ],
    });
    // A container whose hierarchies are not its own to write to.
    if (cgroupRefusal(outer) !== undefined) {
      expect(() => new Restored(image)).toThrow("cgroup");
      return;
    }
    {
      using restored = new Restored(image);
      const within = (label: string, of: string): readonly string[] => {
        const words = ["-t", String(restored.pid(label)), "-C", "cat", `/proc/${restored.pid(of)}/cgroup`];
        return execFileSync("nsenter", words, { encoding: "utf8" }).split("\n");
      };
      const ends = (lines: readonly string[], path: string): boolean => lines.some((line) => line.endsWith(`:${path}`));
      expect(ends(restored.file("one", "cgroup").split("\n"), outer)).toBe(true);
      expect(ends(restored.file("two", "cgroup").split("\n"), inner)).toBe(true);
      expect(ends(within("one", "two"), "/deep/inner")).toBe(true);
      expect(ends(within("two", "one"), "/../..")).toBe(true);
      expect(report(compareTopologies(image, await lookAt(restored)))).toEqual([]);
    }
    expect([inner, outer].map((root) => existsSync(cgroupFolder(root) ?? "/"))).toEqual([false, false]);
  });
});
