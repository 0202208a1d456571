import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import { rootBetween } from "../../src/discover/cgroup-root.ts";
import { decodeSnapshot } from "../../src/snapshot/decode.ts";
import { indexSnapshot, type SnapshotIndex } from "../../src/snapshot/index-snapshot.ts";
import type { Attributes, NamespaceRecord, NetworkInterface, Source } from "../../src/snapshot/types.ts";
import { needs } from "../support/needs.ts";
import { asOrdinaryUser } from "../support/ordinary-user.ts";
import { ordinaryUser, root, type Viewer } from "../support/viewers.ts";

/** Processes of ours with namespaces of their own, by what they are for; all end with the test. */
class Boxes implements Disposable {
  readonly #children: ChildProcess[] = [];
  readonly #viewer: Viewer;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
  }

  /** The number of a process that has carried out a script in new namespaces and stays there. */
  async make(flags: string, script = ":"): Promise<number> {
    const words = [...flags.split(" "), "sh", "-c", `${script}; echo ready $$; exec sleep 120`];
    const credentials = this.#viewer === root ? {} : asOrdinaryUser();
    const child = spawn("unshare", words, { ...credentials, stdio: ["ignore", "pipe", "inherit"] });
    this.#children.push(child);
    const [told]: unknown[] = await Promise.race([once(child.stdout, "data"), sleep(20_000, [""])]);
    const pid = /ready (\d+)/.exec(String(told))?.[1];
    // unshare cannot go into a time namespace itself: its child is in it.
    if (pid === undefined || child.pid === undefined) throw new Error(`${flags}: ${String(told)}`);
    return flags.includes("--kill-child") ? childOf(child.pid) : child.pid;
  }

  [Symbol.dispose](): void {
    for (const child of this.#children) child.kill("SIGKILL");
  }
}

const childOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim().split(" ")[0]);

async function look(viewer: Viewer, ...words: string[]): Promise<SnapshotIndex> {
  const { stdout, stderr, code } = await viewer.nsatlas(["snapshot", "-o", "-", ...words]);
  expect([code, stderr]).toEqual([0, ""]);
  return indexSnapshot(await decodeSnapshot(stdout));
}

function namespaceOf(index: SnapshotIndex, pid: number, kind: NamespaceKind): NamespaceRecord {
  const id = index.processes.get(pid)?.namespaces[kind];
  const found = id === undefined ? undefined : index.namespaces.get(id);
  if (found === undefined) throw new Error(`no ${kind} of ${pid}`);
  return found;
}
function told<K extends Attributes["of"]>({ attributes }: NamespaceRecord, of: K): Extract<Attributes, { of: K }> {
  if (attributes === undefined || !("value" in attributes)) throw new Error(JSON.stringify(attributes));
  const { value } = attributes;
  const is = (one: Attributes): one is Extract<Attributes, { of: K }> => one.of === of;
  if (!is(value)) throw new Error(`it is of ${value.of}`);
  return value;
}
const rowOf = ({ snapshot }: SnapshotIndex, wanted: Source) =>
  snapshot.coverage.find(({ source }) => source === wanted);
const named = (index: SnapshotIndex, pid: number, name: string): NetworkInterface | undefined =>
  told(namespaceOf(index, pid, "net"), "net").interfaces.find((one) => one.name === name);

/** What an interface leads to, as `NAME@INODE`. */
function leadsTo(index: SnapshotIndex, one: NetworkInterface | undefined): string | undefined {
  const { namespace, index: number } = one?.link ?? {};
  const other = namespace === undefined ? undefined : index.namespaces.get(namespace);
  if (other === undefined || namespace === undefined) return undefined;
  const end = told(other, "net").interfaces.find((each) => each.index === number);
  return `${end?.name}@${namespace.split("/")[1]}`;
}
const inodeOfNet = (pid: number): string => {
  const { stdout } = spawnSync("readlink", [`/proc/${pid}/ns/net`], { encoding: "utf8" });
  return /\d+/.exec(stdout)?.[0] ?? "";
};

/** What makes a user namespace first, where it takes one. */
const first = (viewer: Viewer): string => (viewer === root ? "" : "-Ur ");

