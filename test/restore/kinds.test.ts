import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compareTopologies } from "../../src/topology/compare/compare.ts";
import { report } from "../../src/topology/compare/report.ts";
import type { NamespaceNode } from "../../src/topology/topology.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { credentialsOf, everyKind, process as processNode, topology } from "../support/topologies.ts";
import { Restored } from "./restored.ts";
import { lookAt } from "./round-trip.ts";

const own = () => credentialsOf(readFileSync("/proc/thread-self/status", "utf8"));
const kinds = () => everyKind(own());
const inside = (restored: Restored, label: string, flags: readonly string[], ...words: readonly string[]): string =>
  execFileSync("nsenter", ["-t", String(restored.pid(label)), ...flags, ...words], { encoding: "utf8" }).trim();

describe("every kind, by root", needs("root", "native", "kernel:pidfd-namespaces", "package:util-linux"), () => {
  test("hostnames, sysctls, offsets and owners are as the topology has them, as others see it", () => {
    using restored = new Restored(kinds());
    expect(inside(restored, "one", ["-u"], "uname", "-n")).toBe("inside");
    expect(inside(restored, "across", ["-u"], "uname", "-n")).toBe("outside");
    const sysctls = ["/proc/sys/kernel/shmmax", "/proc/sys/kernel/msgmax"];
    expect(inside(restored, "one", ["-i"], "cat", ...sysctls).split("\n")).toEqual(["1048576", "4096"]);
    expect(inside(restored, "one", ["-u"], "cat", "/proc/sys/kernel/domainname")).toBe("example.org");
    expect(restored.file("one", "timens_offsets").trim().split(/\s+/)).toEqual([
      "monotonic",
      "3600",
      "0",
      "boottime",
      "7200",
      "5",
    ]);
  });

  test("a mount namespace passes nothing on", () => {
    using restored = new Restored(kinds());
    const ways = inside(restored, "one", ["-m"], "findmnt", "-n", "-l", "-o", "PROPAGATION").split("\n");
    expect(ways).toContain("private");
    expect(ways.filter((way) => way.includes("shared"))).toEqual([]);
  });

  test("memberships cross, and what is only for children is neither entered nor born", () => {
    using restored = new Restored(kinds());
    expect(restored.link("across", "net")).toBe(restored.link("one", "net"));
    expect(restored.link("across", "user")).toBe(readlinkSync("/proc/self/ns/user"));
    expect(restored.link("holder", "user")).toBe(restored.link("one", "user"));
    expect(restored.link("holder", "net")).not.toBe(readlinkSync("/proc/self/ns/net"));
    expect(restored.link("pending-time", "time")).toBe(readlinkSync("/proc/self/ns/time"));
    expect(restored.link("pending-time", "time_for_children")).not.toBe(restored.link("pending-time", "time"));
    expect(() => restored.link("pending-pid", "pid_for_children")).toThrow("ENOENT");
    for (const kind of ["mnt", "cgroup", "time", "uts", "ipc"]) {
      expect(restored.link("one", kind)).not.toBe(readlinkSync(`/proc/self/ns/${kind}`));
    }
  });

  test("credentials, and descriptors with their numbers", () => {
    using restored = new Restored(kinds());
    expect(restored.status("one", "Uid")).toBe("200007 200007 200007 200007");
    expect(restored.status("one", "Gid")).toBe("200008 200008 200008 200008");
    expect(restored.status("one", "Groups")?.trim()).toBe("200003 200009");
    expect(restored.status("one", "NoNewPrivs")).toBe("1");
    expect(restored.status("one", "CapEff")).toBe("000001ffffffffff");
    const fds = `/proc/${restored.pid("holder")}/fd`;
    expect(readdirSync(fds).toSorted()).toEqual(["17", "3"]);
    expect(readlinkSync(join(fds, "3"))).toBe(restored.link("holder", "net"));
    expect(readFileSync(`${fds}info/3`, "utf8")).toMatch(/^flags:\s+02/m);
    expect(readFileSync(`${fds}info/17`, "utf8")).toMatch(/^flags:\s+0[01]/m);
    // No process can be born in a pid namespace whose first one has ended.
    expect(() => inside(restored, "holder", [`--pid=${fds}/17`], "true")).toThrow("nsenter");
  });

  test("of pid namespaces that bind mounts alone keep one has no process yet, and the other will have none", async () => {
    using folder = temporaryFolder();
    const at = (name: string): string => join(folder.path, name);
    const node = (label: "unborn" | "dead"): NamespaceNode => ({
      label,
      kind: "pid",
      owner: "ambient:user",
      parent: "ambient:pid",
      state: label,
    });
    const pins = ["unborn", "dead"].map((label) => ({ namespace: label, in: "ambient:mnt" as const, path: at(label) }));
    const image = topology({ namespaces: [node("unborn"), node("dead")], pins });
    using restored = new Restored(image);
    expect(report(compareTopologies(image, await lookAt(restored)))).toEqual([]);
    const born = (label: string) => spawnSync("nsenter", [`--pid=${at(label)}`, "readlink", "/proc/self/ns/pid"]);
    expect(born("dead").status).toBe(1);
    // Nobody was born there by being looked at: this one is the first process, and so it ends with it.
    expect(born("unborn").status).toBe(0);
    const [difference] = report(compareTopologies(image, await lookAt(restored)));
    expect(difference).toMatchObject({ fact: "state", expected: "unborn", found: "dead" });
  });

  test("the ids that files are judged by may be others than the effective ones", () => {
    const mine = own();
    const credentials = { ...mine, uid: { ...mine.uid, fs: 71 }, gid: { ...mine.gid, fs: 72 } };
    using restored = new Restored(
      topology({ namespaces: [], processes: [processNode({ label: "one", namespaces: {}, credentials })] }),
    );
    const ids = [mine.uid, mine.gid].map(({ real, effective, saved }) => `${real} ${effective} ${saved}`);
    expect([restored.status("one", "Uid"), restored.status("one", "Gid")]).toEqual([`${ids[0]} 71`, `${ids[1]} 72`]);
    expect(restored.status("one", "CapEff")).toBe(mine.capabilities.effective);
  });

  test("namespaces that bind mounts alone keep, and what was made for that goes with undo", () => {
    using folder = temporaryFolder();
    const pin = join(folder.path, "deep", "names");
    const image = topology({
      namespaces: [{ label: "names", kind: "uts", owner: "ambient:user", hostname: "pinned" }],
      processes: [processNode({ label: "none", namespaces: {}, credentials: own() })],
      pins: [{ namespace: "names", in: "ambient:mnt", path: pin }],
    });
    {
      using restored = new Restored(image);
      expect(execFileSync("nsenter", [`--uts=${pin}`, "uname", "-n"], { encoding: "utf8" })).toBe("pinned\n");
      expect(statSync(pin).isFile()).toBe(true);
      expect(restored.undo()).toEqual({ processes: 1, mounts: 1, files: 2, left: [] });
    }
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
