import { dirname } from "node:path";
import type { TestProject } from "vitest/node";
import { prepare } from "../../scripts/prepare.js";
import { examineMachine } from "./machine.ts";
import { installProduct } from "./product.ts";
import { makeFolder, removeFolder, runOf } from "./run.ts";
import { sweepEndedRuns } from "./sweep.ts";

/**
 * Runs once, before all test files: brings the built product up to date, and looks at what the machine has, so that
 * every file goes by the same answers.
 */
export default async function setup(project: TestProject): Promise<void> {
  const run = runOf(project.config.env);
  sweepEndedRuns(dirname(run.folder));
  await prepare({ folders: ["dist", "types", "man"] });
  makeFolder(run);
  // However the run ends.
  process.once("exit", () => removeFolder(run));
  installProduct(run);
  project.provide("lacking", examineMachine(run.folder));
}
