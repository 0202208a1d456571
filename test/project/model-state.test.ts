import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../support/sources.ts";

const SOURCES = ["src/kernel/model/world.ts", "src/rules/full-credentials.ts", "src/rules/view.ts"];
const textOf = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** The records of the sources, each with its fields. */
const RECORD = /^export interface (\w+)[^{]*\{\n([\s\S]*?)\n\}/gm;
const FIELD = /^ {2}readonly (\w+)\??:/gm;
const records = new Map(
  SOURCES.flatMap((path) => [...textOf(path).matchAll(RECORD)])
    .map(([, name = "", body = ""]) => [name, [...body.matchAll(FIELD)].map(([, field = ""]) => field)] as const)
    .filter(([, fields]) => fields.length > 0),
);

/** `- **Name**: words`, with the fields between backticks. */
const told = new Map(
  [...textOf("docs/model.md").matchAll(/^- \*\*(\w+)\*\*:((?:.+\n)(?: {2}.+\n)*)/gm)].map(
    ([, name = "", words = ""]) => [name, [...words.matchAll(/`(\w+)`/g)].map(([, field = ""]) => field)] as const,
  ),
);

test("docs/model.md tells of every record of a world, and of no other", () => {
  expect(new Set(told.keys())).toEqual(new Set(records.keys()));
});

test.each([...records])("docs/model.md tells of all that a %s has", (name, fields) => {
  expect(new Set(told.get(name))).toEqual(new Set(fields));
});
