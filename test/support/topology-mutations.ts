import { kindOfLink, LINKS, type ProcLink } from "../../src/abi/proc-links.ts";
import type { Reference } from "../../src/topology/reference.ts";
import type { NamespaceNode, PinNode, ProcessNode, Topology } from "../../src/topology/topology.ts";

/** A topology with one fact or edge changed, and what a comparison is to call that. */
export interface Mutation {
  readonly sort: string;
  readonly fact: string;
  readonly mutant: Topology;
}

/** Every single change of an attribute or edge that this knows to make, each another topology; an edge is led to `mostPlaces` others. */
export function mutationsOf(topology: Topology, mostPlaces = 2): readonly Mutation[] {
  const { namespaces, processes, pins } = topology;
  const references = new Map<string, readonly Reference[]>();
  const kinds = new Map<Reference, string>(namespaces.map(({ label, kind }) => [label, kind]));
  for (const { kind, label } of namespaces)
    references.set(kind, [...(references.get(kind) ?? [`ambient:${kind}`]), label]);
  const others = (kind: string, label: Reference): readonly Reference[] =>
    (references.get(kind) ?? []).filter((other) => other !== label).slice(0, mostPlaces);

  const changedNode = (fact: string, node: NamespaceNode): Mutation => ({
    // A network namespace has no attributes of its own but sysctls; what is within it has.
    sort: node.kind === "net" && fact !== "owner" ? "device" : node.kind,
    fact,
    mutant: { ...topology, namespaces: namespaces.map((known) => (known.label === node.label ? node : known)) },
  });
  const changedProcess = (fact: string, process: ProcessNode): Mutation => ({
    sort: "process",
    fact,
    mutant: { ...topology, processes: processes.map((known) => (known.label === process.label ? process : known)) },
  });

  const ofNodes = namespaces.flatMap((node): Mutation[] => {
    // An owner below itself would be no tree.
    const owners = others("user", node.owner).filter((other) => node.kind !== "user" || other === "ambient:user");
    return [
      ...owners.map((owner) => changedNode("owner", { ...node, owner })),
      ...ownFacts(node).map(([fact, changed]) => changedNode(fact, changed)),
    ];
  });
  const ofProcesses = processes.flatMap((process): Mutation[] => [
    changedProcess("comm", { ...process, comm: "mutant" }),
    changedProcess("noNewPrivs", {
      ...process,
      credentials: { ...process.credentials, noNewPrivs: !process.credentials.noNewPrivs },
    }),
    changedProcess("groups", { ...process, credentials: { ...process.credentials, groups: [77] } }),
    changedProcess("capabilities.effective", {
      ...process,
      credentials: {
        ...process.credentials,
        capabilities: { ...process.credentials.capabilities, effective: "0000000000000003" },
      },
    }),
    ...(["session", "group"] as const).flatMap((led) =>
      typeof process[led] !== "string"
        ? []
        : processes
            .filter(({ label }) => label !== process[led])
            .slice(0, mostPlaces)
            .map(({ label }) => changedProcess(led, { ...process, [led]: label })),
    ),
    ...(process.parent === undefined ? [] : [changedProcess("ppid", withoutParent(process))]),
    ...MOVED.flatMap((link) =>
      others(kindOfLink(link), process.namespaces[link] ?? "")
        // Then a link for children would be said that was not, or no longer be.
        .filter((other) => other !== process.namespaces[COUNTERPARTS.get(link) ?? link])
        .map((other) =>
          changedProcess(`member.${link}`, { ...process, namespaces: { ...process.namespaces, [link]: other } }),
        ),
    ),
    ...process.descriptors.flatMap((descriptor, nth) => {
      const changed = (fact: string, change: Partial<Descriptor>): Mutation =>
        changedProcess(`${fact}.${descriptor.fd}`, {
          ...process,
          descriptors: process.descriptors.with(nth, { ...descriptor, ...change }),
        });
      return [
        changed("closeOnExec", { closeOnExec: true }),
        ...others(kinds.get(descriptor.namespace) ?? "", descriptor.namespace).map((namespace) =>
          changed("fd", { namespace }),
        ),
      ];
    }),
  ]);
  const ofPins = pins.flatMap((pin, nth) => {
    const changed = (fact: string, change: Partial<PinNode>): Mutation => ({
      sort: "pin",
      fact,
      mutant: { ...topology, pins: pins.with(nth, { ...pin, ...change }) },
    });
    return [
      changed("path", { path: "/elsewhere" }),
      ...others(kinds.get(pin.namespace) ?? "", pin.namespace).map((namespace) => changed("namespace", { namespace })),
    ];
  });
  return [...ofNodes, ...ofProcesses, ...ofPins];
}

type Descriptor = ProcessNode["descriptors"][number];
/** Links that go elsewhere without saying more: whoever is in another pid namespace has another number. */
const MOVED = LINKS.filter((link) => link !== "pid");
const COUNTERPARTS = new Map<ProcLink, ProcLink>([
  ["time", "time_for_children"],
  ["time_for_children", "time"],
  ["pid_for_children", "pid"],
]);

function ownFacts(node: NamespaceNode): readonly (readonly [string, NamespaceNode])[] {
  switch (node.kind) {
    case "user": {
      const [first, ...rest] = node.uidMap ?? [];
      return [
        ["creator", { ...node, creator: { uid: node.creator.uid + 1_000_000 } }],
        ["setgroups", { ...node, setgroups: node.setgroups === "deny" ? "allow" : "deny" }],
        ["limits.uts", { ...node, limits: { ...node.limits, uts: 3 } }],
        ...(first === undefined
          ? []
          : [["uidMap", { ...node, uidMap: [{ ...first, outside: first.outside + 7_000_000 }, ...rest] }] as const]),
      ];
    }
    case "pid":
      return [["pidMax", { ...node, pidMax: 4242 }]];
    case "uts":
      return [["hostname", { ...node, hostname: "mutant" }]];
    case "ipc":
      return [["sysctls.kernel.shmmni", { ...node, sysctls: { "kernel.shmmni": "7777" } }]];
    case "time":
      return [["boottime", { ...node, boottime: { seconds: 99_999, nanoseconds: 1 } }]];
    case "net": {
      const devices = node.devices.flatMap((device, nth) =>
        [{ mtu: device.mtu + 1 }, { up: !device.up }, { name: "mutant" }].map(
          (change) => ({ ...node, devices: node.devices.with(nth, { ...device, ...change }) }) as const,
        ),
      );
      const facts = ["mtu", "up", "name"];
      return devices.map((changed, nth) => [facts[nth % facts.length] ?? "", changed] as const);
    }
    default:
      return [];
  }
}

function withoutParent(process: ProcessNode): ProcessNode {
  const { parent, ...orphan } = process;
  return parent === undefined ? process : orphan;
}
