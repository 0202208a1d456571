import type { TestProject } from "vitest/node";
import { examineMachine } from "./machine.ts";

/** Runs once, before all test files: looks at what the machine has, so that every file asks the same answers. */
export default function setup(project: TestProject): void {
  project.provide("lacking", examineMachine());
}
