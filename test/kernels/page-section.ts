import { groupBy } from "../../src/render/group.ts";
import { BETWEEN_STEPS } from "../kernel-cases/carry-out-script.ts";
import type { Difference } from "./judge.ts";

/** Of a script so many steps are told; a kernel that lacks a call answers all that follow otherwise. */
const MOST_STEPS = 3;
/** Of a long answer so much is told; the case has the rest. */
const MOST_SAID = 120;

/** What the page says of one kernel below its title. `unexplained`: those for which the model of the same release has no answer either. */
export function differencesOf(special: readonly Difference[], unexplained: ReadonlySet<string>): string[] {
  const facts = alike(special.filter(({ id }) => !isScript(id)));
  const scripts = special.filter(({ id }) => isScript(id));
  return [
    ...table(
      ["facts", "answer", "6.18"],
      facts.map(({ ids, kernel, model }) => {
        const marked = ids.some((id) => unexplained.has(id));
        const names = ids.map((id) => id.replace(/^fact /, "")).join(", ");
        return [[names], [short(kernel), ...(marked ? [MARK] : [])], [short(model)]];
      }),
    ),
    ...table(
      ["script", "answers, by the number of the call", "6.18"],
      scripts.map((script) => {
        const { kernel, model, more } = stepsOf(script);
        const rest = [...(more > 0 ? [`and ${more} more`] : []), ...(unexplained.has(script.id) ? [MARK] : [])];
        return [[script.id.replace(SCRIPT, "")], [...kernel.map(short), ...rest], model.map(short)];
      }),
    ),
  ];
}

const MARK = "(the model of this release says otherwise)";
const SCRIPT = /^script: /;
const isScript = (id: string): boolean => SCRIPT.test(id);

interface Alike {
  readonly ids: readonly string[];
  readonly kernel: string;
  readonly model: string;
}

/** Facts with the same two answers, together; of names that differ in their last part the beginning is said once. */
function alike(differences: readonly Difference[]): Alike[] {
  const groups = groupBy(differences, ({ kernel, model }) => JSON.stringify([kernel, model]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, ids: together(group.map(({ id }) => id)) }];
  });
}

function together(ids: readonly string[]): string[] {
  const beginnings = groupBy(ids, (id) => id.slice(0, id.lastIndexOf(".") + 1));
  return [...beginnings].flatMap(([beginning, those]) => {
    const ends = those.map((id) => id.slice(beginning.length));
    return ends.length > 2 && beginning !== "" ? [`${beginning}{${ends.join(", ")}}`] : those;
  });
}

/** The calls of a script that gave something else. */
function stepsOf({ kernel, model }: Difference): {
  readonly kernel: readonly string[];
  readonly model: readonly string[];
  readonly more: number;
} {
  const [here, there] = [kernel.split(BETWEEN_STEPS), model.split(BETWEEN_STEPS)];
  const otherwise = here.flatMap((step, at) => (step === there[at] ? [] : [at]));
  const told = otherwise.slice(0, MOST_STEPS);
  const say = (steps: readonly string[]): string[] => told.map((at) => `${at + 1}. ${steps[at] ?? "nothing"}`);
  return { kernel: say(here), model: say(there), more: otherwise.length - told.length };
}

function table(head: readonly string[], rows: readonly (readonly (readonly string[])[])[]): string[] {
  if (rows.length === 0) return [];
  return [
    `| ${head.join(" | ")} |`,
    `| ${head.map(() => "---").join(" | ")} |`,
    ...rows.map((cells) => `| ${cells.map((lines) => lines.map(cell).join("<br>")).join(" | ")} |`),
    "",
  ];
}

const short = (text: string): string =>
  text === "" ? "nothing" : text.length > MOST_SAID ? `${text.slice(0, MOST_SAID)} …` : text;

/** What a table can hold. */
export const cell = (text: string): string => text.replaceAll("|", "\\|");
