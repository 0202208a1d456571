import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/abi/namespace-kinds.ts";
import { GLYPHS } from "../../src/render/glyphs.ts";
import { LIST_COLUMN_NAMES, listColumnNamed } from "../../src/render/list-columns.ts";
import { defaultListColumns, listJson, listText, type ListLayout, type ListRequest } from "../../src/render/list.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import { containerHost, MadeUpMachine, smallMachine } from "./machines.ts";

const LAYOUT: ListLayout = { headings: true, raw: false, oneLine: false, width: 80, glyphs: GLYPHS["utf-8"] };
const userName = (uid: number): string | undefined => ({ 0: "root", 1000: "ann" })[uid];

function list(machine: MadeUpMachine, request: Partial<ListRequest>, layout: Partial<ListLayout> = {}): string {
  const columns = defaultListColumns({ ...request, processes: request.of !== undefined });
  const source = { index: indexSnapshot(machine.seen()), userName };
  return `\n${listText(source, { columns, tree: "process", ...request }, { ...LAYOUT, ...layout })}`;
}

describe("the list", () => {
  test("as it is without options: a tree of the processes that stand for namespaces", () => {
    expect(list(containerHost(1), {})).toMatchInlineSnapshot(`
      "
              NS TYPE   NPROCS   PID USER COMMAND
      4026531832 mnt         4     1 root /sbin/init splash
      4026531833 net         7     1 root /sbin/init splash
      4026531834 time        8     1 root /sbin/init splash
      4026531835 cgroup      7     1 root /sbin/init splash
      4026531836 pid         7     1 root /sbin/init splash
      4026531837 user        7     1 root /sbin/init splash
      4026531838 uts         5     1 root /sbin/init splash
      4026531839 ipc         7     1 root /sbin/init splash
      4026532200 mnt         1    61 root ├─kdevtmpfs
      4026532201 mnt         1   420 root ├─/lib/systemd/systemd-udevd
      4026532202 uts         1   420 root ├─/lib/systemd/systemd-udevd
      4026532203 mnt         1  2000 root ├─nginx: master process nginx -g daemon off;
      4026532204 uts         1  2000 root ├─nginx: master process nginx -g daemon off;
      4026532205 ipc         1  2000 root ├─nginx: master process nginx -g daemon off;
      4026532206 pid         1  2000 root ├─nginx: master process nginx -g daemon off;
      4026532207 cgroup      1  2000 root ├─nginx: master process nginx -g daemon off;
      4026532208 net         1  2000 root ├─nginx: master process nginx -g daemon off;
      4026532210 user        1 30000 ann  ├─podman unshare
      4026532211 mnt         1 30000 ann  ├─podman unshare
      4026532214 uts         1 31000 root └─sleep 1000
      4026532209 net         0       root 
      4026532212 net         0       ann  
      4026532213 user        0       ann  
      "
    `);
  });
  test("by owner", () => {
    expect(list(containerHost(1), { tree: "owner", kinds: new Set(["net"]) })).toMatchInlineSnapshot(`
      "
      NS             TYPE  NPROCS   PID USER NETNSID NSFS                                               COMMAND
      4026531837     user       7     1 root                                                            /sbin/i
      ├─4026531833   net        7     1 root                                                            /sbin/i
      ├─4026532208   net        1  2000 root                                                            nginx: 
      ├─4026532209   net        0       root         /run/netns/blue                                    
      └─4026532210   user       1 30000 ann                                                             podman 
        └─4026532212 net        0       ann          /run/user/1000/netns/cni-5b8a0b8e-with-a-long-name 
      "
    `);
  });
  test("the processes in one namespace", () => {
    const machine = containerHost(0);
    const of = indexSnapshot(machine.seen()).namespaces.get(machine.own.net);
    if (of === undefined) throw new Error("the machine has no network");
    expect(list(machine, { of })).toMatchInlineSnapshot(`
      "
        PID PPID USER COMMAND
          1    0 root /sbin/init splash
          2    1 root ├─kthreadd
         61    1 root ├─kdevtmpfs
        420    1 root ├─/lib/systemd/systemd-udevd
        900    1 ann  ├─-bash
      30000    1 ann  ├─podman unshare
      31000    1 root └─sleep 1000
      "
    `);
  });
  test("with our own columns", () => {
    const columns = ["LINK", "DEV", "ID", "HOLDERS"] as const;
    expect(list(containerHost(0), { columns, tree: "none" }, { width: undefined })).toMatchInlineSnapshot(`
      "
      LINK                DEV ID HOLDERS
      mnt:[4026531832]    0:4    process:4
      net:[4026531833]    0:4    process:7
      time:[4026531834]   0:4    process:7
      cgroup:[4026531835] 0:4    process:7
      pid:[4026531836]    0:4    process:7
      user:[4026531837]   0:4    process:6,child:2,owned:11
      uts:[4026531838]    0:4    process:5
      ipc:[4026531839]    0:4    process:7
      mnt:[4026532200]    0:4    process:1
      mnt:[4026532201]    0:4    process:1
      uts:[4026532202]    0:4    process:1
      net:[4026532203]    0:4    bind-mount:1
      user:[4026532204]   0:4    process:1,owned:2
      mnt:[4026532205]    0:4    process:1
      net:[4026532206]    0:4    bind-mount:1
      user:[4026532207]   0:4    owned:1
      uts:[4026532208]    0:4    process:1
      "
    `);
  });
  test("only those without a process", () => {
    const columns = ["NS", "TYPE", "NPROCS", "UID", "USER", "NSFS"] as const;
    expect(list(containerHost(0), { persistent: true, columns, tree: "none" })).toMatchInlineSnapshot(`
      "
              NS TYPE  NPROCS  UID USER NSFS
      4026532203 net        0    0 root /run/netns/blue
      4026532206 net        0 1000 ann  /run/user/1000/netns/cni-5b8a0b8e-with-a-long-name
      4026532207 user       0 1000 ann  
      "
    `);
  });
  test("with the mounts that can be opened from here, and no others", () => {
    const machine = smallMachine();
    const net = machine.namespace("net");
    machine.pin(net, "/elsewhere", { mountNamespace: machine.namespace("mnt") });
    machine.pin(net, "/jail", { through: 900 });
    machine.pin(net, "/pin");
    const columns = ["NSFS", "HOLDERS"] as const;
    expect(list(machine, { persistent: true, kinds: new Set(["net"]), columns, tree: "none" })).toBe(
      "\nNSFS HOLDERS\n/pin bind-mount:3\n",
    );
  });
  test("in JSON", () => {
    const columns = ["NS", "PID", "UID", "NSFS", "PNS"] as const;
    const source = { index: indexSnapshot(containerHost(0).seen()), userName };
    expect(listJson(source, { columns, tree: "none", persistent: true })).toMatchInlineSnapshot(`
      "{
         "namespaces": [
            {
               "ns": 4026532203,
               "pid": null,
               "uid": 0,
               "nsfs": "/run/netns/blue",
               "pns": 0
            },{
               "ns": 4026532206,
               "pid": null,
               "uid": 1000,
               "nsfs": "/run/user/1000/netns/cni-5b8a0b8e-with-a-long-name",
               "pns": 0
            },{
               "ns": 4026532207,
               "pid": null,
               "uid": 1000,
               "nsfs": null,
               "pns": 4026531837
            }
         ]
      }
      "
    `);
  });
  test("nested as deep as processes can be", () => {
    const machine = new MadeUpMachine();
    for (let pid = 1; pid < 20_000; pid += 1) {
      machine.process(pid, "sh", { uts: machine.namespace("uts") }, { ppid: pid - 1 });
    }
    const source = { index: indexSnapshot(machine.seen()), userName };
    const text = listJson(source, { columns: ["PID"], tree: "process", kinds: new Set(["uts"]) });
    expect(text.match(/"children"/g)).toHaveLength(19_998);
    const table = list(machine, { columns: ["PID", "COMMAND"], kinds: new Set(["uts"]) }, { width: undefined });
    expect(table.split("\n")).toHaveLength(20_003);
  });
});

test("columns are named in any case, and no others are", () => {
  expect(listColumnNamed("nprocs")).toBe("NPROCS");
  expect(listColumnNamed("NETNS")).toBeUndefined();
  expect(LIST_COLUMN_NAMES.slice(0, 13).join(" ")).toBe(
    "NS TYPE PATH NPROCS PID PPID COMMAND UID USER NETNSID NSFS PNS ONS",
  );
  expect(defaultListColumns({ kinds: new Set(KINDS), processes: false })).toContain("NSFS");
});
