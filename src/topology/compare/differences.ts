import { OPTIONAL_FACTS } from "./facts.ts";
import { familyOf } from "./facts.ts";
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

/** Whether a fact of this element of the image is to be left out: it is degraded, or whoever restored was told otherwise. */
export type LeftOut = (element: number, fact: string) => boolean;

/** All differences under a pairing, in the image's order; then what is only here. */
export function differencesOf(graph: Graph, pairing: Pairing, isLeftOut: LeftOut): readonly Difference[] {
  const { elements, imageSize } = graph;
  const found: Difference[] = [];
  const paired = new Set(pairing.values());
  for (let image = 0; image < imageSize; image += 1) {
    const here = pairing.get(image);
    const [wanted, other] = [elements[image], here === undefined ? undefined : elements[here]];
    if (wanted === undefined) continue;
    if (here === undefined || other === undefined) {
      // What lies within a network namespace that is missing goes with it.
      if (wanted.within === undefined || pairing.has(wanted.within)) found.push({ what: "missing", image });
      continue;
    }
    for (const fact of unlike(wanted, other, pairing)) {
      if (isLeftOut(image, fact)) continue;
      const what = !other.facts.has(fact) && OPTIONAL_FACTS.has(familyOf(fact)) ? "unread" : "differs";
      found.push({ what, image, here, fact });
    }
  }
  for (let here = imageSize; here < elements.length; here += 1) {
    const within = elements[here]?.within;
    if (!paired.has(here) && (within === undefined || paired.has(within))) found.push({ what: "extra", here });
  }
  return found;
}

/** Edges first: what an element belongs to says more than what it is. */
export function unlike(image: Element, here: Element, pairing: Pairing): readonly string[] {
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
