import fc from "fast-check";
import { KINDS } from "../../src/abi/namespace-kinds.ts";
import { compareTopologies } from "../../src/topology/compare/compare.ts";
import { report } from "../../src/topology/compare/report.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { anyRestorable, restoredOnce } from "../restore/round-trip.ts";
import { thousands } from "./numbers.ts";

export interface TopologiesWish {
  readonly seed: number;
  /** So many topologies. */
  readonly topologies: number;
  isStopped?(): boolean;
  progress?(done: number): void;
}

export interface TopologiesResult {
  /** What was restored, in all: by kind, and what else there was. */
  readonly counts: ReadonlyMap<string, number>;
  readonly restored: number;
  readonly seed: number;
  readonly ms: number;
  /** The smallest topology found that comes back as another, and how: ready to be printed. */
  readonly difference: string | undefined;
}

/**
 * Random topologies are restored on the running kernel and looked at; what is found is restored once more, and looked at. All
 * three have to be the same.
 */
export async function roundTrips({ seed, topologies, isStopped, progress }: TopologiesWish): Promise<TopologiesResult> {
  const counts = new Map<string, number>();
  const begun = performance.now();
  let restored = 0;
  const property = fc.asyncProperty(anyRestorable("max"), async (topology) => {
    if (isStopped?.() === true) return;
    const first = await restoredOnce(topology);
    agree(topology, first, "what was restored");
    agree(first, await restoredOnce(first), "what was restored of that");
    restored += 1;
    count(counts, topology);
    progress?.(restored);
  });
  const details = await fc.check(property, { seed, numRuns: topologies });
  const error: unknown = details.errorInstance;
  const why = error instanceof Error ? error.message : String(error);
  const difference = details.failed ? `${why}\n\n${JSON.stringify(details.counterexample?.[0])}` : undefined;
  return { counts, restored, seed, ms: performance.now() - begun, difference };
}

function agree(one: Topology, other: Topology, what: string): void {
  const differences = report(compareTopologies(one, other));
  if (differences.length > 0) throw new Error(`${what} is another one: ${JSON.stringify(differences)}`);
}

function count(counts: Map<string, number>, { namespaces, processes, pins }: Topology): void {
  const add = (what: string, number: number): void => void counts.set(what, (counts.get(what) ?? 0) + number);
  for (const kind of KINDS) add(`${kind} namespaces`, namespaces.filter((one) => one.kind === kind).length);
  add("processes", processes.length);
  add("descriptors", processes.flatMap(({ descriptors }) => descriptors).length);
  add("bind mounts", pins.length);
  const networks = namespaces.flatMap((one) => (one.kind === "net" ? [one] : []));
  add("network devices", networks.flatMap(({ devices }) => devices).length);
  add("routes", networks.flatMap(({ routes }) => routes).length);
  add("netnsids", networks.flatMap(({ netnsids }) => netnsids).length);
}

const MS_PER_MINUTE = 60_000;

/** What it came to, as Markdown. */
export function topologiesSummary({ counts, restored, ms, seed }: TopologiesResult): string {
  const minutes = (ms / MS_PER_MINUTE).toFixed(1);
  const rows = [...counts].map(([what, number]) => `| ${what} | ${thousands(number)} |`);
  return [
    `As root, ${thousands(restored)} topologies were restored and looked at; what was found was restored again and looked at.`,
    `Each was what it had been made from, both times, in ${minutes} minutes. Again: \`npm run differential -- --topologies ${restored} --seed ${seed}\`.`,
    "",
    "| in all | how many |",
    "| --- | --- |",
    ...rows,
  ].join("\n");
}
