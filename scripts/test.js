import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeNpmLeftovers } from "./npm-leftovers.js";
import { prepare, ROOT } from "./prepare.js";

/** The last line where the run itself broke. */
const NOTHING_RAN = "0 passed, 1 failed";

removeNpmLeftovers(ROOT);
try {
  await prepare({ folders: ["dist", "types"] });
} catch (error) {
  process.stdout.write(`${NOTHING_RAN}\n`);
  throw error;
}

// Type check, lint, format and layers are tests too (test/project, test/tidy.test.ts). Arguments go to vitest: file names, -t PATTERN.
const folder = mkdtempSync(join(tmpdir(), "nsatlas-summary-"));
const summary = join(folder, "summary");
const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", ...process.argv.slice(3)], {
  cwd: ROOT,
  env: { ...process.env, NSATLAS_SUMMARY: summary },
  stdio: "inherit",
});
// The last line, after anything else has had its say.
const line = existsSync(summary) ? readFileSync(summary, "utf8") : NOTHING_RAN;
rmSync(folder, { recursive: true });
process.stdout.write(`${line}\n`);
process.exitCode = status === 0 && line.includes(" 0 failed") ? 0 : 1;
