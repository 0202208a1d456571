import { rmdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * npm makes its cache folder before it runs a script, and takes the relative path of our .npmrc from where it was called.
 * Called from outside the clone (npm --prefix CLONE start) that leaves empty folders there, which we take away again.
 */
export function removeNpmLeftovers(root) {
  const cwd = process.env.INIT_CWD;
  if (cwd === undefined || relative(root, cwd) === "") return;
  const npmStarted = Date.now() - MAX_NPM_START_MS;
  for (const folder of [join(cwd, ".cache", "npm"), join(cwd, ".cache")]) {
    try {
      if (statSync(folder).birthtimeMs < npmStarted) return;
      rmdirSync(folder);
    } catch {
      // Not there, or somebody's files are in it: neither is ours to remove.
      return;
    }
  }
}

const MAX_NPM_START_MS = 10_000;
