import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isReason, REASONS } from "../../src/messages/reasons.ts";
import { ROOT } from "./sources.ts";

/** A function of the sources that refuses, or asks one that does: its steps stand in the order of its text. */
interface Procedure {
  readonly name: string;
  readonly file: string;
  /** The first paragraph of its comment, and the kernel's source that it follows. */
  readonly about: string;
  readonly source: string | undefined;
  readonly steps: readonly Step[];
}
type Step = { readonly errno: string; readonly reason: string | undefined } | { readonly asks: string };

const FUNCTION =
  /(?:\/\*\*(?<comment>(?:(?!\*\/)[\s\S])*)\*\/\n)?^(?:export )?(?:function (?<plain>\w+)|const (?<arrow>\w+) = (?:<[^=]*>)?\()/gm;
const STEP =
  /refused\(\s*(?:"(?<errno>E\w+)"|[^",]*\?\s*"(?<one>E\w+)" : "(?<other>E\w+)"),\s*(?:"(?<reason>[\w-]+)")?|\b(?<asks>\w+)[(<]/g;

/** All procedures of a folder of the sources, by file and then as they stand in it; `asked`: those of other folders. */
export function proceduresOf(folder: string, asked: readonly Procedure[] = []): Procedure[] {
  const files = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith(".ts"));
  const drafts = files.toSorted().flatMap((file) => functionsIn(folder, file));
  // Who says what others say is one too; the longest chain is short.
  const deciding = drafts.filter(({ body }) => GIVES_OUTCOME.test(body));
  const names = new Set(asked.map(({ name }) => name));
  for (const { name, body } of deciding) if (body.includes("refused(")) names.add(name);
  for (let before = -1; before !== names.size;) {
    before = names.size;
    for (const { name, body } of deciding) if (callsIn(body).some((called) => names.has(called))) names.add(name);
  }
  return deciding
    .map(({ body, ...rest }) => ({ ...rest, steps: stepsOf(body, rest.name, names) }))
    .filter(({ steps }) => steps.length > 0);
}

function functionsIn(folder: string, file: string) {
  const text = readFileSync(join(ROOT, folder, file), "utf8");
  const found = [...text.matchAll(FUNCTION)];
  return found.map((match, at) => {
    const { comment = "", plain, arrow } = match.groups ?? {};
    const words = comment.replaceAll(/\s*\n \* ?/g, " ").trim();
    const [about = "", source] = words.split(/\bSource: /);
    return {
      name: plain ?? arrow ?? "",
      file: `${folder}/${file}`,
      about: about.trim(),
      source: source?.replace(/\.$/, "").trim(),
      body: text.slice(match.index + match[0].length, found[at + 1]?.index),
    };
  });
}

/** What stands between a function's name and its body. */
const GIVES_OUTCOME = /^(?:(?!\n}|\n\n)[\s\S])*?\): Outcome</;
const callsIn = (body: string): string[] => [...body.matchAll(/\b(\w+)[(<]/g)].map(([, name = ""]) => name);

function stepsOf(body: string, own: string, names: ReadonlySet<string>): Step[] {
  return [...body.matchAll(STEP)].flatMap((match): Step[] => {
    const { errno, one, other, reason, asks } = match.groups ?? {};
    if (asks !== undefined) return asks !== own && names.has(asks) ? [{ asks }] : [];
    return [{ errno: errno ?? `${one} or ${other}`, reason }];
  });
}

/** One procedure as the page shows it. */
export function procedureText({ name, about, source, steps }: Procedure): string {
  const lines = steps.map((step, at) => `${at + 1}. ${"asks" in step ? `what \`${step.asks}\` says` : refusal(step)}`);
  const from = source === undefined ? "" : ` Kernel: ${source}.`;
  return [`### ${name}`, "", `${about}${from}`.trim() || "Part of the above.", "", ...lines, ""].join("\n");
}

function refusal({ errno, reason }: Extract<Step, { readonly errno: string }>): string {
  if (reason === undefined) return `${errno}, with the reason of the check before`;
  if (!isReason(reason)) throw new Error(`${reason} is no reason`);
  return `${errno} \`${reason}\`: ${REASONS[reason].en}`;
}

/** The page: the calls as the model carries them out, then the rules that decide. */
export function proceduresPage(): string {
  const rules = proceduresOf("src/rules");
  const section = (title: string, all: readonly Procedure[]): string[] => {
    const lines = all.flatMap((one, at) =>
      one.file === all[at - 1]?.file ? [procedureText(one)] : [`## ${one.file}`, "", procedureText(one)],
    );
    return [`# ${title}`, "", ...lines];
  };
  return [
    "<!-- Written from the sources by test/project/procedures.test.ts (npx vitest run test/project/procedures.test.ts -u). -->",
    "",
    "Each procedure asks its questions in the kernel's order, and the first that fails gives errno and reason. A step that",
    "names another procedure asks all of its questions at that place. A step may be asked under a condition only: the",
    "function of that name has it. [How to read a reason](model.md#reading-a-reason).",
    "",
    ...section("The rules", rules),
    ...section("The calls", proceduresOf("src/kernel/model", rules)),
  ].join("\n");
}
