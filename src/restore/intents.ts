import { lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Step } from "../topology/plan/step.ts";
import { RESTORER } from "../topology/plan/crew.ts";
import { cgroupFolder } from "./carry-cgroup.ts";
import { namespaceMounts } from "./identity.ts";
import type { RegistryEntry } from "./registry-entry.ts";

/** What a plan will leave in file systems, as far as it is not there yet. */
export function intentsOf(steps: readonly Step[]): Pick<RegistryEntry, "mounts" | "files"> {
  const before = namespaceMounts();
  const files = new Set<string>();
  const mounts: { path: string; before: readonly number[] }[] = [];
  for (const step of steps) {
    if (step.do === "cgroup") {
      const folder = cgroupFolder(step.path);
      for (const missing of folder === undefined ? [] : missingOf(folder)) files.add(missing);
    }
    if (step.do !== "pin") continue;
    for (const missing of missingOf(step.path)) files.add(missing);
    const path = realOf(step.path);
    if (step.by === RESTORER) mounts.push({ path, before: before.get(path) ?? [] });
  }
  return { mounts, files: [...files] };
}

/** A path and the folders above it that are not there, the topmost first. */
function missingOf(path: string): readonly string[] {
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined || path === dirname(path)) return [];
  return [...missingOf(dirname(path)), realOf(path)];
}

/** With no link in it, also where its last parts are not there yet. */
function realOf(path: string): string {
  if (path === dirname(path)) return path;
  return lstatSync(path, { throwIfNoEntry: false }) === undefined
    ? join(realOf(dirname(path)), basename(path))
    : realpathSync(path);
}
