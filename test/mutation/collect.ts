import { format } from "node:util";
import { expect } from "vitest";

/** What a test file registers: a stand-in for vitest, whose `expect` is the real one. */
export interface Case {
  readonly name: string;
  readonly run: () => unknown;
}

/** Tests that share what their hooks set up; a test without hooks is a group of its own. */
export interface Group {
  readonly name: string;
  readonly before: readonly (() => unknown)[];
  readonly after: readonly (() => unknown)[];
  readonly cases: readonly Case[];
}

/** A `describe` while it is filled. */
interface Draft {
  readonly name: string;
  readonly before: (() => unknown)[];
  readonly after: (() => unknown)[];
  readonly cases: Case[];
  readonly inner: Draft[];
}
const draft = (name: string): Draft => ({ name, before: [], after: [], cases: [], inner: [] });

type Options = { readonly skip?: boolean };
type Body = (...row: unknown[]) => unknown;
/** As vitest has it: options stand before the body, or a time limit behind it. */
type Words = readonly [Body | Options, ...unknown[]];
const isBody = (word: unknown): word is Body => typeof word === "function";

/** The module `vitest` as the test files see it, and what they registered with it. */
export interface Collector {
  readonly vitest: Readonly<Record<string, unknown>>;
  /** What was registered since the last time: that of one file. */
  readonly take: () => readonly Group[];
}

export function collector(provided: Readonly<Record<string, unknown>>): Collector {
  let here = draft("");
  const describeOne = (name: string, body: () => unknown): void => {
    const around = here;
    here = draft(name);
    around.inner.push(here);
    body();
    here = around;
  };
  const testOne = (name: string, run: () => unknown): void => void here.cases.push({ name, run });
  const withEach = (one: (name: string, body: () => unknown) => void) => {
    const plain = (name: string, ...words: Words): void => {
      const body = words.find(isBody);
      if (body !== undefined && !isSkipped(words)) one(name, () => body());
    };
    /** `spread`: whether a row that is a list becomes several arguments, as in `each`. */
    const forRows =
      (spread: boolean) =>
      (rows: readonly unknown[]) =>
      (name: string, ...words: Words) => {
        const body = words.find(isBody);
        if (body === undefined || isSkipped(words)) return;
        for (const row of rows) {
          const given: readonly unknown[] = Array.isArray(row) ? row : [row];
          one(format(name, ...given.slice(0, name.split("%s").length - 1)), () => body(...(spread ? given : [row])));
        }
      };
    return Object.assign(plain, { each: forRows(true), for: forRows(false) });
  };
  const vitest = {
    expect,
    test: withEach(testOne),
    describe: withEach(describeOne),
    beforeAll: (run: () => unknown) => void here.before.push(run),
    afterAll: (run: () => unknown) => void here.after.push(run),
    // What asks for anything of this machine is skipped: here only the model answers.
    inject: (name: string) => (name === "lacking" ? { linux: "only the model answers" } : provided[name]),
  };
  const take = (): readonly Group[] => {
    const root = here;
    here = draft("");
    return groupsOf(root, "");
  };
  return { vitest, take };
}

const isSkipped = (words: Words): boolean =>
  words.some((word) => !isBody(word) && isOptions(word) && word.skip === true);
const isOptions = (word: unknown): word is Options => typeof word === "object" && word !== null;

function groupsOf(one: Draft, path: string): readonly Group[] {
  const name = [path, one.name].filter((part) => part !== "").join(" > ");
  const named = one.cases.map(({ name: last, run }) => ({ name: `${name} > ${last}`, run }));
  const inner = one.inner.flatMap((next) => groupsOf(next, name));
  if (one.before.length + one.after.length === 0) {
    return [...named.map((alone) => ({ name: alone.name, before: [], after: [], cases: [alone] })), ...inner];
  }
  if (one.inner.length > 0) throw new Error(`${name} has hooks and a describe inside: say how they nest`);
  return [{ name, before: one.before, after: one.after, cases: named }];
}
