import { allMutants, buildJudges } from "./build.ts";
import { openCourt, type Notice } from "./court.ts";
import { EQUIVALENT, sayEquivalent, type Equivalent } from "./equivalent.ts";
import type { Mutant } from "./mutants.ts";

/** What became of a mutant. */
export interface Verdict {
  readonly mutant: Mutant;
  readonly notice: Notice | undefined;
  readonly equivalent: boolean;
}

export interface MutationResult {
  /** All that there are, judged or not. */
  readonly mutants: number;
  readonly tests: ReadonlyMap<string, number>;
  readonly verdicts: readonly Verdict[];
  /** Entries that stand for no mutant, or for one that was noticed. */
  readonly stale: readonly Equivalent[];
}

export interface MutationWish {
  readonly root: string;
  /** Which to judge. */
  readonly choose: (all: readonly Mutant[]) => readonly Mutant[];
  /** Told after each. */
  readonly progress?: (verdict: Verdict, done: number, of: number) => void;
  /** No more are begun after so long. */
  readonly limitMs?: number;
}

/** Judges mutants of the rules one after the other. */
export async function runMutation({
  root,
  choose,
  progress,
  limitMs = Infinity,
}: MutationWish): Promise<MutationResult> {
  const begun = performance.now();
  const all = allMutants(root);
  const numbers = new Map(all.map((mutant, number) => [mutant, number]));
  const court = await openCourt(await buildJudges(root, all), (number) => all[number]?.file ?? "");
  const chosen = choose(all);
  const verdicts: Verdict[] = [];
  for (const mutant of chosen) {
    if (performance.now() - begun > limitMs) break;
    const equivalent = sayEquivalent(EQUIVALENT, mutant).length > 0;
    const verdict = { mutant, notice: await court.judge(numbers.get(mutant) ?? -1), equivalent };
    verdicts.push(verdict);
    progress?.(verdict, verdicts.length, chosen.length);
  }
  return { mutants: all.length, tests: court.tests, verdicts, stale: staleOf(all, verdicts) };
}

function staleOf(all: readonly Mutant[], verdicts: readonly Verdict[]): readonly Equivalent[] {
  const meant = new Set(all.flatMap((mutant) => sayEquivalent(EQUIVALENT, mutant)));
  const noticed = verdicts.filter(({ notice }) => notice !== undefined);
  const wrong = new Set(noticed.flatMap(({ mutant }) => sayEquivalent(EQUIVALENT, mutant)));
  return EQUIVALENT.filter((entry) => !meant.has(entry) || wrong.has(entry));
}

/** Those that nobody noticed, without an argument. */
export const survivors = ({ verdicts }: MutationResult): readonly Mutant[] =>
  verdicts.filter(({ notice, equivalent }) => notice === undefined && !equivalent).map(({ mutant }) => mutant);

export const mutantText = ({ file, line, from, to }: Mutant): string => `src/rules/${file}:${line}: ${from}  ->  ${to}`;
