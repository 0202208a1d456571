import { count, ROUNDS, type Bench } from "./bench.ts";
import { Load, NSATLAS, Programs, turnsOf, type LoadWish, type Took } from "./machine/machine.ts";

/** What grows, and how many there are of it each time. */
const SERIES: readonly { readonly what: string; readonly loads: readonly (LoadWish & { readonly size: number })[] }[] =
  [
    {
      what: "processes, a tenth with a namespace of its own",
      loads: [1000, 3000, 8000, 20_000].map((size) => ({ size, processes: size, own: 10 })),
    },
    {
      what: "namespaces, of 5,000 processes",
      loads: [2, 10, 40, 100].map((own) => ({ size: 50 * own, processes: 5000, own })),
    },
    {
      what: "descriptors, of 2,000 processes",
      loads: [5, 20, 50, 100].map((descriptors) => ({ size: 2000 * descriptors, processes: 2000, descriptors })),
    },
  ];

/** How the time of `nsatlas list` grows with the machine. */
export const bench: Bench = {
  name: "growth",
  async measure() {
    using programs = new Programs();
    const list = (): Took => {
      const took = turnsOf(programs, { list: [NSATLAS, ["list"]] }).get("list");
      if (took === undefined) throw new Error("nothing was measured");
      return took;
    };
    const rows: string[][] = [];
    for (const { what, loads } of SERIES) {
      const base = await withLoad(programs, baseOf(loads), list);
      const points: { readonly size: number; readonly took: Took }[] = [];
      for (const load of loads) points.push({ size: load.size, took: await withLoad(programs, load, list) });
      const exponent = (of: (took: Took) => number): string =>
        exponentOf([[0, of(base)], ...points.map(({ size, took }) => [size, of(took)] as const)]).toFixed(2);
      const sizes = points.map(({ size }) => count(size)).join(", ");
      const all = (of: (took: Took) => number): string => points.map(({ took }) => of(took).toFixed(0)).join(", ");
      rows.push([
        what,
        sizes,
        all(({ ms }) => ms),
        all(({ cpu }) => cpu),
        exponent(({ ms }) => ms),
        exponent(({ cpu }) => cpu),
      ]);
    }
    return {
      columns: ["what grows", "how many", "ms", "ms of CPU time", "exponent", "of CPU time"],
      rows,
      remarks: [
        `Medians of ${ROUNDS} whole commands. The exponent is the p of the curve a + b x^p that comes nearest, with a machine that has none of what grows among the points.`,
      ],
    };
  },
};

/** The same machine with none of what grows. */
function baseOf([first]: readonly LoadWish[]): LoadWish {
  if (first?.descriptors !== undefined) return { processes: first.processes };
  return { processes: first?.processes === 5000 ? first.processes : 0 };
}

async function withLoad<T>(programs: Programs, wish: LoadWish, measure: () => T): Promise<T> {
  if (wish.processes === 0) return measure();
  await using _ = await Load.begin(programs, wish);
  return measure();
}

/** Exponents that are tried. */
const TRIED = Array.from({ length: 151 }, (_, nth) => 0.5 + nth / 100);

/** The p with which `y = a + b x^p` comes nearest to all points, by the squares of what it is off, in parts of y. */
function exponentOf(points: readonly (readonly [x: number, y: number])[]): number {
  const [best] = TRIED.map((p): readonly [p: number, off: number] => [p, offBy(points, p)]).toSorted(
    ([, a], [, b]) => a - b,
  );
  return best?.[0] ?? Number.NaN;
}

function offBy(points: readonly (readonly [x: number, y: number])[], p: number): number {
  const weighed = points.map(([x, y]) => ({ x: x ** p, y, weight: 1 / y ** 2 }));
  const sum = (of: (point: { x: number; y: number; weight: number }) => number): number =>
    weighed.reduce((total, point) => total + of(point), 0);
  const total = sum(({ weight }) => weight);
  const [x, y] = [sum((one) => one.weight * one.x) / total, sum((one) => one.weight * one.y) / total];
  const b = sum((one) => one.weight * (one.x - x) * (one.y - y)) / sum((one) => one.weight * (one.x - x) ** 2);
  return sum((one) => one.weight * (one.y - y - b * (one.x - x)) ** 2);
}
