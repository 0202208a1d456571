import type { Element, Graph } from "./graph.ts";

/** What an element is by itself: its sort, its facts, and its edges to the boundary. The same text: alike. */
export function colourOf({ sort, facts, edges }: Element): string {
  return [sort, ...itemsOf({ facts, edges }).toSorted()].join("\0");
}

/** The same, in parts. */
export const itemsOf = ({ facts, edges }: Pick<Element, "facts" | "edges">): readonly string[] => [
  ...Array.from(facts, ([fact, value]) => `${fact}=${value}`),
  ...edges.flatMap(({ fact, to }) => (typeof to === "string" ? [`${fact}>${to}`] : [])),
];

/** The parts of each element as numbers below zero, the same for the same text. */
export function ownNumbers({ elements }: Graph): ReadonlyMap<number, readonly number[]> {
  const numbers = new Map<string, number>();
  return new Map(
    elements.map((element, node) => [
      node,
      itemsOf(element).map((item) => {
        const number = numbers.get(item) ?? -1 - numbers.size;
        numbers.set(item, number);
        return number;
      }),
    ]),
  );
}
