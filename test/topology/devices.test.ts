import { expect, test } from "vitest";
import { INTERFACE_FLAGS } from "../../src/abi/netlink.ts";
import { topologyFaults } from "../../src/topology/laws/laws.ts";
import type { NetworkDevice } from "../../src/topology/network.ts";
import type { NetworkNode } from "../../src/topology/nodes.ts";
import { callOf } from "../../src/topology/plan/call-names.ts";
import { planRestore } from "../../src/topology/plan/plan.ts";
import type { Restorer } from "../../src/topology/plan/restorer.ts";
import type { Step } from "../../src/topology/plan/step.ts";
import { process, rootIn, topology } from "../support/topologies.ts";

const root: Restorer = {
  privileged: true,
  opensUnborn: true,
  limitsPids: true,
  credentials: rootIn(),
};

type Given = Partial<NetworkDevice> & Pick<NetworkDevice, "index" | "name" | "sort">;
const device = (given: Given): NetworkDevice => ({ mtu: 1500, up: true, addresses: [], ...given });
const vlan = (index: number, name: string, on: number, namespace = "net") =>
  device({ index, name, sort: "vlan", vlan: index, peer: { namespace, index: on } });
const dummy = (index: number, name: string) => device({ index, name, sort: "dummy" });

const net = (label: string, devices: readonly NetworkDevice[], rest: Partial<NetworkNode> = {}): NetworkNode => ({
  label,
  kind: "net",
  owner: "ambient:user",
  devices,
  routes: [],
  netnsids: [],
  sysctls: {},
  ...rest,
});
const image = (...namespaces: readonly NetworkNode[]) =>
  topology({
    namespaces,
    processes: namespaces.map(({ label }) => process({ label: `in-${label}`, namespaces: { net: label } })),
  });
const deeds = (...namespaces: readonly NetworkNode[]): readonly Extract<Step, { do: "network" }>[] =>
  planRestore(image(...namespaces), root).steps.filter((step) => step.do === "network");
const made = (...namespaces: readonly NetworkNode[]): readonly string[] =>
  deeds(...namespaces)
    .filter(({ make }) => make === "link" || make === "veth")
    .map(callOf);
/** The network namespace in which a step is done. */
const standsIn = (step: Step | undefined, ...namespaces: readonly NetworkNode[]): string | undefined => {
  const { steps } = planRestore(image(...namespaces), root);
  const nth = steps.findIndex((one) => JSON.stringify(one) === JSON.stringify(step));
  const moved = steps.slice(0, nth).findLast((one) => one.do === "setns" && one.kind === "net" && one.by === step?.by);
  return moved?.do === "setns" ? moved.namespace : undefined;
};
const changed = (...namespaces: readonly NetworkNode[]) =>
  deeds(...namespaces).flatMap((step) => {
    if (step.make !== "change") return [];
    const { index, mtu, master, up, for: of } = step;
    return [{ at: `${of}/${index}`, ...(mtu && { mtu }), ...(master && { master }), ...(up && { up }) }];
  });

test("what a vlan lies on is made before it, whatever its number, and is up before it", () => {
  const own = net("net", [vlan(2, "outer", 3), vlan(3, "inner", 9), dummy(9, "d0")]);
  expect(made(own)).toEqual(["RTM_NEWLINK dummy d0", "RTM_NEWLINK vlan inner", "RTM_NEWLINK vlan outer"]);
  expect(changed(own).map(({ at }) => at)).toEqual(["net/9", "net/3", "net/2"]);
});

test("a vlan on a device of another namespace is made from there, and is up once all of that one is", () => {
  const [above, below] = [net("net", [vlan(2, "v", 9, "below"), vlan(4, "w", 2)]), net("below", [dummy(9, "d0")])];
  const numbers = { netnsids: [{ id: 7, namespace: "below" }] };
  const both = [{ ...above, ...numbers }, below] as const;
  const links = deeds(...both).flatMap((step) => (step.make === "link" ? [step] : []));
  expect(links.map(({ link, across }) => [link.name, across])).toEqual([
    ["d0", undefined],
    ["v", { from: "below", to: "net" }],
    ["w", undefined],
  ]);
  expect(links.map((step) => standsIn(step, ...both))).toEqual(["below", "below", "net"]);
  expect(changed(...both)).toEqual([
    { at: "below/9", up: true },
    { at: "net/2", up: true },
    { at: "net/4", up: true },
  ]);
});

