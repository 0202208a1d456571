import { parseSync, type ESTree } from "rolldown/utils";
import type { Mutant } from "./mutants.ts";

/**
 * A source file in which every mutant is present and none is active: where one or more begin, `$mutant(NUMBER)` decides
 * between the mutated expression and the original, in which further mutants may lie. `first` is the number of the first.
 * Constants of the module can be computed anew (`$mutant.again`), for a mutant that became active after the module was
 * loaded.
 */
export function instrument(source: string, mutants: readonly Mutant[], first: number): string {
  const insertions = insertionsOf(mutants, first);
  const parts: string[] = [];
  let done = 0;
  for (const { keyword, name, init, end } of constantsOf(source)) {
    parts.push(
      inserted(source, insertions, done, keyword),
      "let",
      inserted(source, insertions, keyword + "const".length, end),
    );
    parts.push(`\n$mutant.again(() => { ${name} = ${inserted(source, insertions, init.start, init.end)}; });\n`);
    done = end;
  }
  return [...parts, inserted(source, insertions, done, source.length)].join("");
}

interface Insertion {
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
}

/** Mutants of the same span share one choice. */
function insertionsOf(mutants: readonly Mutant[], first: number): readonly Insertion[] {
  const spans = new Map<string, { start: number; end: number; choices: string[] }>();
  for (const [at, { start, end, to }] of mutants.entries()) {
    const key = `${start} ${end}`;
    const span = spans.get(key) ?? { start, end, choices: [] };
    span.choices.push(`$mutant(${first + at})?(${to}):`);
    spans.set(key, span);
  }
  return [...spans.values()].map(({ start, end, choices }) => ({
    start,
    end,
    before: `(${choices.join("")}(`,
    after: "))",
  }));
}

/** The text from one place to another, with all that is inserted wholly within. */
function inserted(source: string, insertions: readonly Insertion[], from: number, to: number): string {
  const edits = insertions
    .filter(({ start, end }) => start >= from && end <= to)
    .flatMap(({ start, end, before, after }) => [
      // At one place: first what ends there, the shortest first; then what begins there, the longest first.
      { at: start, rank: Number.MAX_SAFE_INTEGER - (end - start), text: before },
      { at: end, rank: end - start, text: after },
    ])
    .sort((a, b) => a.at - b.at || a.rank - b.rank);
  let done = from;
  let text = "";
  for (const edit of edits) {
    text += source.slice(done, edit.at) + edit.text;
    done = edit.at;
  }
  return text + source.slice(done, to);
}

interface Constant {
  /** Where `const` stands, and where the statement ends. */
  readonly keyword: number;
  readonly end: number;
  readonly name: string;
  readonly init: { readonly start: number; readonly end: number };
}

/** The constants of a module, in their order; not its functions, which ask each time they run. */
function constantsOf(source: string): readonly Constant[] {
  return parseSync("rules.ts", source).program.body.flatMap((statement) => {
    const declared: ESTree.Node | null =
      statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declared?.type !== "VariableDeclaration" || declared.declarations.length !== 1) return [];
    const [one] = declared.declarations;
    if (one?.id.type !== "Identifier" || !one.init || one.init.type === "ArrowFunctionExpression") return [];
    return [{ keyword: declared.start, end: declared.end, name: one.id.name, init: one.init }];
  });
}
