import { join } from "node:path";
import { expect, test } from "vitest";
import { OPERATION_EVIDENCE, youngest } from "../../src/caps/operation-evidence.ts";
import { OPERATION_NAMES, operationOf } from "../../src/caps/operations.ts";
import { KERNEL_CHANGES } from "../../src/rules/kernel-changes.ts";
import { atLeast } from "../../src/rules/release.ts";
import { changesIn, operationsPage } from "../support/operations-page.ts";
import { ROOT } from "../support/sources.ts";

const RELEASE = /^\d+(\.\d+)+$/;
/** A manual page, or a weakness by its number. */
const PAGE = /^(?:[a-z_]+\(\d\)|CVE-\d{4}-\d{4,})$/;

test("docs/operations.md has every operation, with what shows since when it is decided so", async () => {
  await expect(operationsPage()).toMatchFileSnapshot(join(ROOT, "docs/operations.md"));
});

test("evidence has the form in which it can be looked up", () => {
  expect(Object.keys(OPERATION_EVIDENCE).toSorted()).toEqual(OPERATION_NAMES.toSorted());
  for (const [name, all] of Object.entries(OPERATION_EVIDENCE)) {
    for (const one of all) {
      expect(one.since, name).toMatch(RELEASE);
      if ("commit" in one) expect(`${one.commit} ${one.title}`, name).toMatch(/^[0-9a-f]{12} \S.*\S$/);
      if ("page" in one) expect(one.page, name).toMatch(PAGE);
      if ("page" in one) expect(one.says.length, name).toBeGreaterThan(0);
    }
  }
});

test("a rule is as old as the youngest of its evidence, and what changed of it came later", () => {
  for (const name of OPERATION_NAMES) {
    const { since } = youngest(name);
    for (const one of OPERATION_EVIDENCE[name]) expect(atLeast(since, one.since), name).toBe(true);
    for (const change of changesIn(operationOf(name).needs)) {
      expect(atLeast(KERNEL_CHANGES[change].since, since), `${name}: ${change}`).toBe(true);
    }
  }
});

test("a capability's name is no older than what the rule with it rests on", () => {
  // capabilities(7) says of these since when there are such.
  const since = { CAP_MKNOD: "2.4", CAP_SYSLOG: "2.6.37", CAP_WAKE_ALARM: "3.0", CAP_SETFCAP: "2.6.24" };
  const ages = Object.entries(since).flatMap(([capability, release]) =>
    OPERATION_NAMES.filter((name) => JSON.stringify(operationOf(name).needs).includes(`"${capability}"`)).map(
      (name): [string, boolean] => [name, atLeast(youngest(name).since, release)],
    ),
  );
  expect(ages.filter(([, isYoungEnough]) => !isYoungEnough)).toEqual([]);
  expect(ages.length).toBeGreaterThanOrEqual(4);
});