describe.each([root, ordinaryUser])("what namespaces say of themselves, as $name", (viewer) => {
  const boxes = new Boxes(viewer);
  const pids = { uts: 0, time: 0, user: 0, ipc: 0, net: 0, cgroup: 0 };
  let index: SnapshotIndex;

  beforeAll(async () => {
    if (viewer.needs.skip === true || needs("user-namespaces", "package:util-linux").skip === true) return;
    pids.uts = await boxes.make(`${first(viewer)}-u`, "hostname blue-box");
    pids.time = await boxes.make(`${first(viewer)}-T --boottime 86400 --monotonic -5 --kill-child`);
    pids.user = await boxes.make("-Ur", "echo 7 >/proc/sys/user/max_net_namespaces");
    pids.ipc = await boxes.make(
      `${first(viewer)}-i`,
      "ipcmk -Q >/dev/null; ipcmk -M 8192 >/dev/null; ipcmk -S 3 >/dev/null",
    );
    pids.net = await boxes.make(`${first(viewer)}-n`);
    pids.cgroup = await boxes.make(`${first(viewer)}-C`);
    index = await look(viewer);
  }, 60_000);
  afterAll(() => boxes[Symbol.dispose]());

  const wants = { ...viewer.needs, ...needs("native", "user-namespaces", "package:util-linux") };

  test("hostname and domain", wants, () => {
    expect(told(namespaceOf(index, pids.uts, "uts"), "uts")).toMatchObject({ hostname: "blue-box" });
    const own = index.snapshot.viewpoint.namespaces.uts;
    const record = own === undefined ? undefined : index.namespaces.get(own);
    const uname = spawnSync("uname", ["-n"], { encoding: "utf8" }).stdout.trim();
    expect(record && told(record, "uts").hostname).toBe(uname);
  });
  test("offsets of clocks", wants, () => {
    expect(told(namespaceOf(index, pids.time, "time"), "time")).toEqual({
      of: "time",
      monotonic: { seconds: -5, nanoseconds: 0 },
      boottime: { seconds: 86400, nanoseconds: 0 },
    });
  });
  test("limits of a user namespace", wants, () => {
    const { limits } = told(namespaceOf(index, pids.user, "user"), "user");
    expect(limits).toMatchObject({ net: 7, uts: 2147483647 });
    const own = index.snapshot.viewpoint.namespaces.user;
    const record = own === undefined ? undefined : index.namespaces.get(own);
    const limit = Number(readFileSync("/proc/sys/user/max_pid_namespaces", "latin1"));
    expect(record && told(record, "user").limits.pid).toBe(limit);
  });
  test("System V objects", wants, () => {
    expect(told(namespaceOf(index, pids.ipc, "ipc"), "ipc")).toEqual({
      of: "ipc",
      segments: 1,
      pages: 8192 / Number(spawnSync("getconf", ["PAGESIZE"], { encoding: "utf8" }).stdout),
      semaphoreSets: 1,
      semaphores: 3,
      queues: 1,
      messages: 0,
      messageBytes: 0,
      sysctls: {},
    });
  });
  test("interfaces", wants, () => {
    expect(named(index, pids.net, "lo")).toEqual({
      index: 1,
      name: "lo",
      type: 772,
      flags: 8,
      state: "down",
      mtu: 65536,
      mac: "00:00:00:00:00:00",
      addresses: [],
    });
  });
  test("the root of a cgroup namespace", wants, () => {
    const { root: found } = told(namespaceOf(index, pids.cgroup, "cgroup"), "cgroup");
    // It is where the process was when it made the namespace, and it has not moved.
    const lines = readFileSync(`/proc/${pids.cgroup}/cgroup`, "latin1").trim().split("\n");
    expect(lines.map((line) => line.split(":").slice(2).join(":"))).toContain(found);
  });
  test("without entering: what anybody may read, and for the rest that it was not wanted", wants, async () => {
    const outside = await look(viewer, "--no-enter");
    expect(told(namespaceOf(outside, pids.time, "time"), "time").boottime.seconds).toBe(86400);
    for (const [kind, source] of [
      ["uts", "hostnames"],
      ["net", "interfaces"],
      ["ipc", "ipc-use"],
      ["user", "user-limits"],
    ] as const) {
      expect(namespaceOf(outside, pids[kind], kind).attributes).toEqual({ refused: "ECANCELED", call: "setns" });
      expect(rowOf(outside, source)?.skipped?.why).toBe("entering");
    }
    const own = outside.snapshot.viewpoint.namespaces.net;
    expect(own && "value" in (outside.namespaces.get(own)?.attributes ?? {})).toBe(true);
  });
  test("not at all", wants, async () => {
    const without = await look(viewer, "--no-attributes");
    expect(without.snapshot.namespaces.filter(({ attributes }) => attributes !== undefined)).toEqual([]);
    expect(rowOf(without, "hostnames")).toMatchObject({ asked: 0, skipped: { why: "unwanted" } });
  });
  test("without names and addresses where it is redacted", wants, async () => {
    const { snapshot, namespaces } = await look(viewer, "--redact");
    const found = snapshot.namespaces.flatMap(({ attributes }) =>
      attributes && "value" in attributes ? [attributes.value] : [],
    );
    expect(found.filter(({ of }) => of === "uts")).toEqual([]);
    const text = JSON.stringify(found);
    for (const secret of ["blue-box", "127.0.0.1", "00:00:00", '"lo"']) expect(text).not.toContain(secret);
    expect(namespaces.size).toBe(snapshot.namespaces.length);
  });
});

