import { Counts } from "../counts.ts";
import type { Said } from "../compare.ts";
import type { Ground, Start } from "../ground.ts";
import { explore, type Explored } from "./explore.ts";
import { PARTS, type Part } from "./parts.ts";
import { Difference } from "./side-by-side.ts";
import type { Situation } from "./situation.ts";

export interface ExhaustWish {
  /** So many namespaces are made in a world, at most. */
  readonly bound: number;
  readonly start: Start;
  /** Told after each world. */
  progress?(worlds: number, counts: Counts): void;
}

/** What one part came to. */
export interface PartResult {
  readonly title: string;
  readonly worlds: number;
  readonly situations: number;
  readonly outOfReach: number;
  readonly calls: number;
}

export interface ExhaustResult {
  readonly parts: readonly PartResult[];
  readonly counts: Counts;
  readonly ms: number;
  /** The world, the caller and the call on which the two sides differ. */
  readonly difference: string | undefined;
}

/** Asks everything in every situation up to the bound, on both sides, until they differ. */
export function exhaust(ground: Ground, { bound, start, progress }: ExhaustWish): ExhaustResult {
  const counts = new Counts();
  const parts: PartResult[] = [];
  const begun = performance.now();
  let done = 0;
  for (const part of PARTS) {
    const total = { title: part.title, worlds: 0, situations: 0, outOfReach: 0, calls: -counts.calls };
    for (const world of part.worlds(bound, start.uid)) {
      const explored = exploreTwice(ground, part, { world, start });
      if (explored instanceof Difference) {
        return { parts, counts, ms: performance.now() - begun, difference: explored.message };
      }
      for (const said of explored.heard) counts.add(said);
      total.worlds++;
      total.situations += explored.situations;
      total.outOfReach += explored.outOfReach;
      progress?.(++done, counts);
    }
    parts.push({ ...total, calls: total.calls + counts.calls });
  }
  return { parts, counts, ms: performance.now() - begun, difference: undefined };
}

type Found = Explored & { readonly heard: readonly Said[] };

/** A difference that does not come again was the machine's: a call that had to wait too long for a CPU. */
function exploreTwice(ground: Ground, part: Part, about: { world: Situation; start: Start }): Found | Difference {
  const first = tryExplore(ground, part, about);
  return first instanceof Difference ? tryExplore(ground, part, about) : first;
}

function tryExplore(ground: Ground, part: Part, about: { world: Situation; start: Start }): Found | Difference {
  const heard: Said[] = [];
  try {
    return { ...explore(ground, part, { ...about, heard: (said) => heard.push(said) }), heard };
  } catch (error) {
    if (error instanceof Difference) return error;
    throw error;
  }
}
