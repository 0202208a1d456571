import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { isBoundary, type Boundary, type Label, type Reference } from "../reference.ts";
import type { Topology } from "../topology.ts";
import {
  factsOfDevice,
  factsOfNamespace,
  factsOfPin,
  factsOfProcess,
  factsOfRoute,
  LED,
  linksOf,
  mapsOf,
  type Facts,
} from "./facts.ts";

/** The two that are compared: what is wanted, and what is there. */
export type Side = "image" | "here";
export type ElementSort = NamespaceKind | "process" | "pin" | "device" | "route";

/** One thing that a topology holds; what it is said to be, and what it leads to. */
export interface Element {
  readonly side: Side;
  readonly sort: ElementSort;
  /** The label of a namespace or process, a pin's path, a device's name, where a route leads. */
  readonly name: string;
  /** Inode number of a namespace, number of a process as whoever looked had it: for people, never compared. */
  readonly identity?: number;
  /** Of a device and a route: their network namespace. */
  readonly within?: number;
  readonly facts: Facts;
  /** Facts whose canonical form is not what people read: how they were written. */
  readonly written?: Facts;
  readonly edges: readonly Edge[];
}
/** `fact` says how: `owner`, `member.net`, `fd.7` … A number is an element of the graph; a text the boundary, or what is not there. */
export interface Edge {
  readonly fact: string;
  readonly to: number | string;
}

/** Both topologies as one graph: the image's elements first. */
export interface Graph {
  readonly elements: readonly Element[];
  /** How many are the image's. */
  readonly imageSize: number;
  /** Those that lead to an element. */
  readonly referrers: readonly (readonly { readonly fact: string; readonly from: number }[])[];
}

/** Where the image's boundary is here: `external:KEY` is what it was restored with. Absent: the same. */
export type Targets = ReadonlyMap<Boundary, Reference>;

export function graphOf(image: Topology, here: Topology, targets: Targets = new Map()): Graph {
  const elements: Element[] = [];
  addAll(elements, image, { side: "image", targets });
  const imageSize = elements.length;
  addAll(elements, here, { side: "here", targets: new Map() });
  const referrers = elements.map((): { fact: string; from: number }[] => []);
  for (const [from, { edges }] of elements.entries())
    for (const { fact, to } of edges) if (typeof to === "number") referrers[to]?.push({ fact, from });
  return { elements, imageSize, referrers };
}

interface Adding {
  readonly side: Side;
  readonly targets: Targets;
}

function addAll(elements: Element[], topology: Topology, { side, targets }: Adding): void {
  const { namespaces, processes, pins } = topology;
  // Each element's place is known before the edges are drawn, for they lead in all directions.
  const places = new Map<string, number>();
  let next = elements.length;
  for (const { label } of namespaces) places.set(label, next++);
  for (const { label } of processes) places.set(processKey(label), next++);
  next += pins.length;
  for (const node of namespaces)
    if (node.kind === "net") for (const { index } of node.devices) places.set(deviceKey(node.label, index), next++);

  const to = (reference: Reference): number | string =>
    isBoundary(reference) ? (targets.get(reference) ?? reference) : (places.get(reference) ?? reference);
  const device = (label: Reference, index: number): number | string =>
    isBoundary(label) ? to(label) : (places.get(deviceKey(label, index)) ?? `${label}#${index}`);

  for (const node of namespaces) {
    const edges: Edge[] = [{ fact: "owner", to: to(node.owner) }];
    if (node.kind === "pid") edges.push({ fact: "parent", to: to(node.parent) });
    if (node.kind === "net")
      edges.push(...node.netnsids.map(({ id, namespace }) => ({ fact: `netnsid.${id}`, to: to(namespace) })));
    const identity = node.identity && { identity: node.identity.inode };
    elements.push({
      side,
      sort: node.kind,
      name: node.label,
      ...identity,
      facts: factsOfNamespace(node),
      written: mapsOf(node),
      edges,
    });
  }
  for (const process of processes) {
    const edges: Edge[] = linksOf(process).map(([fact, reference]) => ({ fact, to: to(reference) }));
    edges.push(...process.descriptors.map(({ fd, namespace }) => ({ fact: `fd.${fd}`, to: to(namespace) })));
    if (process.parent !== undefined)
      edges.push({ fact: "ppid", to: places.get(processKey(process.parent)) ?? process.parent });
    for (const fact of LED) {
      const leader = process[fact];
      if (typeof leader === "string") edges.push({ fact, to: places.get(processKey(leader)) ?? leader });
    }
    const identity = process.identity && { identity: process.identity.pid };
    elements.push({ side, sort: "process", name: process.label, ...identity, facts: factsOfProcess(process), edges });
  }
  for (const pin of pins) {
    const edges = [
      { fact: "namespace", to: to(pin.namespace) },
      { fact: "in", to: to(pin.in) },
    ];
    elements.push({ side, sort: "pin", name: pin.path, facts: factsOfPin(pin), edges });
  }
  const nets = namespaces.filter((node) => node.kind === "net");
  for (const node of nets) {
    const within = places.get(node.label) ?? 0;
    for (const { index, name, peer, master, ...rest } of node.devices) {
      const edges: Edge[] = [{ fact: "within", to: within }];
      if (peer !== undefined) edges.push({ fact: "peer", to: device(peer.namespace, peer.index) });
      if (master !== undefined) edges.push({ fact: "master", to: device(node.label, master) });
      elements.push({ side, sort: "device", name, within, facts: factsOfDevice({ index, name, ...rest }), edges });
    }
  }
  for (const node of nets) {
    const within = places.get(node.label) ?? 0;
    for (const route of node.routes) {
      const edges: Edge[] = [{ fact: "within", to: within }];
      if (route.device !== undefined) edges.push({ fact: "device", to: device(node.label, route.device) });
      elements.push({ side, sort: "route", name: route.to, within, facts: factsOfRoute(route), edges });
    }
  }
}

// Labels hold no slash, and no blank.
const processKey = (label: Label): string => `process/${label}`;
const deviceKey = (label: Label, index: number): string => `${label}/${index}`;
