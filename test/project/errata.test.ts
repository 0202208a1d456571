import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FACT_CASES } from "../kernel-cases/facts/all.ts";
import { PROC_OWNERS_TITLE } from "../kernel-cases/proc-owners.ts";
import { SCRIPTS } from "../kernel-cases/scripts.ts";
import { KEEPING } from "../kernel-cases/what-keeps.ts";
import { FACTS } from "../support/fact-cases.ts";
import { manualPage } from "../support/manual-page.ts";
import { needs } from "../support/needs.ts";
import { ROOT } from "../support/sources.ts";

const PARTS = ["Old", "Does", "Case", "New"] as const;

const covered = new Set(FACT_CASES.map(({ id }) => id));
const titles = new Set([
  ...SCRIPTS.map(({ title }) => title),
  ...KEEPING.filter(({ keeps }) => keeps).map(
    ({ what, kind }) => `${what} keeps the ${kind} namespace of the process that opened it`,
  ),
  PROC_OWNERS_TITLE,
]);

/** `- **Says:** text`, which goes on to the next part: the parts of an entry, by name, each on one line. */
function partsOf(text: string): Map<string, string> {
  const parts = text.matchAll(/^- \*\*(\w+):\*\* ((?:.+\n?)(?: {2}.+\n?)*)/gm);
  return new Map([...parts].map(([, name = "", words = ""]) => [name, words.replaceAll(/\s+/g, " ").trim()]));
}

/** The ids of facts that a text names. */
const idsIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, id = ""]) => id);

const entries = readFileSync(join(ROOT, "docs/errata.md"), "utf8")
  .split(/^### /m)
  .slice(1)
  .map((text) => {
    const [heading = ""] = text.split("\n");
    return { heading, parts: partsOf(text) };
  });

test("docs/errata.md has entries, each of another place", () => {
  expect(entries.length).toBeGreaterThan(0);
  expect(new Set(entries.map(({ heading }) => heading)).size).toBe(entries.length);
});

test.each(entries)("$heading: what the page says, what the kernel does, a case and a wording", ({ heading, parts }) => {
  expect(heading).toMatch(/^[a-z_]+\([1-8]\), .+: .+$/);
  expect([...parts.keys()]).toEqual([...PARTS]);

  const text = parts.get("Case") ?? "";
  const named = [...text.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => title);
  const ids = idsIn(text);
  expect(named.filter((title) => !titles.has(title))).toEqual([]);
  expect(ids.filter((id) => !FACTS.has(id))).toEqual([]);

  expect(ids.filter((id) => !covered.has(id))).toEqual([]);
  expect(named.length + ids.length).toBeGreaterThan(0);
});

/** Letters and digits alone: what is left of a page, or of a quotation, without roff, white space and points. */
const bare = (text: string): string => text.replaceAll(/[^A-Za-z0-9]/g, "");
const bareOfRoff = (source: string): string =>
  bare(
    source
      .replaceAll(/^\.\\".*$/gm, "")
      .replaceAll(/^\.[A-Za-z]+ ?/gm, "")
      .replaceAll(/\\f(?:\[[A-Z]*\]|[A-Z])|\\\[\w+\]|\\\(../g, ""),
  );

describe("the pages of man-pages 6.03", needs("package:manpages-dev"), () => {
  test.each(entries)("have the words that are quoted as those of $heading", ({ heading, parts }) => {
    const { name = "", section = "" } = /^(?<name>[a-z_]+)\((?<section>\d)\)/.exec(heading)?.groups ?? {};
    const page = bareOfRoff(manualPage(`${section}/${name}.${section}`));
    const quoted = [...(parts.get("Old") ?? "").matchAll(/“([^”]+)”/g)].map(([, words = ""]) => words);
    expect(quoted.length).toBeGreaterThan(0);
    expect(quoted.filter((words) => !page.includes(bare(words)))).toEqual([]);
  });
});
