import { dirname } from "node:path";
import { getAsset } from "node:sea";
import { boot } from "./load-program.ts";

/** The one executable file, which has Node, the program's files and what this Node compiled of them inside (docs/decisions/0025-one-file.md). */
boot({
  folder: dirname(process.execPath),
  text: (name) => Buffer.from(getAsset(`program/${name}`)).toString("latin1"),
  compiled: (name) => Buffer.from(getAsset(`compiled/${name}`)),
});
