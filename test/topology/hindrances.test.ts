import { expect, test } from "vitest";
import type { Finding } from "../../src/topology/findings.ts";
import { asRestored } from "../../src/topology/compare/as-restored.ts";
import { compareTopologies } from "../../src/topology/compare/compare.ts";
import { hindrancesOf } from "../../src/topology/plan/hindrances.ts";
import { withoutUnheld } from "../../src/topology/plan/unheld.ts";
import type { NamespaceNode, Topology } from "../../src/topology/topology.ts";
import { credentialsOf, everyKind, LOOPBACK, nestedPods, process, topology, userIn } from "../support/topologies.ts";

const uts = (label: string, hostname = "h"): NamespaceNode => ({ label, kind: "uts", owner: "box", hostname });
const box = userIn("box", "ambient:user", 100_000, 10);
const later: NamespaceNode = { label: "later", kind: "time", owner: "box" };

test("what others restore has no hindrance", () => {
  expect(hindrancesOf(everyKind(credentialsOf("")))).toEqual([]);
  expect(hindrancesOf(nestedPods())).toEqual([]);
});

test("what nothing holds is named; owners, and what is mounted in what is held, are held", () => {
  const held = topology({
    namespaces: [box, uts("alone"), uts("mounted"), uts("lost"), { label: "tree", kind: "mnt", owner: "ambient:user" }],
    processes: [process({ label: "one", namespaces: { mnt: "tree" } })],
    pins: [{ namespace: "mounted", in: "tree", path: "/run/names" }],
  });
  expect(hindrancesOf(held)).toEqual([
    { element: "alone", why: "unheld" },
    { element: "lost", why: "unheld" },
  ]);
  const nobodyInside = { ...held, processes: [] };
  expect(hindrancesOf(nobodyInside).map(({ element }) => element)).toEqual(["box", "alone", "mounted", "lost", "tree"]);
});

test("what the image itself says it has no holder of is left out, and so are veths that lead there", () => {
  const net = (label: string, peer: string): NamespaceNode => ({
    label,
    kind: "net",
    owner: "box",
    devices: [
      LOOPBACK,
      { index: 2, name: "v", sort: "veth", mtu: 1500, up: true, peer: { namespace: peer, index: 2 }, addresses: [] },
    ],
    routes: [{ to: "default", device: 2, family: "inet" }],
    netnsids: [{ id: 0, namespace: peer }],
    sysctls: {},
  });
  const finding: Finding = { class: "degraded", element: "lost", code: "no-holder", details: {} };
  const image: Topology = {
    ...topology({
      namespaces: [box, net("kept", "lost"), net("lost", "kept")],
      processes: [process({ label: "one", namespaces: { net: "kept", user: "box" } })],
    }),
    findings: [finding],
  };
  const { namespaces } = withoutUnheld(image);
  expect(namespaces.slice(1)).toEqual([
    { label: "kept", kind: "net", owner: "box", devices: [LOOPBACK], routes: [], netnsids: [], sysctls: {} },
  ]);
  expect(hindrancesOf(withoutUnheld(image))).toEqual([]);
  expect(hindrancesOf({ ...image, findings: [] })).toEqual([{ element: "lost", why: "unheld" }]);
});

test("a time namespace for children alone is one process's; others may be in it", () => {
  const waiting = (label: string) => process({ label, namespaces: { user: "box", time_for_children: "later" } });
  const inside = process({ label: "inside", namespaces: { user: "box", time: "later" } });
  const namespaces = [box, later];
  expect(hindrancesOf(topology({ namespaces, processes: [waiting("one"), inside] }))).toEqual([]);
  expect(hindrancesOf(topology({ namespaces, processes: [waiting("one"), waiting("two")] }))).toEqual([
    { element: "two", why: "pending-time-shared", other: "one" },
  ]);
  const back = process({ label: "back", namespaces: { time: "later", time_for_children: "ambient:time" } });
  expect(hindrancesOf(topology({ namespaces, processes: [back] }))).toEqual([
    { element: "back", why: "time-of-children" },
  ]);
});

