import type { Reference } from "../../src/topology/reference.ts";
import type { NamespaceNode, ProcessNode, Topology } from "../../src/topology/topology.ts";

/** A topology with one fact or edge changed, and what a comparison is to call that. */
export interface Mutation {
  readonly sort: string;
  readonly fact: string;
  readonly mutant: Topology;
}

/** Every single change of an attribute or edge that this knows to make, each another topology. */
export function mutationsOf(topology: Topology): readonly Mutation[] {
  const { namespaces, processes, pins } = topology;
  const references = new Map<string, readonly Reference[]>();
  for (const { kind, label } of namespaces)
    references.set(kind, [...(references.get(kind) ?? [`ambient:${kind}`]), label]);
  const others = (kind: string, label: Reference): readonly Reference[] =>
    (references.get(kind) ?? []).filter((other) => other !== label).slice(0, 2);

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
            .slice(0, 2)
            .map(({ label }) => changedProcess(led, { ...process, [led]: label })),
    ),
    ...(process.parent === undefined ? [] : [changedProcess("ppid", withoutParent(process))]),
    ...(["net", "uts", "ipc", "user", "time"] as const).flatMap((kind) =>
      others(kind, process.namespaces[kind] ?? "")
        // Then the link for its children would be said, or no longer be.
        .filter((other) => kind !== "time" || process.namespaces.time_for_children !== other)
        .map((other) =>
          changedProcess(`member.${kind}`, { ...process, namespaces: { ...process.namespaces, [kind]: other } }),
        ),
    ),
    ...process.descriptors.map(({ fd }) =>
      changedProcess(`closeOnExec.${fd}`, {
        ...process,
        descriptors: process.descriptors.map((known) => (known.fd === fd ? { ...known, closeOnExec: true } : known)),
      }),
    ),
  ]);
  const ofPins = pins.map((pin, nth): Mutation => ({
    sort: "pin",
    fact: "path",
    mutant: { ...topology, pins: pins.with(nth, { ...pin, path: "/elsewhere" }) },
  }));
  return [...ofNodes, ...ofProcesses, ...ofPins];
}

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
