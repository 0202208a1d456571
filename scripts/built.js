import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What decides what dist/ holds. */
const INPUTS = ["src", "scripts", "package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"];

export const stampFile = (root) => join(root, ".cache", "dist.stamp");

/** Whether dist/ was built from the sources as they are now. */
export function isBuilt(root) {
  const stamp = stampFile(root);
  return existsSync(join(root, "dist")) && existsSync(stamp) && readFileSync(stamp, "utf8") === stampOf(root);
}

/** A hash over names and contents of all inputs. Times are not asked: a checkout changes them. */
export function stampOf(root) {
  const hash = createHash("sha256");
  for (const input of INPUTS) add(hash, root, input);
  return hash.digest("hex");
}

function add(hash, root, path) {
  const entries = path.includes(".") ? undefined : readdirSync(join(root, path), { withFileTypes: true });
  if (entries === undefined) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) add(hash, root, `${path}/${entry.name}`);
}
