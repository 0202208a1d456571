import { describe, expect, test } from "vitest";
import { differencesText } from "../../../src/cli/verify-text.ts";
import { GLYPHS } from "../../../src/render/glyphs.ts";
import { compareTopologies, type CompareOptions } from "../../../src/topology/compare/compare.ts";
import { report } from "../../../src/topology/compare/report.ts";
import type { NetworkNode, UserNode } from "../../../src/topology/nodes.ts";
import type { NamespaceNode, PinNode, ProcessNode, Topology } from "../../../src/topology/topology.ts";

const user: UserNode = {
  kind: "user",
  label: "user-1",
  owner: "ambient:user",
  creator: { uid: 1000 },
  uidMap: [
    { inside: 0, outside: 1000, count: 1 },
    { inside: 1, outside: 2000, count: 500 },
  ],
  gidMap: [{ inside: 0, outside: 1000, count: 1 }],
  setgroups: "deny",
  limits: {},
};
const net: NetworkNode = {
  kind: "net",
  label: "net-1",
  owner: "user-1",
  devices: [
    { index: 1, name: "lo", sort: "loopback", mtu: 65_536, up: true, addresses: [] },
    { index: 7, name: "dummy0", sort: "dummy", mtu: 1400, mac: "02:00:00:00:00:01", up: true, addresses: [] },
  ],
  routes: [{ to: "10.0.0.0/8", via: "10.1.0.1", device: 7, metric: 3, family: "inet" }],
  netnsids: [],
  sysctls: {},
};
const other: UserNode = { ...user, label: "user-2", creator: { uid: 0 } };
const processOne: ProcessNode = {
  label: "process-1",
  comm: "sleep",
  numbers: [1],
  namespaces: { user: "user-1", pid: "pid-1", net: "net-1", time: "ambient:time" },
  credentials: {
    uid: { real: 0, effective: 0, saved: 0, fs: 0 },
    gid: { real: 0, effective: 0, saved: 0, fs: 0 },
    groups: [],
    capabilities: { inheritable: "0", permitted: "1ff", effective: "1ff", bounding: "1ff", ambient: "0" },
    noNewPrivs: false,
  },
  descriptors: [],
};
const pin: PinNode = { namespace: "user-2", in: "ambient:mnt", path: "/run/pins/two" };
const image: Topology = {
  format: "nsatlas-topology",
  version: 1,
  namespaces: [
    user,
    other,
    net,
    { kind: "pid", label: "pid-1", owner: "user-1", parent: "ambient:pid", state: "alive" },
  ],
  processes: [processOne],
  pins: [pin],
  findings: [],
};

const withNode = (node: NamespaceNode): Topology => ({
  ...image,
  namespaces: image.namespaces.map((known) => (known.label === node.label ? node : known)),
});
const told = (here: Topology, { language = "en", ...options }: CompareOptions & { language?: "en" | "fr" } = {}) =>
  differencesText(report(compareTopologies(image, here, options)), { glyphs: GLYPHS["utf-8"], language, most: 5 });

