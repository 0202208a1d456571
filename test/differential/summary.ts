import { REASONS } from "../../src/messages/reasons.ts";
import type { Counts } from "./counts.ts";
import { thousands } from "./numbers.ts";
import type { RunResult } from "./run.ts";

/** Below it a pair is named, for it came up too seldom to say much. */
const SELDOM = 20;

/**
 * What a run came to, as Markdown: totals, then each call with each of its outcomes and how often it came, then what
 * came seldom or never. `expected` are outcomes that are known to be possible.
 */
export function summaryOf({ runs, counts, ms, passing }: RunResult, expected: Counts): string {
  const { calls, succeeded, byReason } = counts;
  const share = calls === 0 ? 0 : Math.round((100 * succeeded) / calls);
  const speed = thousands(Math.round((1000 * calls) / ms));
  const never = pairsOf(expected).filter(([call, outcome]) => counts.of(call, outcome) === 0);
  const seldom = pairsOf(counts).filter(([call, outcome]) => counts.of(call, outcome) < SELDOM);
  return [
    `${thousands(runs)} sequences, ${thousands(calls)} calls, ${share} % succeeded, ${speed} calls a second.`,
    ...(passing.length === 0
      ? []
      : [`${passing.length} differed once, and not when the same was played again: calls that waited for a CPU.`]),
    "",
    ...outcomesOf(counts),
    "",
    `Seldom, less than ${SELDOM} times: ${grouped(seldom)}.`,
    "",
    `Never, though a case of test/kernel-cases has it: ${grouped(never)}.`,
    "",
    `Reasons never given: ${orNone(Object.keys(REASONS).filter((reason) => !byReason.has(reason)))}.`,
  ].join("\n");
}

/** How often each call came out in each way, and for which reasons: lines of Markdown. */
export function outcomesOf({ byCall, byReason }: Counts): readonly string[] {
  const rows = inOrder(byCall).map(([call, outcomes]) => `| ${call} | ${listed(outcomes)} |`);
  return ["| call | outcomes |", "| --- | --- |", ...rows, "", `Reasons, by the model: ${listed(byReason)}.`];
}

type Pair = readonly [call: string, outcome: string];

const pairsOf = ({ byCall }: Counts): readonly Pair[] =>
  inOrder(byCall).flatMap(([call, outcomes]) => inOrder(outcomes).map(([outcome]): Pair => [call, outcome]));

/** Each call once, with all its outcomes. */
function grouped(pairs: readonly Pair[]): string {
  const byCall = new Map<string, string>();
  for (const [call, outcome] of pairs) byCall.set(call, [byCall.get(call), outcome].filter(Boolean).join(" "));
  return orNone([...byCall].map(([call, outcomes]) => `${call} ${outcomes}`));
}

const orNone = (words: readonly string[]): string => (words.length === 0 ? "none" : words.join(", "));

const inOrder = <T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] =>
  [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));

/** The most frequent first. */
const listed = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${thousands(count)}`)
    .join(", ");
