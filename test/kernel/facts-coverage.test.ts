import { expect, test } from "vitest";
import { FACT_CASES } from "../kernel-cases/facts/all.ts";
import { UNCOVERED } from "../kernel-cases/uncovered.ts";
import { FACTS } from "../support/fact-cases.ts";

/** The areas that are the model's business. */
const AREAS = ["ioctl", "setns", "create", "create.order", "idmap", "cap", "nsfs", "pidfd", "filehandle"] as const;
/** Per cent of their facts. It only grows. */
const COVERED_AT_LEAST = 95;

const facts = [...FACTS.values()].filter(({ area }) => AREAS.some((one) => one === area));
const covered = new Set(FACT_CASES.map(({ id }) => id));
const excused = (id: string): boolean => UNCOVERED.some(({ ids }) => id.startsWith(ids));

test("a case stands for one fact, and no fact has two", () => {
  expect(FACT_CASES.filter(({ id }) => !FACTS.has(id)).map(({ id }) => id)).toEqual([]);
  expect(covered.size).toBe(FACT_CASES.length);
});

test("every fact has a case, or a reason why not", () => {
  expect(facts.filter(({ id }) => !covered.has(id) && !excused(id)).map(({ id }) => id)).toEqual([]);
});

test("what is listed as uncovered is, and there is such a fact", () => {
  expect(UNCOVERED.filter(({ ids }) => !facts.some(({ id }) => id.startsWith(ids)))).toEqual([]);
  expect([...covered].filter(excused)).toEqual([]);
});

test(`at least ${COVERED_AT_LEAST} per cent of the facts are covered`, () => {
  const rows = AREAS.map((area) => {
    const own = facts.filter((fact) => fact.area === area);
    return { area, covered: own.filter(({ id }) => covered.has(id)).length, facts: own.length };
  });
  console.table(rows);
  const share = (100 * rows.reduce((sum, row) => sum + row.covered, 0)) / facts.length;
  console.log(`${share.toFixed(1)} % of ${facts.length} facts`);
  expect(share).toBeGreaterThanOrEqual(COVERED_AT_LEAST);
});
