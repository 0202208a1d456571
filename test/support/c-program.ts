import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { temporaryFolder } from "./temporary-folder.ts";

export interface CProgram extends Disposable {
  /** Where it is, for as long as the block lasts. */
  readonly path: string;
}

/** Compiles a C program: of a file, or of the text itself. A test that calls this needs packages gcc and libc6-dev. */
export function cProgram(source: { readonly file: string } | { readonly text: string }): CProgram {
  const folder = temporaryFolder();
  const path = join(folder.path, "program");
  const words = [
    "file" in source ? source.file : "-xc",
    ...("text" in source ? ["-"] : []),
    "-O1",
    "-pthread",
    "-o",
    path,
  ];
  const { status, stderr } = spawnSync("gcc", words, { input: "text" in source ? source.text : "", encoding: "utf8" });
  if (status !== 0) {
    folder[Symbol.dispose]();
    throw new Error(`gcc failed:\n${stderr}`);
  }
  return { path, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}
