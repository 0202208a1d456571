import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../support/sources.ts";

/** The tools that look at the whole tree. What one says is the text of the failure. */
const CHECKS = {
  "the types check": ["typescript/bin/tsc", "-p", "."],
  "the pure folders check without Node's types, as in a browser": ["typescript/bin/tsc", "-p", "tsconfig.pure.json"],
  "the linter has nothing to say": ["oxlint/bin/oxlint", "--deny-warnings"],
  "every file is formatted": ["oxfmt/bin/oxfmt", "--check"],
};

test.for(Object.entries(CHECKS))("%s", { timeout: 60_000 }, ([, [program = "", ...words]]) => {
  const path = join(ROOT, "node_modules", program);
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...words], { cwd: ROOT, encoding: "utf8" });
  expect(status, `${stdout}${stderr}`).toBe(0);
});
