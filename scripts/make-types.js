import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Explained } from "./explained.js";
import { FACES } from "./make-dist.js";

/** Fills `folder` with the library's type declarations: those that its faces need, of all that the compiler writes. */
export function makeTypes(root, folder) {
  compiler(root, ["-p", join(root, "tsconfig.build.json"), "--outDir", folder]);
  const faces = Object.keys(FACES).map((name) => join(folder, `${name}.d.ts`));
  const listed = compiler(root, [
    "--listFilesOnly",
    "--ignoreConfig",
    "--module",
    "nodenext",
    "--types",
    "node",
    ...faces,
  ]);
  const needed = new Set(listed.split("\n"));
  for (const name of readdirSync(folder, { recursive: true }).filter((path) => path.endsWith(".d.ts"))) {
    if (!needed.has(join(folder, name))) rmSync(join(folder, name));
  }
  const shown = new Set([...faces, ...faces.flatMap(exportedBy)]);
  for (const file of needed) if (file.startsWith(folder) && !shown.has(file)) withoutWhatNobodyNames(file);
  for (const file of needed) if (file.startsWith(join(folder, "messages/"))) withoutSentences(file);
  removeEmpty(folder);
}

/** The files of what a face gives its users. */
function exportedBy(face) {
  const names = readFileSync(face, "utf8").matchAll(/ from "(\.[^"]+)\.[jt]s"/g);
  return Array.from(names, ([, name]) => join(dirname(face), `${name}.d.ts`));
}

/** A fifth of the declarations is about what nobody outside can name: docstrings, and tables that have whole sentences for types. */
function withoutWhatNobodyNames(file) {
  const text = readFileSync(file, "utf8").replaceAll(/^[ \t]*\/\*\*[\s\S]*?\*\/\n/gm, "");
  writeFileSync(file, text.replaceAll(/^( *readonly \w+): "(?:[^"\\]|\\.){30,}";$/gm, "$1: string;"));
}

/** Of a sentence it is enough to know that it is one; its words take as much room as they do in the library. */
function withoutSentences(file) {
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replaceAll(/^( *(?:readonly )?(?:en|fr)): "(?:[^"\\]|\\.)*";$/gm, "$1: string;"));
}

function compiler(root, words) {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...words], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", 2],
  });
  if (status === 0) return stdout;
  process.stderr.write(stdout);
  throw new Explained("the type declarations could not be written; what the compiler said is above");
}

function removeEmpty(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmpty(join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
