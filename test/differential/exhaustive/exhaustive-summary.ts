import { thousands } from "../numbers.ts";
import { outcomesOf } from "../summary.ts";
import type { ExhaustResult } from "./exhaust.ts";

const WHAT =
  "What is varied, what is not, and why: [decisions/0005-exhaustive.md](decisions/0005-exhaustive.md). A world is a set of " +
  "namespaces, a situation a world and a caller. Out of reach is where nobody without privileges can come to.";

/** What a run came to, as Markdown: how many situations of each part there were, then every call with its outcomes. */
export function exhaustiveSummary({ parts, counts, ms }: ExhaustResult, bound: number): string {
  const rows = parts.map(
    ({ title, worlds, situations, outOfReach, calls }) =>
      `| ${[title, ...[worlds, situations, calls, outOfReach].map(thousands)].join(" | ")} |`,
  );
  const situations = parts.reduce((sum, part) => sum + part.situations, 0);
  const minutes = (ms / 60_000).toFixed(1);
  return [
    `Every situation with up to ${bound} namespaces besides the initial ones, up to symmetry: ${thousands(situations)} situations, ${thousands(counts.calls)} calls, all alike, in ${minutes} minutes.`,
    "",
    WHAT,
    "",
    "| part | worlds | situations | calls | positions out of reach |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    ...outcomesOf(counts),
  ].join("\n");
}
