import { execFileSync, spawnSync } from "node:child_process";
import { readlinkSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cat } from "../support/live-scene.ts";
import { needs } from "../support/needs.ts";
import { LOOPBACK, process as processNode, rootIn, topology, userIn } from "../support/topologies.ts";
import { Restored } from "./restored.ts";
import { net } from "../support/network-topologies.ts";

describe("user namespaces, by root", needs("root", "native", "kernel:pidfd-namespaces", "package:util-linux"), () => {
  test("many extents that are not in order, a projid map, setgroups; and one that has no map", () => {
    const extents = [60, 10, 40, 0, 30, 50, 20].map((inside) => ({ inside, outside: 100_000 + inside * 10, count: 5 }));
    const image = topology({
      namespaces: [
        {
          label: "many",
          kind: "user",
          owner: "ambient:user",
          creator: { uid: 1234 },
          uidMap: extents,
          gidMap: extents,
          projidMap: extents,
          setgroups: "deny",
          limits: {},
        },
        { label: "bare", kind: "user", owner: "ambient:user", creator: { uid: 0 }, setgroups: "allow", limits: {} },
      ],
      processes: [
        processNode({ label: "mapped", namespaces: { user: "many" }, credentials: rootIn({ uid: 31, gid: 12 }) }),
        processNode({ label: "nobody", namespaces: { user: "bare" }, credentials: { ...rootIn(), uid: {}, gid: {} } }),
      ],
    });
    using restored = new Restored(image);
    const rows = (label: string, file: string): readonly string[] =>
      cat(`/proc/${restored.pid(label)}/${file}`)
        .split("\n")
        .filter(Boolean)
        .map((line) => line.trim().replaceAll(/\s+/g, " "));
    const sorted = [0, 10, 20, 30, 40, 50, 60].map((inside) => `${inside} ${100_000 + inside * 10} 5`);
    for (const file of ["uid_map", "gid_map", "projid_map"]) expect(rows("mapped", file)).toEqual(sorted);
    expect(rows("mapped", "setgroups")).toEqual(["deny"]);
    expect(restored.status("mapped", "Uid")).toBe("100301 100301 100301 100301");
    expect(["uid_map", "gid_map", "projid_map"].flatMap((file) => rows("nobody", file))).toEqual([]);
    expect(rows("nobody", "setgroups")).toEqual(["allow"]);
  });

  test("one between two that no process is in, and a network namespace that belongs above its only member", () => {
    const image = topology({
      namespaces: [
        userIn("top", "ambient:user", 100_000, 1000),
        userIn("middle", "top", 100, 100, 7),
        userIn("bottom", "middle", 10, 10, 3),
        net({ label: "net", devices: [LOOPBACK] }),
      ],
      processes: [
        processNode({ label: "above", namespaces: { user: "top" } }),
        processNode({ label: "below", namespaces: { user: "bottom", net: "net" } }),
      ],
    });
    using restored = new Restored(image);
    expect(restored.link("below", "user")).not.toBe(restored.link("above", "user"));
    expect(
      cat(`/proc/${restored.pid("below")}/uid_map`)
        .trim()
        .split(/\s+/),
    ).toEqual(["0", "100110", "10"]);
    expect(restored.link("below", "net")).not.toBe(readlinkSync("/proc/self/ns/net"));
    // lsns follows NS_GET_PARENT and NS_GET_USERNS by itself.
    const inode = (link: string): string => /\d+/.exec(link)?.[0] ?? "";
    const rows = execFileSync("lsns", ["-n", "-r", "-o", "NS,PNS,ONS"], { encoding: "utf8" })
      .split("\n")
      .map((line) => line.split(" "));
    const below = rows.find(([ns]) => ns === inode(restored.link("below", "user")));
    const middle = below?.[1];
    expect(middle).toMatch(/^[1-9]\d+$/);
    expect(middle).not.toBe(inode(restored.link("above", "user")));
    const owner = rows.find(([ns]) => ns === inode(restored.link("below", "net")))?.[2];
    expect(owner).toBe(inode(readlinkSync("/proc/self/ns/user")));
  });

  test("limits of each, from within, and what they keep from being made; who made each", () => {
    const image = topology({
      namespaces: [
        { ...userIn("outer", "ambient:user", 100_000, 1000, 1234), limits: { user: 5, net: 7, uts: 0 } },
        { ...userIn("inner", "outer", 10, 100, 3), limits: { net: 2 } },
      ],
      processes: [
        processNode({ label: "one", namespaces: { user: "outer" } }),
        processNode({ label: "two", namespaces: { user: "inner" } }),
      ],
    });
    using restored = new Restored(image);
    const inside = (label: string, ...words: readonly string[]) =>
      spawnSync("nsenter", ["-t", String(restored.pid(label)), "-U", ...words], { encoding: "utf8" });
    const limit = (label: string, kind: string): string =>
      inside(label, "cat", `/proc/sys/user/max_${kind}_namespaces`).stdout.trim();
    expect(["user", "net", "uts"].map((kind) => limit("one", kind))).toEqual(["5", "7", "0"]);
    expect(limit("two", "net")).toBe("2");
    expect(limit("two", "ipc")).toBe(limit("one", "ipc"));
    // As the kernel counts, below as well.
    for (const label of ["one", "two"])
      expect(inside(label, "unshare", "-u", "true").stderr).toContain("No space left on device");
    expect(inside("two", "unshare", "-n", "true")).toMatchObject({ status: 0 });

    // NS_GET_OWNER_UID, asked by perl, from here.
    const script =
      'open(F, "<", $ARGV[0]) or die; my $id = pack("I", 0); ioctl(F, 0xb704, $id) or die; print unpack("I", $id)';
    const madeBy = (label: string): string =>
      execFileSync("perl", ["-e", script, `/proc/${restored.pid(label)}/ns/user`], { encoding: "utf8" });
    expect([madeBy("one"), madeBy("two")]).toEqual(["1234", "100003"]);
  });
});
