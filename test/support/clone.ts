import { chmodSync, cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ROOT } from "./sources.ts";

/** What a clone does not have: made by npm, by building, or by a developer's tools. */
const NOT_CLONED = new Set([".git", ".cache", "node_modules", "dist", "types", "man", "prebuilds", "coverage"]);

export interface Clone extends Disposable {
  readonly path: string;
}

/**
 * A copy of the project as git has it, in a folder that everybody may enter. Its packages are lent by this checkout
 * (`withPackages`), so that nothing has to be downloaded; `built` brings what building made too.
 */
export function openClone({ withPackages, built }: { withPackages: boolean; built: boolean }): Clone {
  const folder = mkdtempSync(join(tmpdir(), "clone-"));
  chmodSync(folder, 0o755);
  const path = join(folder, "nsatlas");
  cpSync(ROOT, path, { recursive: true, filter: (source) => !NOT_CLONED.has(basename(source)) || source === ROOT });
  if (withPackages) symlinkSync(join(ROOT, "node_modules"), join(path, "node_modules"));
  const parts = built ? ["dist", "prebuilds", ".cache/dist.stamp", `.cache/native-linux-${process.arch}`] : [];
  for (const part of parts.filter((name) => existsSync(join(ROOT, name)))) {
    cpSync(join(ROOT, part), join(path, part), { recursive: true });
  }
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}
