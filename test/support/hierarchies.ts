import { mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";

/** Version 2 has one; of version 1, the one that systemd keeps its units in. */
export const [UNIFIED, SYSTEMD] = ["", "name=systemd"] as const;

/** Where a hierarchy of control groups is mounted: version 1's by an option of its mount. */
export function hierarchy(option: typeof UNIFIED | typeof SYSTEMD): string | undefined {
  for (const line of readFileSync("/proc/self/mountinfo", "utf8").split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const [type, , options = ""] = after.split(" ");
    const isIt = option === UNIFIED ? type === "cgroup2" : type === "cgroup" && options.split(",").includes(option);
    if (isIt) return before.split(" ")[4];
  }
  return undefined;
}

/** Why no folder can be made in it; undefined where one can. */
export function whyNotWritable(option: typeof UNIFIED | typeof SYSTEMD): string | undefined {
  const root = hierarchy(option);
  if (root === undefined) return "is not mounted";
  const folder = join(root, `nsatlas-test-${process.pid}`);
  try {
    mkdirSync(folder);
    rmdirSync(folder);
    return undefined;
  } catch (error) {
    return `takes no folder: ${error instanceof Error ? error.message : String(error)}`;
  }
}
