import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../support/sources.ts";

const FOLDER = join(ROOT, "docs/decisions");

test("each decision has a number of its own, which its title says too", () => {
  const pages = readdirSync(FOLDER).toSorted();
  const numbers = pages.map((page) => Number(page.slice(0, 4)));
  expect(pages.filter((_, nth) => numbers.indexOf(numbers[nth] ?? 0) !== nth)).toEqual([]);
  const titles = pages.map((page) => readFileSync(join(FOLDER, page), "utf8").split("\n", 1)[0]);
  expect(titles.filter((title, nth) => title?.startsWith(`# ${numbers[nth]}. `) !== true)).toEqual([]);
});
