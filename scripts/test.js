import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeNpmLeftovers } from "./npm-leftovers.js";
import { withOwnMounts } from "./own-mounts.js";
import { prepare, ROOT } from "./prepare.js";
import { processMark } from "./process-mark.js";

/** The last line where the run itself broke. */
const NOTHING_RAN = "0 passed, 1 failed";

removeNpmLeftovers(ROOT);
try {
  await prepare({ folders: ["dist", "types", "man"] });
} catch (error) {
  process.stdout.write(`${NOTHING_RAN}\n`);
  throw error;
}

// Type check, lint, format and layers are tests too (test/project, test/tidy.test.ts). Arguments go to vitest: file names, -t PATTERN.
// Named like a run's own folder, so that the next run takes it away where this one is killed.
const folder = join(tmpdir(), `nsatlas-test-${processMark()}`);
mkdirSync(folder, { mode: 0o700 });
const summary = join(folder, "summary");
const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
const [program, ...words] = withOwnMounts([process.execPath, vitest, "run", ...process.argv.slice(3)]);
const { status } = spawnSync(program, words, {
  cwd: ROOT,
  env: { ...process.env, NSATLAS_SUMMARY: summary },
  stdio: "inherit",
});
// The last line, after anything else has had its say.
const line = existsSync(summary) ? readFileSync(summary, "utf8") : NOTHING_RAN;
rmSync(folder, { recursive: true });
process.stdout.write(`${line}\n`);
process.exitCode = status === 0 && line.includes(" 0 failed") ? 0 : 1;
