import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { commitOf } from "../differential/record.ts";
import { EQUIVALENT } from "./equivalent.ts";
import { mutantText, survivors, type MutationResult } from "./run.ts";

const PAGE = "docs/mutation.md";

/** Puts a run down, with every equivalent mutant and its argument, and every survivor. */
export function writePage(root: string, result: MutationResult): void {
  const { verdicts, tests } = result;
  const left = survivors(result);
  const rows = [...tests].map(([judge, count]) => {
    const noticed = verdicts.filter(({ notice }) => notice?.judge === judge).length;
    return `| ${judge} | ${count} | ${noticed} |`;
  });
  const judged = verdicts.filter(({ notice }) => notice !== undefined).length;
  const equivalent = verdicts.filter((verdict) => verdict.equivalent).length;
  const lines = [
    "# Every condition of the rules, flipped",
    "",
    "`npm run mutation` changes src/rules in one place at a time: a condition is flipped, dropped or forced; an operand, a row",
    "of a list or a member of a pattern left out; a boundary moved by one; a capability, an errno, a release or a kind of id",
    "taken for another. Then it runs the tests that ask there, until one fails; the same tests pass without the change. This",
    "page is written by such a run (`--record`); [decisions/0007](decisions/0007-own-mutants.md) says how it is made.",
    "",
    `Commit ${commitOf(root)}: ${verdicts.length} mutants, ${judged} noticed, ${equivalent} equivalent, ${left.length} survived.`,
    "",
    "Who noticed first, in this order:",
    "",
    "| judge | tests | mutants |",
    "| --- | ---: | ---: |",
    ...rows,
    "",
    "## Equivalent, with the argument",
    "",
    ...EQUIVALENT.map(({ file, from, to, why }) => `- \`${file}\`: \`${from}\` -> \`${to}\`. ${why}`),
    ...(left.length === 0
      ? []
      : ["", "## Survived: cases to be written", "", ...left.map((one) => `- \`${mutantText(one)}\``)]),
    "",
  ];
  writeFileSync(join(root, PAGE), lines.join("\n"));
}
