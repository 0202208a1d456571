import { describe, expect, test } from "vitest";
import { anyTopology } from "../../support/arbitrary-topology.ts";
import { relabelled } from "../../support/relabelled.ts";
import { mutationsOf } from "../../support/topology-mutations.ts";
import fc from "../../support/property.ts";
import { compareTopologies, type Comparison } from "../../../src/topology/compare/compare.ts";
import type { Topology } from "../../../src/topology/topology.ts";

/** Sort and fact of each difference. */
const told = ({ graph: { elements }, differences }: Comparison): readonly string[] =>
  differences.map((difference) => {
    const { sort } = elements["image" in difference ? difference.image : difference.here] ?? { sort: "nothing" };
    return "fact" in difference ? `${sort} ${difference.fact}` : `${sort} ${difference.what}`;
  });

const isSame = (one: Topology, other: Topology): boolean => compareTopologies(one, other).differences.length === 0;

describe("a topology", () => {
  test("is the same as itself under other labels and in another order", () => {
    fc.assert(
      fc.property(
        anyTopology({ steps: 60 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (topology, stream) => {
          const other = relabelled(topology, () => stream.next().value);
          const { differences, pairing, graph } = compareTopologies(topology, other);
          expect(differences).toEqual([]);
          expect(pairing.size).toBe(graph.imageSize);
          expect(new Set(pairing.values()).size).toBe(pairing.size);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("is told from one that differs in one attribute or edge, which is named", () => {
    fc.assert(
      fc.property(
        anyTopology(),
        fc.nat(),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })),
        (topology, choice, stream) => {
          const mutations = mutationsOf(topology);
          const mutation = mutations[choice % Math.max(1, mutations.length)];
          fc.pre(mutation !== undefined);
          const found = compareTopologies(
            topology,
            relabelled(mutation.mutant, () => stream.next().value),
          );
          const [name, ...more] = told(found);
          expect(more).toEqual([]);
          // Whether a process moved to a namespace or its pin came to it, nobody can tell: then it is as little.
          const isAsLittle = mutationsOf(topology, Infinity).some(
            ({ sort, fact, mutant }) => name === `${sort} ${fact}` && isSame(mutant, mutation.mutant),
          );
          if (!isAsLittle) expect(name).toBe(`${mutation.sort} ${mutation.fact}`);
        },
      ),
      { numRuns: 400 },
    );
  });
});
