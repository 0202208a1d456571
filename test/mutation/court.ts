import type { Load } from "./build.ts";
import type { Group } from "./collect.ts";
import { Switch } from "./switch.ts";

/** Who noticed a mutant first: a judge, and its test. */
export interface Notice {
  readonly judge: string;
  readonly test: string;
}

/** A group of tests, and which mutants each of its steps asks about. */
interface Covered {
  readonly judge: string;
  readonly group: Group;
  readonly hooks: ReadonlySet<number>;
  readonly cases: readonly ReadonlySet<number>[];
  /** The files whose rules are asked. */
  readonly files: ReadonlySet<string>;
}

/** One test. */
interface Place {
  readonly covered: Covered;
  readonly at: number;
}

/** Judges mutants one by one. */
export interface Court {
  /** How many tests each judge has. */
  readonly tests: ReadonlyMap<string, number>;
  /** Undefined: nobody noticed. */
  readonly judge: (mutant: number) => Promise<Notice | undefined>;
}

/** A step may ask this many times more than the longest one without a mutant, before it counts as endless. */
const PATIENCE = 50;
/** So many of those who noticed a mutant of the same file are asked first. */
const MOST_RECENT = 12;

/**
 * Runs every test once without a mutant, which has to pass, and notes who asks about which mutant. `fileOf`: where a
 * mutant is.
 */
export async function openCourt(load: Load, fileOf: (mutant: number) => string): Promise<Court> {
  const active = new Switch();
  const judges = load(active.ask);
  active.loaded();
  const covered: Covered[] = [];
  let longest = 0;
  const record = async (step: () => unknown): Promise<ReadonlySet<number>> => {
    active.computeAnew();
    active.beginStep();
    await step();
    longest = Math.max(longest, active.step.asked);
    return active.step.touched;
  };
  for (const { name, groups } of judges) {
    for (const group of groups) {
      const hooks = await record(() => runAll(group.before));
      const cases: ReadonlySet<number>[] = [];
      for (const { run } of group.cases) cases.push(await record(run));
      await runAll(group.after);
      const files = new Set([hooks, ...cases].flatMap((asked) => [...asked].map(fileOf)));
      covered.push({ judge: name, group, hooks, cases, files });
    }
  }
  const tests = new Map<string, number>();
  for (const { judge, cases } of covered) tests.set(judge, (tests.get(judge) ?? 0) + cases.length);
  const limit = longest * PATIENCE;

  /** Constants are read, not asked about: those who ask their file's rules come first, then everybody. */
  const concerned = (mutant: number): readonly Covered[] => {
    if (!active.inConstants.has(mutant)) return covered;
    const file = fileOf(mutant);
    return [...covered.filter(({ files }) => files.has(file)), ...covered.filter(({ files }) => !files.has(file))];
  };
  /** Runs some tests of a group with a mutant; gives the one that fails. */
  const tryOut = async (mutant: number, group: Group, chosen: readonly number[]): Promise<number | undefined> => {
    active.activate(mutant, limit);
    const failed = await firstToFail(group, chosen, () => active.beginStep());
    active.activate(undefined, Number.POSITIVE_INFINITY);
    return failed;
  };
  const recent = new Map<string, readonly Place[]>();
  const judge = async (mutant: number): Promise<Notice | undefined> => {
    if (!computes(active, mutant)) return { judge: "loading", test: "the constants cannot be computed" };
    const everybody = active.inConstants.has(mutant);
    const file = fileOf(mutant);
    const noticed = ({ covered: { judge, group }, at }: Place): Notice => ({
      judge,
      test: group.cases[at]?.name ?? `${group.name}: what comes before`,
    });
    // Who noticed another mutant of the file often notices this one.
    for (const place of recent.get(file) ?? []) {
      const { covered, at } = place;
      if (!everybody && !covered.hooks.has(mutant) && covered.cases[at]?.has(mutant) !== true) continue;
      if ((await tryOut(mutant, covered.group, [at])) === undefined) continue;
      await mustPass(covered.group, [at]);
      return noticed(place);
    }
    for (const one of concerned(mutant)) {
      const all = everybody || one.hooks.has(mutant);
      const chosen = [...one.cases.keys()].filter((at) => all || one.cases[at]?.has(mutant) === true);
      const at = chosen.length === 0 ? undefined : await tryOut(mutant, one.group, chosen);
      if (at === undefined) continue;
      const alone = at !== HOOKS && (await tryOut(mutant, one.group, [at])) === at;
      await mustPass(one.group, alone ? [at] : chosen.slice(0, chosen.indexOf(at) + 1));
      const place = { covered: one, at };
      if (alone) recent.set(file, [place, ...(recent.get(file) ?? [])].slice(0, MOST_RECENT));
      return noticed(place);
    }
    return undefined;
  };
  return { tests, judge };
}

/** Whether the constants of the modules can be computed at all with a mutant. */
function computes(active: Switch, mutant: number): boolean {
  try {
    active.activate(mutant, Number.POSITIVE_INFINITY);
    return true;
  } catch {
    return false;
  } finally {
    active.activate(undefined, Number.POSITIVE_INFINITY);
  }
}

const HOOKS = -1;
const goOn = (): void => {};

/** Which of the chosen tests fails first, or HOOKS; undefined: none. */
async function firstToFail(
  group: Group,
  chosen: readonly number[],
  beginStep: () => void,
): Promise<number | undefined> {
  let at = HOOKS;
  try {
    beginStep();
    await runAll(group.before);
    for (at of chosen) {
      beginStep();
      await group.cases[at]?.run();
    }
    return undefined;
  } catch {
    return at;
  } finally {
    // What the hooks did not set up cannot be taken down.
    await runAll(group.after).catch(goOn);
  }
}

/** The same tests, up to the one that failed, pass without the mutant: so it was the mutant that was noticed. */
async function mustPass(group: Group, chosen: readonly number[]): Promise<void> {
  const fails = await firstToFail(group, chosen, goOn);
  if (fails !== undefined) throw new Error(`${group.cases[fails]?.name ?? group.name} fails without a mutant`);
}

async function runAll(steps: readonly (() => unknown)[]): Promise<void> {
  for (const step of steps) await step();
}
