import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { nativePath } from "../kernel/live/native-path.ts";
import { takeHeadStart } from "./take-head-start.ts";
import { boot } from "./load-program.ts";

/** dist/cli.cjs: the program's files lie beside it. */
const folder = import.meta.dirname;
const compiledFolder = join(folder, "compiled", `${process.versions.v8}-${process.arch}`);

/** Undefined where there is none. Of what is compiled: another Node than the one that this was built by compiles the text. */
function read(...place: readonly string[]): Buffer | undefined {
  try {
    return readFileSync(join(...place));
  } catch {
    return undefined;
  }
}

takeHeadStart(process.argv.slice(2), nativePath(dirname(folder), process.arch, "nsatlas.node"));
boot({
  folder,
  part: (name) => read(folder, "program", name),
  compiled: (name) => read(compiledFolder, name),
});
