import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { compileFunction } from "node:vm";
import { rolldown } from "rolldown";
import { collector, type Group } from "./collect.ts";
import { instrument } from "./instrument.ts";
import { JUDGES } from "./judges.ts";
import { mutantsOf, type Mutant } from "./mutants.ts";
import { recordRuns, type RecordedRun } from "./record-runs.ts";
import type { Ask } from "./switch.ts";

const RULES = "src/rules";
/** Files of src/rules that decide nothing, and what they are. */
const NO_RULES: ReadonlySet<string> = new Set([
  // The form in which decisions are given.
  "outcome.ts",
  // Records with facts that nobody saw.
  "reserved.ts",
]);

/** Every mutant of src/rules; the place in the list is its number. */
export const allMutants = (root: string): readonly Mutant[] =>
  readdirSync(join(root, RULES))
    .filter((file) => !NO_RULES.has(file))
    .sort()
    .flatMap((file) => mutantsOf(file, readFileSync(join(root, RULES, file), "utf8")));

const RUNS = { seed: 20_160_726, runs: 400 };

/** A judge with the tests that its file registered. */
export interface Judge {
  readonly name: string;
  readonly groups: readonly Group[];
}

/** Loads all judges, over rules that ask which mutant is active. */
export type Load = (ask: Ask) => readonly Judge[];

/** Bundles the judges, in memory, with rules that have all mutants in them. */
export async function buildJudges(root: string, mutants: readonly Mutant[]): Promise<Load> {
  const first = new Map<string, number>();
  for (const [number, { file }] of mutants.entries()) if (!first.has(file)) first.set(file, number);
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(JUDGES.map(({ file }, at) => [`judge${at}`, join("test", file)])),
    platform: "node",
    external: (id) => /^(node:|[a-z])/.test(id),
    transform: { target: "node20" },
    plugins: [
      {
        name: "mutants",
        transform(code, id) {
          const placed = code.replaceAll(/import\.meta\.dirname/g, JSON.stringify(dirname(id)));
          const number = dirname(id) === join(root, RULES) ? first.get(basename(id)) : undefined;
          if (number === undefined) return { code: placed };
          return {
            code: instrument(
              code,
              mutants.filter(({ file }) => file === basename(id)),
              number,
            ),
          };
        },
      },
    ],
    logLevel: "warn",
  });
  const { output } = await bundle.generate({
    format: "cjs",
    entryFileNames: "[name]",
    chunkFileNames: "[name]-[hash].js",
  });
  await bundle.close();
  const code = new Map(output.flatMap((file) => (file.type === "chunk" ? [[`./${file.fileName}`, file.code]] : [])));
  const functions = new Map(
    [...code].map(([name, text]) => [
      name,
      compileFunction(text, ["exports", "require", "$mutant"], { filename: name }),
    ]),
  );
  const recordedRuns = recordRuns(RUNS);
  return (ask) => load(functions, { ask, recordedRuns });
}

const requireOutside = createRequire(import.meta.url);

function load(
  functions: ReadonlyMap<string, Function>,
  { ask, recordedRuns }: { ask: Ask; recordedRuns: readonly RecordedRun[] },
): readonly Judge[] {
  const loaded = new Map<string, object>();
  const { vitest, take } = collector({ recordedRuns });
  const requireInside = (name: string): unknown => {
    if (name === "vitest") return vitest;
    const run = functions.get(name);
    if (run === undefined) return requireOutside(name);
    const before = loaded.get(name);
    if (before !== undefined) return before;
    const exports = {};
    loaded.set(name, exports);
    run(exports, requireInside, ask);
    return exports;
  };
  return JUDGES.map(({ name }, at) => {
    requireInside(`./judge${at}`);
    return { name, groups: take() };
  });
}
