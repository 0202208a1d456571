import { readFileSync } from "node:fs";
import { join } from "node:path";
import { boot } from "./load-program.ts";

/** dist/cli.cjs: the program's files lie beside it. */
const folder = import.meta.dirname;
const compiledFolder = join(folder, "compiled", `${process.versions.v8}-${process.arch}`);

boot({
  folder,
  text: (name) => readFileSync(join(folder, "program", name), "latin1"),
  compiled: (name) => {
    try {
      return readFileSync(join(compiledFolder, name));
    } catch {
      // Another Node than the one that this was built by: it compiles the text.
      return undefined;
    }
  },
});
