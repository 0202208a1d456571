import { normalize } from "node:path";
import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { readTopology } from "../../src/topology/image/decode.ts";
import { encodeTopology } from "../../src/topology/image/encode.ts";
import {
  TOPOLOGY_FORMAT,
  TOPOLOGY_VERSION,
  type NamespaceNode,
  type ProcessNode,
  type Topology,
} from "../../src/topology/topology.ts";
import type { Root } from "../../src/topology/checkpoint/roots.ts";
import { anyDrawing } from "../support/arbitrary-drawing.ts";
import { peopled } from "../support/peopled-machine.ts";
import { checked } from "../support/topology.ts";

const SETS = "0000003fffffffff";
const CREDENTIALS: ProcessNode["credentials"] = {
  uid: { real: 0, effective: 1, saved: 0, fs: 1 },
  gid: { real: 0, effective: 0, saved: 0, fs: 0 },
  groups: [1, 2],
  capabilities: { inheritable: SETS, permitted: SETS, effective: SETS, bounding: SETS, ambient: SETS },
  noNewPrivs: true,
};
const map = (outside: number) => [{ inside: 0, outside, count: 10 }];

/** Something of everything. */
const GOOD: Topology = {
  format: TOPOLOGY_FORMAT,
  version: TOPOLOGY_VERSION,
  origin: {
    producer: { name: "nsatlas", version: "0.1.0" },
    takenAt: "2026-01-02T03:04:05.678Z",
    kernel: { release: "6.18", machine: "x86_64" },
    bootId: "9b2f",
  },
  namespaces: [
    {
      label: "outer",
      kind: "user",
      owner: "ambient:user",
      creator: { uid: 1000 },
      uidMap: [...map(1000), { inside: 10, outside: 5000, count: 90 }],
      gidMap: map(1000),
      projidMap: map(7),
      setgroups: "deny",
      limits: { net: 7, user: 0 },
      identity: { inode: 4026531837, uniqueId: "42" },
    },
    {
      label: "inner",
      kind: "user",
      owner: "outer",
      creator: { uid: 3 },
      uidMap: [{ inside: 0, outside: 10, count: 90 }],
      gidMap: map(0),
      setgroups: "deny",
      limits: {},
    },
    { label: "box", kind: "pid", owner: "outer", parent: "ambient:pid", state: "alive", pidMax: 400 },
    { label: "deep", kind: "pid", owner: "inner", parent: "box", state: "alive" },
    { label: "gone", kind: "pid", owner: "inner", parent: "box", state: "dead" },
    { label: "files", kind: "mnt", owner: "outer" },
    { label: "name", kind: "uts", owner: "outer", hostname: "box", domainname: "(none)" },
    { label: "queues", kind: "ipc", owner: "outer", sysctls: { "kernel.msgmax": "9000" } },
    { label: "groups", kind: "cgroup", owner: "external:else", root: "/a/b" },
    {
      label: "clock",
      kind: "time",
      owner: "ambient:user",
      monotonic: { seconds: -3, nanoseconds: 5 },
      boottime: { seconds: 86_400, nanoseconds: 0 },
    },
    {
      label: "far",
      kind: "net",
      owner: "inner",
      devices: [],
      routes: [],
      netnsids: [],
      sysctls: {},
    },
    {
      label: "near",
      kind: "net",
      owner: "inner",
      devices: [
        { index: 1, name: "lo", sort: "loopback", mtu: 65_536, up: true, addresses: [] },
        {
          index: 2,
          name: "br0",
          sort: "bridge",
          mtu: 1500,
          mac: "02:00:00:00:00:01",
          up: false,
          addresses: [{ address: "10.0.0.1", prefix: 24, peer: "10.0.0.2" }],
        },
        {
          index: 3,
          name: "v3",
          sort: "vlan",
          mtu: 1500,
          up: false,
          master: 2,
          peer: { namespace: "near", index: 2 },
          vlan: 12,
          addresses: [],
        },
        { index: 4, name: "odd", sort: "other", kernelSort: "vxlan", mtu: 9000, up: true, addresses: [] },
      ],
      routes: [{ to: "default", via: "10.0.0.2", device: 2, metric: 5, family: "inet" }],
      netnsids: [{ id: 0, namespace: "far" }],
      sysctls: { "ipv4.ip_forward": "1" },
    },
  ],
  processes: [
    {
      label: "one",
      comm: "nginx",
      numbers: [1],
      namespaces: { pid: "box", user: "outer", mnt: "files", net: "near", time: "clock", pid_for_children: "gone" },
      credentials: CREDENTIALS,
      descriptors: [{ fd: 9, namespace: "far", closeOnExec: true }],
      identity: { pid: 4711 },
    },
    {
      label: "two",
      comm: "worker",
      parent: "one",
      numbers: [7, 1],
      namespaces: { pid: "deep", user: "inner", cgroup: "groups", uts: "name", ipc: "queues", mnt: "ambient:mnt" },
      credentials: CREDENTIALS,
      session: 5,
      group: 6,
      descriptors: [],
    },
  ],
  pins: [{ namespace: "far", in: "files", path: "/run/netns/far" }],
  findings: [
    { class: "degraded", element: "one", code: "socket-holds", details: { fd: "3", other: "far" } },
    { class: "identity", code: "what-comes-later", details: {} },
  ],
};

