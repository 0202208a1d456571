import { parseArgs } from "node:util";
import { writePage } from "./page.ts";
import { mutantText, runMutation, survivors, type Verdict } from "./run.ts";

const USAGE = `npm run mutation -- [--record] [WORD …]

Flips, drops and moves every condition of the rules, one at a time, and shows which test notices.
  WORD      only mutants of files whose names begin so: setns
  --record  write docs/mutation.md
`;

/** The program; gives its exit code: 1 where a mutant survives. */
export async function main(words: readonly string[], root: string): Promise<number> {
  const options = readWords(words);
  if (options === undefined) {
    process.stderr.write(USAGE);
    return 2;
  }
  const { files, record } = options;
  const result = await runMutation({
    root,
    choose: (all) => all.filter(({ file }) => files.length === 0 || files.some((word) => file.startsWith(word))),
    progress: tell,
  });
  const left = survivors(result);
  const equivalent = result.verdicts.filter((verdict) => verdict.equivalent).length;
  const noticed = result.verdicts.filter(({ notice }) => notice !== undefined).length;
  process.stdout.write(
    `${result.verdicts.length} mutants: ${noticed} noticed, ${equivalent} equivalent, ${left.length} survived\n`,
  );
  for (const { file, from, to } of result.stale)
    process.stdout.write(`out of date in equivalent.ts: ${file}: ${from}  ->  ${to}\n`);
  if (record) writePage(root, result);
  return left.length + result.stale.length === 0 ? 0 : 1;
}

function readWords(words: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options: { record: { type: "boolean", default: false } },
      allowPositionals: true,
    });
    return { files: positionals, record: values.record };
  } catch {
    return undefined;
  }
}

/** Each survivor as it is found, and now and then how far it has come. */
function tell({ mutant, notice, equivalent }: Verdict, done: number, of: number): void {
  if (notice === undefined && !equivalent) process.stdout.write(`survived: ${mutantText(mutant)}\n`);
  if (done % 100 === 0) process.stderr.write(`${done} of ${of}\n`);
}
