import type { Label } from "../reference.ts";
import type { Topology } from "../topology.ts";
import { differencesOf, withoutStrangers, type Difference, type Reservations } from "./differences.ts";
import { exchanged } from "./exchange.ts";
import { familyOf, LED, OPTIONAL_FACTS } from "./facts.ts";
import { graphOf, type Element, type Graph, type Targets } from "./graph.ts";
import { isomorphismOf, type Pairing } from "./isomorphism.ts";
import { nearestPairing } from "./nearest.ts";
import { openFacts, unreadFacts, type FactsByLabel } from "./not-compared.ts";

export interface CompareOptions {
  /** Where the image's `external:KEY` are here. */
  readonly targets?: Targets;
  /** Facts, or families of them, that are not compared, by the image's label: what was to be otherwise. */
  readonly leftOut?: ReadonlyMap<Label, readonly string[]>;
}

export interface Comparison {
  readonly graph: Graph;
  /** Which element here is which of the image. */
  readonly pairing: Pairing;
  /** None: the two are the same. */
  readonly differences: readonly Difference[];
}

/**
 * Whether `here` is what `image` says, whatever the elements are called and in whatever order they stand: a one-to-one
 * pairing with the same sorts, edges and facts, where one exists; else the differences under one that leaves few.
 */
export function compareTopologies(image: Topology, here: Topology, options: CompareOptions = {}): Comparison {
  const graph = graphOf(image, here, options.targets);
  const reservations: Reservations = {
    isLeftOut: leftOutIn(graph, openFacts(image.findings, options.leftOut)),
    isUnread: unreadIn(graph, unreadFacts(here.findings)),
  };
  const exact = isomorphismOf(withoutAnywhere(graph, reservations));
  const differences = exact && differencesOf(graph, exact, reservations);
  if (exact !== undefined && differences?.length === 0) return { graph, pairing: exact, differences };
  const asked = withoutThere(graph, reservations);
  const pairing = withoutStrangers(graph, exchanged(asked, nearestPairing(asked)));
  return { graph, pairing, differences: differencesOf(graph, pairing, reservations) };
}

function leftOutIn({ elements }: Graph, named: FactsByLabel): Reservations["isLeftOut"] {
  return (node, fact) => {
    const element = elements[node];
    if (element === undefined || element.side === "here") return false;
    if (isNotSaid(element, fact)) return true;
    return isNamed(named, element, fact);
  };
}

function unreadIn({ elements }: Graph, named: FactsByLabel): Reservations["isUnread"] {
  return (node, fact) => {
    const element = elements[node];
    if (element === undefined || element.side === "image") return false;
    if (isNotSaid(element, fact)) return true;
    return isNamed(named, element, fact);
  };
}

function isNotSaid({ sort, facts, edges }: Element, fact: string): boolean {
  if (facts.has(fact)) return false;
  if (OPTIONAL_FACTS.has(fact)) return true;
  const isLed = sort === "process" && !facts.has("numbers") && LED.some((known) => known === fact);
  return isLed && !edges.some((edge) => edge.fact === fact);
}

function isNamed(named: FactsByLabel, { sort, name }: Element, fact: string): boolean {
  // Findings name namespaces and processes; a device may be called as one of these.
  const facts = sort === "device" || sort === "route" || sort === "pin" ? undefined : named.get(name);
  return facts !== undefined && (facts.has(fact) || facts.has(familyOf(fact)));
}

/** What is left out of one element of a sort says nothing of others of that sort either: which is which is not known yet. */
function withoutAnywhere(graph: Graph, { isLeftOut }: Reservations): Graph {
  const { elements } = graph;
  const factsBySort = new Map<string, Set<string>>();
  for (const { sort, facts, edges } of elements) {
    const all = factsBySort.get(sort) ?? new Set();
    factsBySort.set(sort, all);
    for (const fact of facts.keys()) all.add(fact);
    for (const { fact } of edges) all.add(fact);
  }
  const gone = new Set<string>();
  for (const [node, { sort }] of elements.entries())
    for (const fact of factsBySort.get(sort) ?? []) if (isLeftOut(node, fact)) gone.add(`${sort} ${fact}`);
  return gone.size === 0 ? graph : kept(graph, ({ sort }, fact) => !gone.has(`${sort} ${fact}`));
}

const withoutThere = (graph: Graph, { isLeftOut }: Reservations): Graph =>
  kept(graph, (_, fact, node) => !isLeftOut(node, fact));

function kept(graph: Graph, isKept: (element: Element, fact: string, node: number) => boolean): Graph {
  return {
    imageSize: graph.imageSize,
    elements: graph.elements.map((element, node) => ({
      ...element,
      facts: new Map([...element.facts].filter(([fact]) => isKept(element, fact, node))),
      edges: element.edges.filter(({ fact }) => isKept(element, fact, node)),
    })),
    referrers: graph.referrers.map((list) =>
      list.filter(({ fact, from }) => {
        const element = graph.elements[from];
        return element !== undefined && isKept(element, fact, from);
      }),
    ),
  };
}