const mapped = (inside: number): NamespaceNode => ({
  label: "box",
  kind: "user",
  owner: "ambient:user",
  creator: { uid: 0 },
  uidMap: [{ inside, outside: 100_000, count: 10 }],
  gidMap: [{ inside, outside: 100_000, count: 10 }],
  setgroups: "allow",
  limits: {},
});

test("sysctls whose owner's root is nobody", () => {
  const of = (inside: number) =>
    hindrancesOf(
      topology({
        namespaces: [mapped(inside), { label: "msg", kind: "ipc", owner: "box", sysctls: { "kernel.shmmax": "5" } }],
        processes: [process({ label: "one", namespaces: { user: "box", ipc: "msg" } })],
      }),
    );
  expect(of(0)).toEqual([]);
  expect(of(1)).toEqual([{ element: "msg", why: "no-root" }]);
});

test("what is neither read nor set, or by nobody, is refused, not passed over", () => {
  const net = (sysctls: Record<string, string>): NamespaceNode => ({
    label: "net",
    kind: "net",
    owner: "box",
    devices: [LOOPBACK],
    routes: [],
    netnsids: [],
    sysctls,
  });
  const one = process({ label: "one", numbers: [1], namespaces: { user: "box", net: "net", pid: "pids" } });
  const of = (sysctls: Record<string, string>, pidMax?: number, state: "alive" | "dead" = "alive") =>
    hindrancesOf(
      topology({
        namespaces: [
          box,
          net(sysctls),
          {
            label: "pids",
            kind: "pid",
            owner: "box",
            parent: "ambient:pid",
            state,
            ...(pidMax !== undefined && { pidMax }),
          },
        ],
        processes: [one],
      }),
    );
  expect(of({ "net.ipv4.ip_forward": "1" })).toEqual([]);
  expect(of({}, 400)).toEqual([]);
  expect(of({ "net.ipv4.no_such": "1" }, 400, "dead")).toEqual([
    { element: "net", why: "network-sysctl", other: "net.ipv4.no_such" },
    { element: "pids", why: "pid-max" },
  ]);
});

test("names that the kernel would cut or refuse, counted in bytes", () => {
  const one = (comm: string) => process({ label: "one", comm, namespaces: { user: "box" } });
  const of = (comm: string, hostname = "h") =>
    hindrancesOf(
      topology({
        namespaces: [box, uts("names", hostname)],
        processes: [{ ...one(comm), descriptors: [{ fd: 3, namespace: "names" }] }],
      }),
    );
  expect(of("fifteen-letters", "h".repeat(64))).toEqual([]);
  expect(of("sixteen-letters-")).toEqual([{ element: "one", why: "long-name" }]);
  expect(of("éééééééé")).toEqual([{ element: "one", why: "long-name" }]);
  expect(of("one", "é".repeat(33))).toEqual([{ element: "names", why: "long-host-name" }]);
});

test("of a process that became a command its place is compared, and not its name, credentials and files", () => {
  const image = topology({
    namespaces: [box, later, uts("names")],
    processes: [
      process({
        label: "one",
        namespaces: { user: "box", uts: "names", time_for_children: "later" },
        descriptors: [{ fd: 3, namespace: "names" }],
      }),
    ],
  });
  const [one] = image.processes;
  if (one === undefined) throw new Error("no process");
  const { time_for_children: _entered, ...links } = one.namespaces;
  // execve(2) has taken it into the time namespace that it had for its children.
  const here: Topology = {
    ...image,
    processes: [{ ...one, comm: "sleep", namespaces: { ...links, time: "later" }, descriptors: [] }],
  };
  const differences = (commands: readonly string[]) => {
    const expected = asRestored(image, { commands });
    return compareTopologies(expected.image, here, expected).differences;
  };
  expect(differences(["one"])).toEqual([]);
  expect(differences([]).length).toBeGreaterThan(0);
  const elsewhere = { ...here, processes: [{ ...one, namespaces: { ...links, time: "later", uts: "ambient:uts" } }] };
  const expected = asRestored(image, { commands: ["one"] });
  expect(compareTopologies(expected.image, elsewhere, expected).differences.length).toBeGreaterThan(0);
});
