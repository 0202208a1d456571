import type { Counts } from "./counts.ts";
import { thousands } from "./numbers.ts";
import type { RunResult } from "./run.ts";

/** What a run came to, as Markdown: totals, then each call with each of its outcomes and how often it came. */
export function summaryOf({ runs, counts, ms }: RunResult): string {
  const { calls, succeeded } = counts;
  const share = calls === 0 ? 0 : Math.round((100 * succeeded) / calls);
  const speed = thousands(Math.round((1000 * calls) / ms));
  return [
    `${thousands(runs)} sequences, ${thousands(calls)} calls, ${share} % succeeded, ${speed} calls a second.`,
    "",
    ...outcomesOf(counts),
  ].join("\n");
}

/** How often each call came out in each way, and for which reasons: lines of Markdown. */
export function outcomesOf({ byCall, byReason }: Counts): readonly string[] {
  const rows = [...byCall]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([call, outcomes]) => `| ${call} | ${listed(outcomes)} |`);
  return ["| call | outcomes |", "| --- | --- |", ...rows, "", `Reasons, by the model: ${listed(byReason)}.`];
}

/** The most frequent first. */
const listed = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${thousands(count)}`)
    .join(", ");
