import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeTopology } from "../../src/topology/image/decode.ts";
import type { NamespaceNode, Topology } from "../../src/topology/topology.ts";
import type { NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import { cat, childOf, linksInImage, LiveScene, readLinks } from "../support/live-scene.ts";
import { needs } from "../support/needs.ts";
import { ordinaryUser, root, describeAsEachViewer, type Viewer } from "../support/viewers.ts";

/** The image of a process and all below, and what was said of it; the scene's processes are as they were before. */
async function imageOf(viewer: Viewer, ...words: readonly string[]): Promise<Topology> {
  const { stdout, stderr, code } = await viewer.nsatlas(["checkpoint", ...words, "-o", "-"]);
  expect([code, stderr.includes("nsatlas:")]).toEqual([0, false]);
  return decodeTopology(stdout);
}

/** What readlink(1) and cat(1) say of the image's processes is in the image. */
function expectFacts(image: Topology): void {
  const inImage = linksInImage(image, readLinks("self"));
  expect(inImage.size).toBeGreaterThan(0);
  for (const [pid, links] of inImage) {
    const told = readLinks(pid);
    const { pid_for_children: children, ...others } = links;
    expect({ pid, ...others }).toEqual({ pid, ...others, ...without(told, "pid_for_children") });
    // Of an unborn one there is no link to read.
    if (told.pid_for_children !== undefined) expect(children).toBe(told.pid_for_children);
    const numbers =
      /^NSpid:\t(.*)$/m
        .exec(cat(`/proc/${pid}/status`))?.[1]
        ?.split("\t")
        .map(Number) ?? [];
    const node = image.processes.find(({ identity }) => identity?.pid === pid);
    expect(node?.numbers).toEqual(numbers.slice(numbers.length - (node?.numbers.length ?? 0)));
  }
}
const without = <T extends object, K extends keyof T>(record: T, key: K): Omit<T, K> => {
  const { [key]: _, ...rest } = record;
  return rest;
};

const codes = ({ findings }: Topology, worst: "degraded" | "refuse"): string[] =>
  findings.filter((one) => one.class === worst).map(({ code }) => code);
const only = <K extends NamespaceKind>(image: Topology, kind: K): Extract<NamespaceNode, { kind: K }>[] =>
  image.namespaces.filter((node): node is Extract<NamespaceNode, { kind: K }> => node.kind === kind);

describe("easy", root.needs, () => {
  test("a name of a host, sysctls of ipc", async () => {
    using scene = new LiveScene(root);
    const script = "hostname box; echo 1 > /proc/sys/kernel/shm_rmid_forced; echo 12 > /proc/sys/fs/mqueue/msg_max";
    const pid = await scene.play(`exec unshare -iu sh -c '${script}; echo ready; exec sleep 60'`);
    const image = await imageOf(root, `${pid}`);
    expectFacts(image);
    expect(only(image, "uts").map(({ hostname }) => hostname)).toEqual([inside(pid, "-u", "hostname")]);
    expect(only(image, "ipc").map(({ sysctls }) => sysctls)).toEqual([
      { "fs.mqueue.msg_max": "12", "kernel.shm_rmid_forced": "1" },
    ]);
    expect(image.namespaces.map(({ owner }) => owner)).toEqual(["ambient:user", "ambient:user"]);
    expect(codes(image, "degraded")).toEqual([]);
  });

  test("a user namespace with many extents that were not sorted, and a projid map; one without any map", async () => {
    using scene = new LiveScene(root);
    const extents = [60, 10, 40, 0, 30, 50, 20].map((first) => `${first} ${100_000 + first * 10} 5`);
    const text = `${extents.join("\n")}\n`;
    const bare = await scene.play("exec unshare -U sh -c 'echo ready; exec sleep 60'");
    const pid = await scene.play("exec unshare -U sh -c 'echo ready; exec sleep 60'");
    for (const file of ["uid_map", "gid_map", "projid_map"]) writeFileSync(`/proc/${pid}/${file}`, text);
    const image = await imageOf(root, `${pid}`, `${bare}`);
    expectFacts(image);
    const [mapped, other] = only(image, "user").toSorted((a, b) => (b.uidMap?.length ?? 0) - (a.uidMap?.length ?? 0));
    const told = cat(`/proc/${pid}/uid_map`).trim().split("\n");
    const rows = told.map((line) => line.trim().split(/\s+/).map(Number));
    expect(mapped?.uidMap?.map(({ inside: first, outside, count }) => [first, outside, count])).toEqual(rows);
    expect(rows.map(([first]) => first)).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect(mapped).toMatchObject({ gidMap: mapped?.uidMap, projidMap: mapped?.uidMap, creator: { uid: 0 } });
    expect(other).not.toHaveProperty("uidMap");
  });
});

describe("medium", root.needs, () => {
  test("made by another uid, owning a network namespace; ids and maps are numbers of the parent", async () => {
    using scene = new LiveScene(root);
    const nested = 'unshare -Un sh -c "echo ready; exec sleep 60"';
    const pid = await scene.play(`exec setpriv --reuid 1234 --regid 1234 --clear-groups unshare -Ur sh -c '${nested}'`);
    const image = await imageOf(root, `${pid}`);
    expectFacts(image);
    const users = only(image, "user");
    // Seen from here the second one was made by 1234 as well, who is 0 in the first one.
    expect(users.map(({ owner, creator, uidMap }) => ({ owner, creator, uidMap }))).toEqual([
      { owner: "ambient:user", creator: { uid: 1234 }, uidMap: [{ inside: 0, outside: 1234, count: 1 }] },
      { owner: users[0]?.label, creator: { uid: 0 }, uidMap: undefined },
    ]);
    expect(only(image, "net").map(({ owner }) => owner)).toEqual([users[1]?.label]);
  });

  test("clocks that two members share, and a pending time namespace", needs("kernel:time-namespaces"), async () => {
    using scene = new LiveScene(root);
    const two = "sleep 60 & echo ready; exec sleep 60";
    const shared = await scene.play(`exec unshare -T --monotonic 86400 --boottime -3 --fork sh -c '${two}'`);
    const pending = await scene.play("exec unshare -T --monotonic 7 sh -c 'echo ready; read line'");
    const image = await imageOf(root, `${shared}`, `${pending}`);
    expectFacts(image);
    expect(only(image, "time").map(({ monotonic, boottime }) => [monotonic?.seconds, boottime?.seconds])).toEqual([
      [86_400, -3],
      [7, 0],
    ]);
  });

  test("numbers that a network namespace has for others, without any device", needs("package:iproute2"), async () => {
    using scene = new LiveScene(root);
    const stranger = await scene.play("exec unshare -n sh -c 'echo ready; exec sleep 60'");
    const names = [
      "mount -t tmpfs none /run; mkdir /run/netns",
      "touch /run/netns/near; unshare --net=/run/netns/near true; ip netns set near 7",
      `touch /run/netns/far; mount --bind /proc/${stranger}/ns/net /run/netns/far; ip netns set far 9; umount /run/netns/far`,
    ];
    const pid = await scene.play(`exec unshare -mn sh -c '${names.join("; ")}; echo ready; exec sleep 60'`);
    const image = await imageOf(root, `${pid}`);
    expect(inside(pid, "-n", "ip", "netns", "list-id").match(/\d+/g)).toEqual(["7", "9"]);
    expect(only(image, "net").map(({ netnsids }) => netnsids)).toEqual([[{ id: 7, namespace: "net-2" }], []]);
    expect(image.pins).toEqual([{ namespace: "net-2", in: "mnt-1", path: "/run/netns/near" }]);
    expect(image.findings.filter((one) => one.class === "degraded")).toEqual([
      { class: "degraded", element: "net-1", code: "netnsid-elsewhere", details: { ids: "9" } },
    ]);
  });

  test("a network namespace of the machine's owner, held by a process in a user namespace below", async () => {
    using scene = new LiveScene(root);
    const pid = await scene.play("exec unshare -n unshare -Ur sh -c 'echo ready; exec sleep 60'");
    const image = await imageOf(root, `${pid}`);
    expectFacts(image);
    expect(only(image, "net").map(({ owner }) => owner)).toEqual(["ambient:user"]);
  });
});

describe("hard", root.needs, () => {
  test("a user namespace that no process is in, between two", async () => {
    using scene = new LiveScene(root);
    // The same process goes on to the next one.
    const script = 'exec unshare -U sh -c "echo ready; exec sleep 60"';
    const pid = await scene.play(`exec unshare -U -r sh -c '${script}'`);
    const image = await imageOf(root, `${pid}`);
    expectFacts(image);
    expect(only(image, "user").map(({ owner, uidMap }) => [owner, uidMap?.[0]])).toEqual([
      ["ambient:user", { inside: 0, outside: 0, count: 1 }],
      ["user-1", undefined],
    ]);
    expect(image.processes.map(({ namespaces }) => namespaces.user)).toEqual(["user-2"]);
  });

  test("three levels of pid namespaces, and one who came in from outside", async () => {
    using scene = new LiveScene(root);
    const outer = await scene.play(
      "exec unshare -pf unshare -pf unshare -pf sh -c 'sleep 60 & echo ready; exec sleep 60'",
    );
    const second = childOf(childOf(outer));
    const visitor = await scene.play(`exec nsenter -t ${second} -p sh -c 'echo ready; exec sleep 60'`);
    const image = await imageOf(root, `${outer}`, `${visitor}`);
    expectFacts(image);
    expect(Math.max(...image.processes.map(({ numbers }) => numbers.length))).toBe(3);
    expect(only(image, "pid").map(({ parent, state }) => [parent, state])).toEqual([
      ["ambient:pid", "alive"],
      ["pid-1", "alive"],
      ["pid-2", "alive"],
    ]);
  });

  // Linux 6.14 would do; before, it is the whole machine's that would be set.
  test(
    "kernel.pid_max of each pid namespace, and nobody is born who would be the first",
    needs("kernel:namespace-id"),
    async () => {
      using scene = new LiveScene(root);
      const inner = "unshare -pf sh -c 'echo 700 > /proc/sys/kernel/pid_max; echo ready; exec sleep 60'";
      const script = `echo 5000 > /proc/sys/kernel/pid_max; exec ${inner}`;
      const outer = await scene.play(`exec unshare -pf sh -c "${script}"`);
      const pending = await scene.play("exec unshare -p sh -c 'echo ready; read line'");
      const image = await imageOf(root, `${outer}`, `${pending}`);
      expect(only(image, "pid").map(({ state, pidMax }) => [state, pidMax])).toEqual([
        ["alive", 5000],
        ["alive", 700],
        ["unborn", undefined],
      ]);
      const limitOf = (pid: number): string => inside(pid, "-p", "cat", "/proc/sys/kernel/pid_max");
      expect([childOf(outer), childOf(childOf(outer))].map(limitOf)).toEqual(["5000", "700"]);
      // It is as it was: whoever it belongs to makes its first process.
      expect(readLinks(pending).pid_for_children).toBeUndefined();
    },
  );

  test("namespaces without processes, bind mounts in a private mount namespace, one of them of a dead pid namespace", async () => {
    using scene = new LiveScene(root);
    const pins = "touch /run/nsatlas-test-net /run/nsatlas-test-pid";
    const made =
      "mount -t tmpfs none /run; " +
      `${pins}; unshare --net=/run/nsatlas-test-net true; ` +
      "unshare --pid=/run/nsatlas-test-pid -f true; echo ready; exec sleep 60";
    const pid = await scene.play(`exec unshare -m sh -c '${made}'`);
    const image = await imageOf(root, `${pid}`);
    expectFacts(image);
    expect(image.pins).toEqual([
      { namespace: "net-1", in: "mnt-1", path: "/run/nsatlas-test-net" },
      { namespace: "pid-1", in: "mnt-1", path: "/run/nsatlas-test-pid" },
    ]);
    expect(only(image, "pid").map(({ state }) => state)).toEqual(["dead"]);
  });

  test("bind mounts in a mount namespace that nobody is in: what they lead to is asked what it says of itself", async () => {
    using scene = new LiveScene(root);
    const back = "exec nsenter --mount=/proc/self/fd/8 sh -c 'exec 8<&-; echo ready; exec sleep 60'";
    const pins = [
      "exec 9</proc/self/ns/mnt",
      "mount -t tmpfs none /run",
      "touch /run/deep-uts /run/deep-user",
      "unshare --uts=/run/deep-uts hostname deep",
      "unshare -rm --user=/run/deep-user sh -c 'echo 12 > /proc/sys/user/max_net_namespaces'",
    ];
    const pid = await scene.play(`exec 8</proc/self/ns/mnt; exec unshare -m sh -c "${[...pins, back].join("\n")}"`);
    const image = await imageOf(root, `${pid}`);
    expectFacts(image);
    expect(image.processes.flatMap(({ descriptors }) => descriptors)).toEqual([{ fd: 9, namespace: "mnt-1" }]);
    expect(image.pins).toEqual([
      { namespace: "user-1", in: "mnt-1", path: "/run/deep-user" },
      { namespace: "uts-1", in: "mnt-1", path: "/run/deep-uts" },
    ]);
    const told = (...words: string[]): string => {
      const there = [`--mount=/proc/${pid}/fd/9`, "nsenter", ...words];
      return spawnSync("nsenter", there, { encoding: "utf8" }).stdout.trim();
    };
    const [hostname, limit] = [
      told("--uts=/run/deep-uts", "hostname"),
      told("--user=/run/deep-user", "cat", "/proc/sys/user/max_net_namespaces"),
    ];
    expect({ hostname, limit }).toEqual({ hostname: "deep", limit: "12" });
    expect(only(image, "uts")).toMatchObject([{ hostname }]);
    expect(only(image, "user").map(({ limits }) => limits)).toEqual([{ net: Number(limit) }]);
    expect(codes(image, "degraded")).toEqual([]);
  });

  test("files held on a namespace that nobody is in, and a pid namespace that has no process yet", async () => {
    using scene = new LiveScene(root);
    const back = 'exec nsenter --net=/proc/self/fd/8 sh -c "exec 8<&-; echo ready; exec sleep 60"';
    const holder = await scene.play(
      `exec 8</proc/self/ns/net; exec unshare -n sh -c 'exec 9</proc/self/ns/net; ${back}'`,
    );
    const pending = await scene.play("exec unshare -p sh -c 'echo ready; read line'");
    const image = await imageOf(root, `${holder}`, `${pending}`);
    expectFacts(image);
    expect(image.processes.flatMap(({ descriptors }) => descriptors)).toEqual([{ fd: 9, namespace: "net-1" }]);
    expect(only(image, "pid").map(({ state }) => state)).toEqual(["unborn"]);
  });
});

describeAsEachViewer("a pod of nested user namespaces", (viewer) => {
  test("is captured with its owners, and is not changed", async () => {
    using scene = new LiveScene(viewer);
    const inner = 'unshare -Urpnf --mount-proc sh -c "sleep 60 & echo ready; exec sleep 60"';
    const pid = await scene.play(`exec unshare -Urmpuf --mount-proc sh -c 'hostname pod; ${inner} & exec sleep 60'`);
    const before = readLinks(pid);
    const image = await imageOf(viewer, `${pid}`);
    expectFacts(image);
    expect(only(image, "user").map(({ owner, setgroups }) => [owner, setgroups])).toEqual([
      ["ambient:user", "deny"],
      ["user-1", "deny"],
    ]);
    expect(only(image, "uts").map(({ hostname }) => hostname)).toEqual(["pod"]);
    expect(readLinks(pid)).toEqual(before);
  });
});

test("what may not be read is refused, with its errno, and no image is written", ordinaryUser.needs, async () => {
  using scene = new LiveScene(root);
  const pid = await scene.play("exec unshare -n sh -c 'echo ready; exec sleep 60'");
  const { code, stdout, stderr } = await ordinaryUser.nsatlas(["checkpoint", `${pid}`, "-o", "-"]);
  expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
  expect(stderr).toMatch(/process-1: Its link ns\/net could not be read \(readlink: EACCES\)/);
});

const inside = (pid: number, option: string, ...words: readonly string[]): string =>
  spawnSync("nsenter", ["-t", `${pid}`, option, ...words], { encoding: "utf8" }).stdout.trim();
