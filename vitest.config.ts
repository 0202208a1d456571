import { defineConfig } from "vitest/config";
import { pagePlugin } from "./scripts/make-page.js";
import { environmentOf, newRun } from "./test/support/run.ts";

/**
 * Each test file has a process of its own (`forks`): whatever touches namespaces, descriptors or the working directory
 * cannot reach the next file, and process-wide calls work, which they do not in a worker thread.
 */
export default defineConfig({
  // `using` is a SyntaxError on Node 20; the transform writes it as try and finally.
  oxc: { target: "node20" },
  plugins: [pagePlugin(import.meta.dirname)],
  test: {
    pool: "forks",
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    env: environmentOf(newRun()),
    reporters: ["default", "./test/support/tally.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // docs/decisions/0024-tries.md
    retry: process.env["NSATLAS_CI"] === "1" ? 2 : 0,
  },
});
