import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { NSFS_IOCTLS, requestNumber } from "../../src/abi/ioctls.ts";
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

  test("what owns them and what lies above is what the kernel tells another program", () => {
    using restored = new Restored(nestedPods());
    const script =
      'open(F, "<", $ARGV[0]) or die; my $fd = ioctl(F, hex($ARGV[1]), 0) or die; print readlink("/proc/self/fd/$fd")';
    const above = (label: string, kind: "user" | "pid", request: "NS_GET_USERNS" | "NS_GET_PARENT"): string => {
      const number = requestNumber(NSFS_IOCTLS[request]).toString(16);
      const file = `/proc/${restored.pid(label)}/ns/${kind}`;
      return execFileSync("perl", ["-e", script, file, number], { encoding: "utf8" });
    };
    const linkOf = (label: string, kind: "user" | "pid"): string =>
      readlinkSync(`/proc/${restored.pid(label)}/ns/${kind}`);
    expect(above("worker", "pid", "NS_GET_PARENT")).toBe(linkOf("init-outer", "pid"));
    expect(above("init-outer", "pid", "NS_GET_PARENT")).toBe(readlinkSync("/proc/self/ns/pid"));
    expect(above("worker", "user", "NS_GET_PARENT")).toBe(linkOf("init-outer", "user"));
    expect(above("worker", "pid", "NS_GET_USERNS")).toBe(linkOf("init-inner", "user"));
    expect(above("init-outer", "pid", "NS_GET_USERNS")).toBe(linkOf("init-outer", "user"));
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

  test(
    "kernel.pid_max is each pid namespace's own, though numbers in use lie beyond it",
    needs("kernel:namespace-id", "package:util-linux"),
    () => {
      const before = readFileSync("/proc/sys/kernel/pid_max", "utf8");
      const image = nestedPods();
      const limits: Readonly<Record<string, number>> = { "pid-outer": 4000, "pid-inner": 301 };
      const namespaces = image.namespaces.map((node) =>
        node.kind === "pid" ? { ...node, pidMax: limits[node.label] ?? 0 } : node,
      );
      const processes = image.processes.map((one) => (one.label === "worker" ? { ...one, numbers: [40, 777] } : one));
      using restored = new Restored({ ...image, namespaces, processes });
      const limitOf = (label: string): string =>
        execFileSync("nsenter", ["-t", String(restored.pid(label)), "-p", "cat", "/proc/sys/kernel/pid_max"], {
          encoding: "utf8",
        }).trim();
      expect([limitOf("init-outer"), limitOf("init-inner"), limitOf("worker")]).toEqual(["4000", "301", "301"]);
      expect(restored.status("worker", "NSpid")?.split(" ").at(-1)).toBe("777");
      expect(readFileSync("/proc/sys/kernel/pid_max", "utf8")).toBe(before);
    },
  );

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