type Path = readonly (string | number)[];
const copy = (): unknown => JSON.parse(encodeTopology(GOOD));

/** Every place in a JSON value, what it is made of before itself. */
function* placesOf(value: unknown, at: Path = []): Generator<{ at: Path; value: unknown }> {
  if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value))
      yield* placesOf(inner, [...at, Array.isArray(value) ? Number(key) : key]);
  }
  if (at.length > 0) yield { at, value };
}
const PLACES = [...placesOf(copy())];

/** The image with another value at one place, or nothing. */
function damaged(at: Path, value: unknown): string {
  const json = copy();
  let holder: unknown = json;
  for (const key of at.slice(0, -1)) holder = Reflect.get(Object(holder), key);
  const last = at.at(-1) ?? "";
  if (value !== undefined) Reflect.set(Object(holder), last, value);
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else Reflect.deleteProperty(Object(holder), last);
  return JSON.stringify(json);
}

const placeOf = (at: Path): string =>
  at
    .map((key) => (typeof key === "number" ? `[${key}]` : /^\w+$/.test(key) ? `.${key}` : `["${key}"]`))
    .join("")
    .replace(/^\./, "");

/** The places that a damaged text is refused for; undefined: it is taken. */
async function refusedAt(text: string): Promise<readonly string[] | undefined> {
  const decoded = await readTopology(text);
  return decoded.ok ? undefined : decoded.issues.map(({ place }) => place.en);
}

test("the image that these tests damage is right", async () => {
  expect(await readTopology(encodeTopology(GOOD))).toEqual({ ok: true, topology: GOOD });
});

