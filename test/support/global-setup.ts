import type { TestProject } from "vitest/node";
import { examineMachine } from "./machine.ts";
import { makeFolder, removeFolder, runOf } from "./run.ts";

/** Runs once, before all test files: looks at what the machine has, so that every file goes by the same answers. */
export default function setup(project: TestProject): () => void {
  const run = runOf(project.config.env);
  makeFolder(run);
  project.provide("lacking", examineMachine());
  return () => removeFolder(run);
}
