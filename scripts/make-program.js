import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "rolldown";
import { Explained } from "./explained.js";
import { pagePlugin } from "./make-page.js";
import { MAIN, QUICK, SELDOM } from "./quick-files.js";
import { SMALLER } from "./smaller.js";

/** Fills `folder` with the program nsatlas but for its first file: see docs/decisions/0021-start.md. Gives its chunks. */
export async function makeProgram(root, folder) {
  const groups = groupsOf(root, await importsOf(root));
  const names = new Set(groups.values());
  const output = {
    codeSplitting: {
      groups: Array.from(names, (name) => ({ name, test: (id) => groups.get(id) === name })),
      includeDependenciesRecursively: false,
    },
    chunkFileNames: ({ name }) => (names.has(name) ? "[name].cjs" : "[name]-[hash].cjs"),
  };
  const chunks = chunksOf(await bundled(root, { output, preserveEntrySignatures: "allow-extension" }));
  mkdirSync(join(folder, "program"));
  for (const { name, fileName, code } of chunks) {
    const text = names.has(name) ? withoutGetters(code) : code;
    const body = bodyOf(fileName, text);
    const isPacked = (!names.has(name) || name === "seldom") && body.length >= PACKED_FROM;
    writeFileSync(join(folder, "program", isPacked ? `${fileName}.br` : fileName), isPacked ? packed(body) : body);
  }
  for (const file of ["main", "seldom", ...Object.keys(QUICK)]) compileAhead(folder, file);
  return chunks;
}

/**
 * Less is unpacked sooner than its unpacker is loaded; and smaller ones take less room in npm's file as they are, where what
 * they share with their neighbours is written once.
 */
const PACKED_FROM = 30_000;

const packed = (text) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } });

/**
 * By module the name of its part, of those that are compiled ahead. What the same of the quick commands need is in one part,
 * which bears their names.
 */
function groupsOf(root, imports) {
  const main = reachedFrom(root, imports, MAIN, SELDOM);
  const groups = new Map(Array.from(main, (module) => [module, "main"]));
  for (const [command, { files, seldom }] of Object.entries(QUICK)) {
    for (const module of reachedFrom(root, imports, files, [...SELDOM, ...seldom])) {
      if (main.has(module)) continue;
      const before = groups.get(module);
      groups.set(module, before === undefined ? `for_${command}` : `${before}_${command}`);
    }
  }
  for (const { files } of Object.values(QUICK)) {
    for (const module of reachedFrom(root, imports, files, [])) if (!groups.has(module)) groups.set(module, "seldom");
  }
  return groups;
}

/** What src/cli/load-program.ts takes: a function, in ASCII. */
function bodyOf(fileName, code) {
  // A text that is taken as it is written would keep the escapes.
  if (/String\.raw`[^`]*[^\0-\x7f]/.test(code)) throw new Explained(`${fileName} has String.raw with more than ASCII`);
  const ascii = code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return `(function(exports,require,module,__filename,__dirname){"use strict";${ascii}\n})`;
}

/**
 * The bundler gives what a part offers by a function each, for variables that change later. Ours do not, and a hundred functions
 * take half a millisecond to make. They stand at the end, where all is there.
 */
const withoutGetters = (code) =>
  code.replaceAll(
    /Object\.defineProperty\(exports,"(\w+)",\{enumerable:true,get:function\(\)\{return ([\w$]+)\}\}\);/g,
    "exports.$1=$2;",
  );

/** With one seed: the same bytes each time. */
function compileAhead(folder, name) {
  const words = ["--random-seed=1", join(import.meta.dirname, "compile-ahead.cjs"), folder, name];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { status } = spawnSync(process.execPath, words, { env, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Explained(`${name} could not be compiled ahead; what Node said is above`);
}

const bundled = (root, { output = {}, plugins = [], ...more }) =>
  build({
    cwd: root,
    ...more,
    input: { main: "src/cli/main.ts" },
    plugins: [pagePlugin(root), ...plugins],
    platform: "node",
    // Node 20 does not know `using`.
    transform: { target: "node20" },
    output: {
      format: "cjs",
      entryFileNames: "[name].cjs",
      chunkFileNames: "[name]-[hash].cjs",
      minify: SMALLER,
      ...output,
    },
    write: false,
    logLevel: "warn",
    // Which file a module is in is decided here, not by who imports it how; and the page takes its time.
    checks: { ineffectiveDynamicImport: false, pluginTimings: false },
  });

const chunksOf = ({ output }) => output.filter(({ type }) => type === "chunk");

/** By module what it imports, but for import(). */
async function importsOf(root) {
  const imports = new Map();
  const moduleParsed = ({ id, importedIds }) => void imports.set(id, importedIds);
  await bundled(root, { plugins: [{ name: "imports", moduleParsed }] });
  return imports;
}

/** The modules that are loaded with those of `files`: what they import, however far, but not by way of `seldom`. */
function reachedFrom(root, imports, files, seldom) {
  const left = new Set(seldom.map((file) => join(root, file)));
  const strange = [...left].find((module) => !imports.has(module));
  if (strange !== undefined)
    throw new Explained(`${strange} is no part of the program: scripts/quick-files.js names it`);
  const reached = new Set();
  const visit = (module) => {
    if (!imports.has(module))
      throw new Explained(`${module} is no part of the program: scripts/quick-files.js names it`);
    if (reached.has(module) || left.has(module)) return;
    reached.add(module);
    for (const one of imports.get(module)) if (imports.has(one)) visit(one);
  };
  for (const file of files) visit(join(root, file));
  return reached;
}
