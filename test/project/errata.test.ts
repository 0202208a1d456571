import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FACT_CASES } from "../kernel-cases/facts/all.ts";
import { SCRIPTS } from "../kernel-cases/scripts.ts";
import { FACTS } from "../support/fact-cases.ts";
import { ROOT } from "../support/sources.ts";

const PARTS = ["Says", "Does", "Case", "Proposed"] as const;

const covered = new Set(FACT_CASES.map(({ id }) => id));
const titles = new Set(SCRIPTS.map(({ title }) => title));

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

  // Facts that no case runs stand behind "measured as", and an entry without any case admits it.
  const [cases = ""] = text.split("measured as");
  expect(idsIn(cases).filter((id) => !covered.has(id))).toEqual([]);
  if (named.length + ids.filter((id) => covered.has(id)).length === 0) expect(text).toContain("no case yet");
});