describe("every field", () => {
  test("of another type is refused at its place", async () => {
    for (const { at, value } of PLACES) {
      for (const wrong of [null, 1.5, "\u0000", { a: 1 }, [[]], true]) {
        if (typeof wrong === typeof value && typeof wrong !== "object" && typeof wrong !== "number") continue;
        const places = await refusedAt(damaged(at, wrong));
        expect({ at, wrong, places }).toEqual({ at, wrong, places: expect.any(Array) });
        const within = placeOf(at);
        // What takes one of several forms is told where the form shows.
        const near = (place: string): boolean => place.startsWith(within) || within.startsWith(place);
        expect({ at, wrong, near: places?.some(near) }).toEqual({ at, wrong, near: true });
      }
    }
  });

  test("out of range is refused at its place", async () => {
    const numbers = PLACES.filter(({ value }) => typeof value === "number");
    expect(numbers.length).toBeGreaterThan(60);
    for (const { at } of numbers) {
      const isOffset = at.at(-1) === "seconds";
      for (const wrong of [...(isOffset ? [] : [-1]), 2 ** 53, 1e300]) {
        const places = await refusedAt(damaged(at, wrong));
        const found = at[0] === "version" ? ["version"] : [placeOf(at)];
        expect({ at, wrong, places }).toEqual({ at, wrong, places: found });
      }
    }
  });

  test("that is missing is refused at its place, or was one that need not be there", async () => {
    const needless: string[] = [];
    for (const { at } of PLACES) {
      const places = await refusedAt(damaged(at, undefined));
      if (places === undefined) needless.push(placeOf(at));
      else expect({ at, places }).toEqual({ at, places: expect.arrayContaining([expect.any(String)]) });
    }
    const fields = new Set(needless.map((place) => place.replace(/^.*[.\]]/, "")));
    for (const field of ["label", "owner", "state", "setgroups", "comm", "numbers", "format", "version", "code"])
      expect([field, fields.has(field)]).toEqual([field, false]);
    for (const field of ["projidMap", "hostname", "root", "monotonic", "parent", "session", "closeOnExec", "origin"])
      expect([field, fields.has(field)]).toEqual([field, true]);
  });

  test("that nobody knows is refused by its name", async () => {
    for (const { at, value } of PLACES) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
      const isFree = at.at(-1) === "sysctls";
      const places = await refusedAt(damaged([...at, "colour"], isFree ? 7 : "blue"));
      expect(places).toEqual([`${placeOf(at)}.colour`]);
    }
  });
});

