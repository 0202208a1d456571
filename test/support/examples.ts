import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { productFolder } from "./product.ts";
import { runOf } from "./run.ts";
import { ROOT } from "./sources.ts";

export const EXAMPLES = join(ROOT, "examples");

/** Examples as JavaScript (`NAME.mjs`), in a folder where the built package is installed. */
export async function installExamples(folder: string, names: readonly string[]): Promise<void> {
  // The ordinary user has to get in.
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(productFolder(runOf(process.env)), join(folder, "node_modules/nsatlas"));
  const input = Object.fromEntries(names.map((name) => [name, join(EXAMPLES, `${name}.ts`)] as const));
  const build = await rolldown({
    input,
    external: /^nsatlas/,
    platform: "node",
    transform: { target: "node20" },
    tsconfig: false,
  });
  await build.write({ dir: folder, format: "esm", entryFileNames: "[name].mjs" });
}
