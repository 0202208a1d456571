import { chmodSync, cpSync, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Run } from "./run.ts";

/** What a user of the published package has, and the examples. */
const PARTS = ["package.json", "dist", "types", "prebuilds", "examples"];

const ROOT = join(import.meta.dirname, "../..");

/** Where a run's copy of the product is. */
export const productFolder = ({ folder }: Run): string => join(folder, "product");

/**
 * Copies the built product to a place that every user can read: a clone may lie below a folder (such as /root) that is
 * closed to others. Made once a run.
 */
export function installProduct(run: Run): void {
  const target = productFolder(run);
  for (const part of PARTS.filter((name) => existsSync(join(ROOT, name)))) {
    cpSync(join(ROOT, part), join(target, part), { recursive: true, dereference: true });
  }
  openToOthers(target);
}

/** Whatever the umask was, others may read, and run what the owner may run. */
function openToOthers(path: string): void {
  const { mode } = statSync(path);
  chmodSync(path, mode & 0o100 ? 0o755 : 0o644);
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) openToOthers(join(path, name));
}
