import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Explained } from "./explained.js";

/** Fills `folder` with the library's type declarations. */
export function makeTypes(root, folder) {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const words = [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", folder];
  const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Explained("the type declarations could not be written; what the compiler said is above");
}
