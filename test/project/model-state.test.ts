import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MODEL_RECORDS } from "../support/model-records.ts";
import { ROOT } from "../support/sources.ts";

const textOf = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** `- **Name**: words`, with the fields between backticks. */
const told = new Map(
  [...textOf("docs/model.md").matchAll(/^- \*\*(\w+)\*\*:((?:.+\n)(?: {2}.+\n)*)/gm)].map(
    ([, name = "", words = ""]) => [name, [...words.matchAll(/`(\w+)`/g)].map(([, field = ""]) => field)] as const,
  ),
);

test("docs/model.md tells of every record of a world, and of no other", () => {
  expect(new Set(told.keys())).toEqual(new Set(MODEL_RECORDS.keys()));
});

test.each([...MODEL_RECORDS])("docs/model.md tells of all that a %s has", (name, fields) => {
  expect(new Set(told.get(name))).toEqual(new Set(fields));
});
