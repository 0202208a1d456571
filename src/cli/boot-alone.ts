import { dirname } from "node:path";
import { getAsset } from "node:sea";
import { boot } from "./load-program.ts";

/** Undefined where there is none. */
function asset(name: string): Buffer | undefined {
  try {
    return Buffer.from(getAsset(name));
  } catch {
    return undefined;
  }
}

/** The one executable file, which has Node, the program's files and what this Node compiled of them inside (docs/decisions/0025-one-file.md). */
boot({
  folder: dirname(process.execPath),
  part: (name) => asset(`program/${name}`),
  compiled: (name) => asset(`compiled/${name}`),
});