describe("of another user's namespaces an ordinary user is told nothing, and why", () => {
  test("in each kind", { ...ordinaryUser.needs, ...needs("root", "native", "package:util-linux") }, async () => {
    using boxes = new Boxes(root);
    const pid = await boxes.make("-u -n -i");
    const index = await look(ordinaryUser);
    const inode = inodeOfNet(pid);
    // Not even which ones: the links of root's processes are refused. What the kernel lists is there, and may not be entered.
    const net = index.byInode.get(inode)?.[0];
    if (net !== undefined) expect(net.attributes).toEqual({ refused: "EPERM", call: "setns" });
    const { out } = { out: (await ordinaryUser.nsatlas(["show", "self/net"])).stdout };
    expect(out).toContain("interfaces");
  });
});

describe(
  "network interfaces, with ip of iproute2 as the witness",
  { ...root.needs, ...needs("native", "package:iproute2", "package:util-linux") },
  () => {
    test("addresses and both ends of pairs, in three namespaces", async () => {
      using boxes = new Boxes(root);
      const [a, b, hub] = [await boxes.make("-n"), await boxes.make("-n"), await boxes.make("-n")];
      const inside = (pid: number, ...words: string[]): string => {
        const { stdout, stderr, status } = spawnSync("nsenter", ["-t", String(pid), "-n", "ip", ...words], {
          encoding: "utf8",
        });
        if (status !== 0) throw new Error(`${words.join(" ")}: ${stderr}`);
        return stdout;
      };
      // The same numbers on both sides of each: only the namespaces tell them apart.
      inside(hub, "link", "add", "to-a", "type", "veth", "peer", "name", "up", "netns", String(a));
      inside(hub, "link", "add", "to-b", "type", "veth", "peer", "name", "up", "netns", String(b));
      inside(a, "link", "add", "side", "type", "veth", "peer", "name", "side", "netns", String(b));
      inside(a, "link", "add", "here", "type", "veth", "peer", "name", "there");
      inside(a, "addr", "add", "192.0.2.5/24", "dev", "up");
      inside(a, "addr", "add", "192.0.2.9", "peer", "198.51.100.9/32", "dev", "up");
      inside(a, "addr", "add", "2001:db8::5/64", "dev", "up", "nodad");
      inside(a, "link", "set", "dev", "up", "up");
      inside(a, "link", "set", "lo", "up");

      const index = await look(root);
      expect(leadsTo(index, named(index, a, "up"))).toBe(`to-a@${inodeOfNet(hub)}`);
      expect(leadsTo(index, named(index, b, "up"))).toBe(`to-b@${inodeOfNet(hub)}`);
      expect(leadsTo(index, named(index, hub, "to-a"))).toBe(`up@${inodeOfNet(a)}`);
      expect(leadsTo(index, named(index, hub, "to-b"))).toBe(`up@${inodeOfNet(b)}`);
      expect(leadsTo(index, named(index, a, "side"))).toBe(`side@${inodeOfNet(b)}`);
      expect(leadsTo(index, named(index, b, "side"))).toBe(`side@${inodeOfNet(a)}`);
      const here = named(index, a, "here");
      expect(here?.link).toEqual({ index: named(index, a, "there")?.index });

      for (const pid of [a, b, hub]) {
        const ours = told(namespaceOf(index, pid, "net"), "net").interfaces;
        const theirs: unknown = JSON.parse(inside(pid, "-d", "-j", "addr"));
        expect(ours.map(asIpTells)).toEqual(Array.isArray(theirs) ? theirs.map(ipFields) : []);
      }
    });

    test("a number that ip netns has assigned, and one that was not", async () => {
      using boxes = new Boxes(root);
      const [numbered, not] = [await boxes.make("-n"), await boxes.make("-n")];
      // A folder of names of its own, so that the machine's stays as it is.
      const script = 'mount -t tmpfs none /run && mkdir /run/netns && ip netns attach it "$1" && ip netns set it 4711';
      const set = spawnSync("unshare", ["-m", "sh", "-c", script, "sh", String(numbered)], { encoding: "utf8" });
      expect([set.status, set.stderr]).toEqual([0, ""]);
      const index = await look(root);
      expect(namespaceOf(index, numbered, "net").netnsid).toBe(4711);
      expect(namespaceOf(index, not, "net").netnsid).toBe("unassigned");
      const { stdout } = await root.nsatlas(["list", "-n", "-t", "net", "-o", "NS,NETNSID"]);
      expect(stdout).toContain(`${inodeOfNet(numbered)}       4711`.replace(/ +/, " ").trim().split(" ")[0] ?? "");
      expect(stdout).toMatch(new RegExp(`${inodeOfNet(numbered)} +4711`));
      const shown = await root.nsatlas(["show", "--get", "netnsid", `/proc/${numbered}/ns/net`]);
      expect(shown.stdout).toBe("4711\n");
    });
  },
);