describe("between records", () => {
  const withChange = (change: (image: MutableTopology) => void): Promise<readonly string[] | undefined> => {
    const image = JSON.parse(encodeTopology(GOOD)) as MutableTopology;
    change(image);
    return refusedAt(JSON.stringify(image));
  };
  interface MutableTopology {
    namespaces: Record<string, unknown>[];
    processes: Record<string, unknown>[];
    pins: Record<string, unknown>[];
  }
  const set =
    (list: "namespaces" | "processes" | "pins", nth: number, field: string, value: unknown) =>
    (image: MutableTopology): void => {
      Object.assign(image[list][nth] ?? {}, { [field]: value });
    };

  test.each([
    ["a circle of owners", set("namespaces", 0, "owner", "inner"), ["namespaces[0].owner"]],
    ["a namespace that owns itself", set("namespaces", 1, "owner", "inner"), ["namespaces[1].owner"]],
    ["a circle of pid namespaces", set("namespaces", 2, "parent", "deep"), ["namespaces[2].parent"]],
    ["an owner of another kind", set("namespaces", 5, "owner", "box"), ["namespaces[5].owner"]],
    ["an owner that is not there", set("namespaces", 5, "owner", "nobody"), ["namespaces[5].owner"]],
    ["two of one label", set("namespaces", 6, "label", "files"), ["namespaces[6].label"]],
    [
      "a pid namespace above its parent's owner",
      set("namespaces", 3, "owner", "ambient:user"),
      ["namespaces[3].owner"],
    ],
    ["extents that overlap", set("namespaces", 0, "projidMap", [...map(1), ...map(50)]), ["namespaces[0].projidMap"]],
    [
      "an extent beyond all ids",
      set("namespaces", 0, "projidMap", [{ inside: 1, outside: 0, count: 4294967295 }]),
      ["namespaces[0].projidMap[0]"],
    ],
    [
      "an extent that lies in no one extent above",
      set("namespaces", 1, "uidMap", [{ inside: 0, outside: 5, count: 10 }]),
      ["namespaces[1].uidMap[0]"],
    ],
    ["a creator without a number", set("namespaces", 1, "creator", { uid: 100 }), ["namespaces[1].creator.uid"]],
    [
      "setgroups allowed below where it is denied",
      set("namespaces", 1, "setgroups", "allow"),
      ["namespaces[1].setgroups"],
    ],
    [
      "a number for each pid namespace but one",
      set("processes", 1, "numbers", [1]),
      ["processes[1].numbers", "processes[1].numbers[0]", "namespaces[3]"],
    ],
    ["a number that is taken", set("processes", 1, "numbers", [1, 1]), ["processes[1].numbers[0]"]],
    ["a parent below its child", set("processes", 0, "parent", "two"), ["processes[0].parent", "processes[0].parent"]],
    ["a parent that is not there", set("processes", 1, "parent", "nobody"), ["processes[1].parent"]],
    ["somebody in a dead pid namespace", set("namespaces", 3, "state", "dead"), ["processes[1].namespaces.pid"]],
    ["a mount namespace in itself", set("pins", 0, "namespace", "files"), ["pins[0].in"]],
    [
      "mount namespaces in each other",
      (image: MutableTopology) => {
        for (const label of ["first", "second"]) image.namespaces.push({ label, kind: "mnt", owner: "ambient:user" });
        const pin = (namespace: string, place: string) => ({ namespace, in: place, path: `/run/${namespace}` });
        image.pins = [
          pin("first", "files"),
          pin("first", "second"),
          pin("second", "first"),
          pin("files", "ambient:mnt"),
        ];
      },
      ["pins[2].in"],
    ],
    ["a path that leads elsewhere", set("pins", 0, "path", "/run/../etc"), ["pins[0].path"]],
    [
      "two descriptors of one number",
      set("processes", 0, "descriptors", [
        { fd: 9, namespace: "far" },
        { fd: 9, namespace: "far" },
      ]),
      ["processes[0].descriptors[1].fd"],
    ],
  ] as const)("%s is refused", async (_, change, places) => expect(await withChange(change)).toEqual(places));

  test("350 extents are refused at their list, 340 are taken", async () => {
    const extents = (count: number) =>
      Array.from({ length: count }, (_, nth) => ({ inside: nth * 2, outside: nth * 2, count: 1 }));
    expect(await withChange(set("namespaces", 0, "projidMap", extents(350)))).toEqual(["namespaces[0].projidMap"]);
    expect(await withChange(set("namespaces", 0, "projidMap", extents(340)))).toBe(undefined);
  });

  test.each(["user", "pid"] as const)(
    "40 levels of %s namespaces are refused where they become too many",
    async (kind) => {
      const chain = (levels: number): Topology => {
        const namespaces = Array.from({ length: levels }, (_, nth): NamespaceNode => {
          const above = nth === 0 ? (`ambient:${kind}` as const) : `level-${nth - 1}`;
          const label = `level-${nth}`;
          return kind === "pid"
            ? { label, kind, owner: "ambient:user", parent: above, state: "dead" as const }
            : {
                label,
                kind,
                owner: above,
                creator: { uid: 0 },
                uidMap: map(0),
                setgroups: "allow" as const,
                limits: {},
              };
        });
        return { ...GOOD, namespaces, processes: [], pins: [], findings: [] };
      };
      const most = kind === "user" ? 33 : 32;
      expect(await refusedAt(encodeTopology(chain(most)))).toBe(undefined);
      expect(await refusedAt(encodeTopology(chain(40)))).toEqual([`namespaces[${most}]`]);
    },
  );
});

test("any world's image is written, is right, and reads back the same", async () => {
  await fc.assert(
    fc.asyncProperty(anyDrawing, async (drawing) => {
      const { snapshot } = await peopled(drawing, []).seenBy();
      const own = new Set(Object.values(snapshot.viewpoint.namespaces));
      const roots = snapshot.namespaces
        .filter(({ id }) => !own.has(id))
        .map(({ id }): Root => ({ of: "namespace", id }));
      const image = checked(snapshot, roots);
      // What a world without members does not show of its maps refuses the image, and its maps are no fault of the text.
      if (image.findings.some((one) => one.class === "refuse")) return;
      // A drawing may name a place as no kernel does.
      if (image.pins.some(({ path }) => normalize(path) !== path || path.endsWith("/"))) return;
      expect(await readTopology(encodeTopology(image))).toEqual({ ok: true, topology: image });
    }),
    { numRuns: 60 },
  );
});
