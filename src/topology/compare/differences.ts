import type { Element, Graph } from "./graph.ts";
import type { Pairing } from "./isomorphism.ts";

/**
 * One way in which what is here is not what the image says.
 * - differs: a fact or an edge is another one, or only one of the two has it
 * - missing, extra: an element is only in the image, only here
 * - unread: here it could not be read, so nobody knows
 */
export type Difference =
  | { readonly what: "differs" | "unread"; readonly image: number; readonly here: number; readonly fact: string }
  | { readonly what: "missing"; readonly image: number }
  | { readonly what: "extra"; readonly here: number };

/** What is not to be compared, by element and fact; `within` is the fact that stands for what lies within a network namespace. */
export interface Reservations {
  /** Of the image: degraded, left open, or whoever restored was told otherwise. */
  readonly isLeftOut: (image: number, fact: string) => boolean;
  /** Of what is here: it could not be read. */
  readonly isUnread: (here: number, fact: string) => boolean;
}
export const WITHIN = "within";

/** All differences under a pairing, in the image's order; then what is only here. */
export function differencesOf(
  { elements, imageSize }: Graph,
  pairing: Pairing,
  { isLeftOut, isUnread }: Reservations,
): readonly Difference[] {
  const found: Difference[] = [];
  const imageOf = new Map(Array.from(pairing, ([image, here]) => [here, image]));
  /** What lies within a network namespace that has no counterpart goes with it. */
  const isTold = (within: number | undefined): boolean => {
    if (within === undefined) return true;
    const image = within < imageSize ? within : imageOf.get(within);
    const here = image === undefined ? undefined : pairing.get(image);
    return image !== undefined && here !== undefined && !isLeftOut(image, WITHIN) && !isUnread(here, WITHIN);
  };
  for (let image = 0; image < imageSize; image += 1) {
    const here = pairing.get(image);
    const [wanted, other] = [elements[image], here === undefined ? undefined : elements[here]];
    if (wanted === undefined || !isTold(wanted.within)) continue;
    if (here === undefined || other === undefined) {
      found.push({ what: "missing", image });
      continue;
    }
    for (const fact of unlike(wanted, other, pairing)) {
      if (isLeftOut(image, fact)) continue;
      found.push({ what: isUnread(here, fact) ? "unread" : "differs", image, here, fact });
    }
    if (wanted.sort === "net" && isUnread(here, WITHIN) && !isLeftOut(image, WITHIN))
      found.push({ what: "unread", image, here, fact: WITHIN });
  }
  for (let here = imageSize; here < elements.length; here += 1)
    if (!imageOf.has(here) && isTold(elements[here]?.within)) found.push({ what: "extra", here });
  return found;
}

/** Edges first: what an element belongs to says more than what it is. */
export function unlike(image: Element, here: Element, pairing: Pick<Pairing, "get">): readonly string[] {
  const goes = new Map(here.edges.map(({ fact, to }) => [fact, to]));
  const edges = image.edges.filter(({ fact, to }) => {
    const wanted = typeof to === "number" ? pairing.get(to) : to;
    return wanted === undefined || goes.get(fact) !== wanted;
  });
  const own = new Set(image.edges.map(({ fact }) => fact));
  const more = here.edges.filter(({ fact }) => !own.has(fact));
  const facts = new Set([...image.facts.keys(), ...here.facts.keys()]);
  return [
    ...[...edges, ...more].map(({ fact }) => fact),
    ...[...facts].filter((fact) => image.facts.get(fact) !== here.facts.get(fact)),
  ];
}

/**
 * A pin, a device or a route that has more unlike than alike is another one. Namespaces and processes stay paired: what else
 * would each of them be?
 */
export function withoutStrangers({ elements }: Graph, pairing: Pairing): Pairing {
  const isStranger = ([image, here]: readonly [number, number]): boolean => {
    const [one, other] = [elements[image], elements[here]];
    if (one === undefined || other === undefined || !["pin", "device", "route"].includes(one.sort)) return false;
    const all = new Set([...one.facts.keys(), ...other.facts.keys()]).size + one.edges.length;
    return unlike(one, other, pairing).length * 2 > all;
  };
  return new Map([...pairing].filter((pair) => !isStranger(pair)));
}
