import { OPERATION_NAMES } from "../../../src/caps/operations.ts";
import { thousands } from "../../differential/numbers.ts";
import type { PairsResult } from "./pairs.ts";
import type { RunResult } from "./run.ts";

const MS_PER_MINUTE = 60_000;
const minutes = (ms: number): string => `${(ms / MS_PER_MINUTE).toFixed(1)} minutes`;

/** What a run of random answers came to, as Markdown. */
export function answersSummary({ tally, worlds, unknown, ms }: RunResult): string {
  const rows = [...tally.rows].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const never = OPERATION_NAMES.filter((name) => !tally.rows.has(name));
  return [
    `${thousands(tally.compared)} answers in ${thousands(worlds)} random worlds, all as the kernel's, in ${minutes(ms)}. With`,
    `pieces of the evidence taken away, ${thousands(unknown)} became unknown and none wrong.`,
    "",
    COLUMNS,
    "",
    ...table(rows),
    "",
    `This kernel was built without, or shuts to everybody: ${never.length === 0 ? "none" : never.join(", ")}.`,
  ].join("\n");
}

/** What a run over all pairs came to. */
export function pairsSummary({ tally, ms }: PairsResult): string {
  const { pairs, worlds, holders, namespaces } = tally;
  return [
    `${thousands(pairs)} pairs of a holder and a namespace, in ${thousands(worlds)} random worlds with ${thousands(holders)}`,
    `holders and ${thousands(namespaces)} namespaces: what \`can enter\` and \`open-ns-file\` say of each, all as the kernel's,`,
    `in ${minutes(ms)}.`,
    "",
    COLUMNS,
    "",
    ...table([...tally.rows].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  ].join("\n");
}

const COLUMNS =
  "`yes` and `no`: so often the answer, and the kernel said the same. `otherwise`: the answer said that it takes the other\n" +
  "process to be dumpable, which it was not.";

interface Counts {
  readonly yes: number;
  readonly no: number;
  readonly unknown: number;
  readonly otherwise: number;
}

const table = (rows: readonly (readonly [string, Counts])[]): readonly string[] => [
  "| asked | yes | no | unknown | otherwise |",
  "| --- | --- | --- | --- | --- |",
  ...rows.map(
    ([name, { yes, no, unknown, otherwise }]) =>
      `| ${[name, ...[yes, no, unknown, otherwise].map(thousands)].join(" | ")} |`,
  ),
];