test("a vlan on a device at the boundary is made from there, which is open by then", () => {
  const outer = net("net", [vlan(2, "v", 9, "external:uplink")]);
  const { steps } = planRestore(image(outer), root);
  const [made] = deeds(outer).filter(({ make }) => make === "link");
  expect(made).toMatchObject({ for: "net", across: { from: "external:uplink", to: "net" } });
  expect(standsIn(made, outer)).toBe("external:uplink");
  const kept = steps.findIndex((step) => step.do === "keep" && step.as === "external:uplink");
  const joined = steps.findIndex((step) => step.do === "setns" && step.namespace === "external:uplink");
  expect([kept >= 0, kept < joined]).toEqual([true, true]);
});

test("a bridge gets its length back that its ports have changed, and so does what lies on it", () => {
  const port = { ...dummy(4, "port"), master: 2 };
  const bridge = device({ index: 2, name: "br", sort: "bridge", mtu: 1400 });
  expect(changed(net("net", [bridge, vlan(3, "v", 2), port]))).toEqual([
    { at: "net/4", master: 2 },
    { at: "net/2", mtu: 1400, up: true },
    { at: "net/3", mtu: 1500, up: true },
    { at: "net/4", up: true },
  ]);
  expect(changed(net("net", [{ ...bridge, mtu: 1500 }, port])).filter(({ mtu }) => mtu !== undefined)).toEqual([]);
});

test("flags are set where an image names them, all at once", () => {
  const { IFF_ALLMULTI, IFF_MULTICAST, IFF_NOARP, IFF_PROMISC } = INTERFACE_FLAGS;
  const mask = IFF_ALLMULTI | IFF_MULTICAST | IFF_NOARP | IFF_PROMISC;
  const of = (given: Partial<NetworkDevice>) => deeds(net("net", [{ ...dummy(2, "d0"), up: false, ...given }])).at(-1);
  expect(of({})).toMatchObject({ make: "link" });
  expect(of({ flags: [] })).toMatchObject({ make: "change", index: 2, flags: { bits: 0, mask } });
  expect(of({ flags: ["noarp", "promisc"], up: true })).toMatchObject({
    up: true,
    flags: { bits: IFF_NOARP | IFF_PROMISC, mask },
  });
});

test("a vlan in a circle, too many on each other, and devices that lack what makes them, are no topology", () => {
  const faults = (...devices: readonly NetworkDevice[]) =>
    [...topologyFaults(image(net("net", devices)))].map(({ path, message }) => `${path.join(".")}: ${message.en}`);
  const pile = (count: number) => Array.from({ length: count }, (_, at) => vlan(at + 3, `v${at}`, at + 2));
  expect(faults(dummy(2, "d0"), ...pile(7))).toEqual([]);
  expect(faults(dummy(2, "d0"), ...pile(8))).toEqual([
    "namespaces.0.devices.8: It lies on more than 6 others, or in the end on itself.",
  ]);
  expect(faults(vlan(2, "v", 3), vlan(3, "w", 2))).toHaveLength(2);
  const { peer: _on, ...untied } = vlan(2, "v", 3);
  const { vlan: _number, ...unnumbered } = vlan(4, "w", 2);
  expect(faults(untied, unnumbered, device({ index: 3, name: "e", sort: "veth" }))).toEqual([
    "namespaces.0.devices.0: A vlan needs a peer.",
    "namespaces.0.devices.1: A vlan needs a vlan.",
    "namespaces.0.devices.2: A veth needs a peer.",
  ]);
});