/** The same facts from both, sorted. */
const asIpTells = ({ index, name, mtu, mac, kind, addresses }: NetworkInterface) => ({
  index,
  name,
  mtu,
  mac,
  kind,
  addresses: addresses.map(({ address, prefix, peer }) => `${address} ${peer ?? ""}/${prefix}`).toSorted(),
});
function ipFields(one: {
  ifindex: number;
  ifname: string;
  mtu: number;
  address?: string;
  linkinfo?: { info_kind?: string };
  addr_info: readonly { local: string; address?: string; prefixlen: number }[];
}) {
  return {
    index: one.ifindex,
    name: one.ifname,
    mtu: one.mtu,
    mac: one.address,
    kind: one.linkinfo?.info_kind,
    addresses: one.addr_info
      .map(({ local, address, prefixlen }) => `${local} ${address ?? ""}/${prefixlen}`)
      .toSorted(),
  };
}

test.each([
  ["/a/b/c", "/c", "/a/b"],
  ["/a/b", "/", "/a/b"],
  ["/c", "/c", "/"],
  ["/", "/", "/"],
  ["/../x/c", "/c", "/../x"],
  ["/a/b", "/../b", undefined],
  ["/a/b", "/..", undefined],
  ["/a/b", "/x", undefined],
  ["/a/..x", "/..x", "/a"],
])("a process at %s that reads %s from inside tells the root %s", (outer, inner, expected) => {
  expect(rootBetween(outer, inner)).toBe(expected);
});

describe("list", { ...root.needs, ...needs("native", "package:util-linux") }, () => {
  test("has columns of what namespaces say, and a filter finds by them", async () => {
    using boxes = new Boxes(root);
    const pid = await boxes.make("-u -n", "hostname listed-box");
    const inode = spawnSync("readlink", [`/proc/${pid}/ns/uts`], { encoding: "utf8" }).stdout.replaceAll(/\D/g, "");
    const { stdout } = await root.nsatlas(["list", "-n", "-r", "-o", "NS,HOSTNAME", "-Q", "HOSTNAME == 'listed-box'"]);
    expect(stdout).toBe(`${inode} listed-box\n`);
    const nets = await root.nsatlas(["list", "-n", "-r", "-t", "net", "-o", "NS,INTERFACES"]);
    expect(nets.stdout).toContain(`${inodeOfNet(pid)} lo\n`);
  });
});
