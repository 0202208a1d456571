import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { nestedPods } from "../support/topologies.ts";
import { Restored } from "./restored.ts";

const RSS_LIMIT_KB = 32;

describe("nested user and pid namespaces, by root", needs("root", "native", "kernel:pidfd-namespaces"), () => {
  test("maps, owners, parents, numbers at all levels and credentials are as the topology has them", () => {
    using restored = new Restored(nestedPods());
    expect(restored.file("init-outer", "uid_map").trim().split(/\s+/)).toEqual(["0", "100000", "65536"]);
    expect(restored.file("init-inner", "uid_map").trim().split(/\s+/)).toEqual(["0", "101000", "1000"]);
    expect(restored.status("init-inner", "NSpid")?.split(" ").slice(1)).toEqual(["33", "1"]);
    expect(restored.status("worker", "NSpid")?.split(" ").slice(1)).toEqual(["40", "7"]);
    expect(restored.status("worker", "Uid")).toBe("101003 101003 101003 101003");
    expect(restored.status("worker", "Gid")).toBe("101004 101004 101004 101004");
    expect(restored.status("init-inner", "PPid")).toBe(String(restored.pid("init-outer")));
    expect(restored.status("worker", "PPid")).toBe(String(restored.pid("init-inner")));
    expect(restored.link("worker", "user")).toBe(restored.link("init-inner", "user"));
    expect(restored.link("visitor", "user")).toBe(restored.link("init-outer", "user"));
    expect(restored.link("visitor", "pid")).toBe(restored.link("worker", "pid"));
    expect(restored.link("init-outer", "pid")).not.toBe(restored.link("worker", "pid"));
  });

  test("each only waits, under the recorded name, with no descriptor and hardly any memory", () => {
    using restored = new Restored(nestedPods());
    for (const { label, pid } of restored.entry.processes) {
      expect(restored.file(label, "comm")).toBe(`${label}\n`);
      expect(readdirSync(`/proc/${pid}/fd`)).toEqual([]);
      expect(Number.parseInt(restored.status(label, "VmRSS") ?? "", 10)).toBeLessThan(RSS_LIMIT_KB);
      expect(Number(/^Rss:\s+(\d+)/m.exec(restored.file(label, "smaps_rollup"))?.[1])).toBeLessThan(RSS_LIMIT_KB);
    }
  });

  test("another program can enter, and sees itself inside", needs("package:util-linux"), () => {
    using restored = new Restored(nestedPods());
    const target = String(restored.pid("worker"));
    const script = "readlink /proc/self/ns/user; cat /proc/self/uid_map; id -u";
    const seen = execFileSync("nsenter", ["-t", target, "-U", "-S", "3", "-G", "4", "sh", "-c", script], {
      encoding: "utf8",
    });
    expect(seen.trim().split(/\s+/)).toEqual([restored.link("worker", "user"), "0", "1000", "1000", "3"]);
  });

  test("undone, no process is left and nothing is registered", () => {
    using restored = new Restored(nestedPods());
    const { processes } = restored.entry;
    expect(restored.undo()).toEqual({ processes: 4, mounts: 0, files: 0, left: [] });
    expect(processes.filter(({ pid }) => existsSync(`/proc/${pid}/ns/uts`))).toEqual([]);
    expect(restored.registry.names()).toEqual([]);
  });
});