describe("what is said of a difference", () => {
  test("in a map: the line, and the column where it is one", () => {
    const here = withNode({
      ...user,
      uidMap: [
        { inside: 0, outside: 1000, count: 1 },
        { inside: 1, outside: 3000, count: 500 },
      ],
    });
    expect(told(here)).toMatchInlineSnapshot(`
      "Not what the image says: 1 difference.
      1. user-1: uid map line 2, first id outside: 3000 instead of 2000

      What they are about:
      user-1 [1]
      "
    `);
    expect(told(here, { language: "fr" })).toMatchInlineSnapshot(`
      "Pas ce que dit l'image : 1 différence.
      1. user-1 : correspondance des uid, ligne 2, premier numéro dehors : 3000 au
         lieu de 2000

      Ce dont il s'agit :
      user-1 [1]
      "
    `);
  });

  test("not of a map that is written in more lines and says the same", () => {
    const [first, { inside, outside, count } = { inside: 0, outside: 0, count: 0 }] = user.uidMap ?? [];
    const rest = [
      { inside, outside, count: 100 },
      { inside: inside + 100, outside: outside + 100, count: count - 100 },
    ];
    const here = withNode({ ...user, uidMap: first === undefined ? rest : [...rest, first] });
    expect(compareTopologies(image, here).differences).toEqual([]);
  });

  test("of an owner, and of a map of the same tree: both, and nothing else", () => {
    const namespaces = [
      { ...user, gidMap: [] },
      ...image.namespaces.slice(1, 2),
      { ...net, owner: "user-2" },
      ...image.namespaces.slice(3),
    ];
    expect(told({ ...image, namespaces })).toMatchInlineSnapshot(`
      "Not what the image says: 2 differences.
      1. user-1: gid map line 1: nothing instead of 0 1000 1
      2. user-1 > net-1: owner: user-2 instead of user-1

      What they are about:
      user-1 [1]
      └─ net-1 [2]
      "
    `);
  });

  test("of a namespace that a restore added, as CRIU does with time namespaces", () => {
    const time: NamespaceNode = { kind: "time", label: "time-1", owner: "user-1", identity: { inode: 4_026_532_999 } };
    const process = {
      ...processOne,
      identity: { pid: 4711 },
      namespaces: { ...processOne.namespaces, time_for_children: "time-1" },
    };
    expect(told({ ...image, namespaces: [...image.namespaces, time], processes: [process] })).toMatchInlineSnapshot(`
      "Not what the image says: 2 differences.
      1. user-1 > pid-1 > process-1 (1): ns/time_for_children: time:[4026532999],
         where the image says nothing (here: 4711 sleep)
      2. user-1 > time:[4026532999] is not in the image

      What they are about:
      user-1
      ├─ pid-1
      │  └─ process-1 (1) [1]
      └─ time:[4026532999] [2]
      "
    `);
  });

  test("of devices, routes and pins", () => {
    const [lo, dummy] = net.devices;
    const devices = lo === undefined || dummy === undefined ? [] : [lo, { ...dummy, mtu: 1500 }];
    const here = { ...withNode({ ...net, devices, routes: [] }), pins: [{ ...pin, path: "/run/pins/2" }] };
    expect(told(here)).toMatchInlineSnapshot(`
      "Not what the image says: 3 differences.
      1. bind mount /run/pins/two: path: /run/pins/2 instead of /run/pins/two
      2. user-1 > net-1 > device dummy0: mtu: 1500 instead of 1400
      3. user-1 > net-1 > route to 10.0.0.0/8 is not here

      What they are about:
      bind mount /run/pins/two [1]
      user-1
      └─ net-1
         ├─ device dummy0 [2]
         └─ route to 10.0.0.0/8 [3]
      "
    `);
  });

  test("what could not be read here is no difference, and not the same either", () => {
    const here: Topology = {
      ...withNode({ ...user, uidMap: [] }),
      findings: [
        { class: "refuse", element: "user-1", code: "maps-not-read", details: { call: "openat", errno: "EACCES" } },
      ],
    };
    expect(told(here)).toMatchInlineSnapshot(`
      "No difference is certain, but 1 fact could not be read here:
      1. user-1: uid map: could not be read here

      What they are about:
      user-1 [1]
      "
    `);
  });

  test("what the image leaves open is not compared", () => {
    const open: Topology = {
      ...image,
      findings: [
        { class: "degraded", element: "net-1", code: "attribute-not-asked", details: { what: "net" } },
        { class: "degraded", element: "process-1", code: "id-without-number", details: { what: "uids", ids: "7" } },
      ],
    };
    const here = { ...withNode({ ...net, devices: [], routes: [] }), processes: [] };
    const credentials = { ...processOne.credentials, uid: {} };
    expect(compareTopologies(open, { ...here, processes: [{ ...processOne, credentials }] }).differences).toEqual([]);
    expect(compareTopologies(open, here).differences).toHaveLength(1);
  });

  test("who is to have another name may have it", () => {
    const here = { ...image, processes: [{ ...processOne, comm: "nginx" }] };
    expect(compareTopologies(image, here).differences).toHaveLength(1);
    expect(compareTopologies(image, here, { leftOut: new Map([["process-1", ["comm"]]]) }).differences).toEqual([]);
  });

  test("an external namespace is where it was restored to", () => {
    const outside = withNode({ ...net, owner: "external:host" });
    const here = withNode({ ...net, owner: "ambient:user" });
    expect(compareTopologies(outside, here).differences).toHaveLength(1);
    const targets = new Map([["external:host" as const, "ambient:user"]]);
    expect(compareTopologies(outside, here, { targets }).differences).toEqual([]);
  });
});
