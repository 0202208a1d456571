import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { getAsset, isSea } from "node:sea";
import { nativePath, type NativeFile } from "./native-path.ts";
import { unnamedProgram } from "./unnamed-program.ts";

/** Where a package is, and for which CPU. */
export interface NativePlace {
  readonly arch: string;
  /** Undefined: nobody knows. */
  readonly root: string | undefined;
}

const opened = new Map<NativeFile, string>();

/**
 * The path of a file of the native half; undefined: nobody knows where it would be. Where nsatlas is one executable file,
 * with all that in it, the path is that of a descriptor, and the file has no name that another could use.
 */
export function nativeFile(name: NativeFile, { arch, root }: NativePlace = ownPlace()): string | undefined {
  if (!isSea()) return root === undefined ? undefined : nativePath(root, arch, name);
  const before = opened.get(name);
  if (before !== undefined) return before;
  const path = unnamedProgram(new Uint8Array(getAsset(name)));
  opened.set(name, path);
  return path;
}

export const ownPlace = (): NativePlace => ({ arch: process.arch, root: packageRoot(import.meta.dirname) });

/**
 * The nearest folder from `start` upwards with a package.json: ours, be it from src/ or from the bundle in dist/. Not
 * further: what lies in folders above is not for us to load into a process that may be root's.
 */
export function packageRoot(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
