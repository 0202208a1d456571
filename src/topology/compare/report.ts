import type { Comparison } from "./compare.ts";
import type { Difference } from "./differences.ts";
import { familyOf } from "./facts.ts";
import type { ElementSort } from "./graph.ts";

/** One difference as plain data, with names that a person finds in the image, or on this machine. */
export interface ReportedDifference {
  readonly what: Difference["what"];
  readonly sort: ElementSort;
  /** From the boundary down to the element: owners, pid namespaces, what it lies in; its own name last. */
  readonly path: readonly string[];
  /** The element as this machine has it: `net:[4026532008]`, a process's number. Absent: it is missing, or has no such name. */
  readonly here?: string;
  /** `hostname`, `owner`, `member.net`, `uidMap` …; absent where the whole element is missing or extra. */
  readonly fact?: string;
  /** Where the fact is a map: the first line that is different, from 1 on, and which of its columns, if it is one alone. */
  readonly line?: number;
  readonly column?: "inside" | "outside" | "count";
  /** What the image says; absent: nothing. */
  readonly expected?: string;
  /** What is here; absent: nothing, or nobody knows. */
  readonly found?: string;
}

/** The differences, in the image's order. */
export function report(comparison: Comparison): readonly ReportedDifference[] {
  const { differences } = comparison;
  const names = new Names(comparison);
  return differences.map((difference) => reported(comparison, names, difference));
}

function reported({ graph: { elements } }: Comparison, names: Names, difference: Difference): ReportedDifference {
  const { what } = difference;
  const node = what === "extra" ? difference.here : difference.image;
  const sort = elements[node]?.sort ?? "process";
  const here = what === "missing" ? undefined : names.here(difference.here);
  const common = { what, sort, path: names.path(node), ...(here !== undefined && { here }) };
  if (what === "missing" || what === "extra") return common;
  const { image, fact } = difference;
  const expected = names.value(image, fact);
  const found = what === "unread" ? undefined : names.value(difference.here, fact);
  if (familyOf(fact).endsWith("Map")) return { ...common, fact, ...unlikeLine(expected ?? "", found) };
  return { ...common, fact, ...(expected !== undefined && { expected }), ...(found !== undefined && { found }) };
}

type Values = Pick<ReportedDifference, "line" | "column" | "expected" | "found">;
const COLUMNS = ["inside", "outside", "count"] as const;

/** The first line of a map that is another one; one column, where the others are the same. */
function unlikeLine(expected: string, found: string | undefined): Values {
  if (found === undefined) return {};
  const [wanted, has] = [linesOf(expected), linesOf(found)];
  const nth = Array.from({ length: Math.max(wanted.length, has.length) }).findIndex((_, at) => wanted[at] !== has[at]);
  const [one, other] = [wanted[nth], has[nth]];
  const line = nth + 1;
  if (one === undefined) return { line, ...(other !== undefined && { found: other }) };
  if (other === undefined) return { line, expected: one };
  const [numbers, others] = [one.split(" "), other.split(" ")];
  const unlike = COLUMNS.flatMap((column, at): Values[] => {
    const [number, another] = [numbers[at], others[at]];
    return number === another || number === undefined || another === undefined
      ? []
      : [{ line, column, expected: number, found: another }];
  });
  const [alone] = unlike;
  return unlike.length === 1 && alone !== undefined ? alone : { line, expected: one, found: other };
}
const linesOf = (map: string): readonly string[] => (map === "" ? [] : map.split("\n"));

/** What elements are called: by the image's labels, and what is only here as this machine calls it. */
class Names {
  readonly #elements: Comparison["graph"]["elements"];
  readonly #imageOf: ReadonlyMap<number, number>;

  constructor({ graph, pairing }: Comparison) {
    this.#elements = graph.elements;
    this.#imageOf = new Map(Array.from(pairing, ([image, here]) => [here, image]));
  }

  name(node: number | string): string {
    if (typeof node === "string") return node;
    const image = this.#elements[node]?.side === "image" ? node : this.#imageOf.get(node);
    const element = this.#elements[image ?? node];
    if (image === undefined) return this.here(node) ?? element?.name ?? "";
    const number = element?.sort === "process" ? element.facts.get("numbers")?.split(" ").at(-1) : undefined;
    return number === undefined ? (element?.name ?? "") : `${element?.name} (${number})`;
  }

  here(node: number): string | undefined {
    const { sort, identity, facts } = this.#elements[node] ?? {};
    if (identity === undefined) return undefined;
    return sort === "process" ? `${identity} ${facts?.get("comm")}` : `${sort}:[${identity}]`;
  }

  /** What a fact says, or where an edge leads. */
  value(node: number, fact: string): string | undefined {
    const element = this.#elements[node];
    const edge = element?.edges.find((known) => known.fact === fact);
    return edge === undefined ? (element?.written?.get(fact) ?? element?.facts.get(fact)) : this.name(edge.to);
  }

  path(node: number): readonly string[] {
    return [...this.#above(node), this.name(node)];
  }

  /** The captured namespaces on the way down to it. */
  #above(node: number): readonly string[] {
    const element = this.#elements[node];
    const to = (fact: string): number | undefined => {
      const edge = element?.edges.find((known) => known.fact === fact);
      return typeof edge?.to === "number" ? edge.to : undefined;
    };
    const [user, pid] = [to("owner") ?? to("member.user"), to("parent") ?? to("member.pid")];
    const place = to("within") ?? to("in");
    if (place !== undefined) return this.path(place);
    const owners = user === undefined ? [] : this.path(user);
    // A process is in its pid namespaces as well; their owners stand before them already, or lie aside.
    const known = new Set(owners);
    return [...owners, ...this.#pids(pid).filter((name) => !known.has(name))];
  }

  #pids(start: number | undefined): readonly string[] {
    const names: string[] = [];
    const passed = new Set<number>();
    let at = start;
    while (at !== undefined && !passed.has(at)) {
      passed.add(at);
      names.unshift(this.name(at));
      const next = this.#elements[at]?.edges.find(({ fact }) => fact === "parent")?.to;
      at = typeof next === "number" ? next : undefined;
    }
    return names;
  }
}
