import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "rolldown";
import { Explained } from "./explained.js";

/** The files of dist/ that others name: the library's faces and the programs, each with its source. */
const FACES = { index: "src/index.ts", raw: "src/raw.ts", model: "src/model.ts" };
const PROGRAMS = { cli: "src/cli/main.ts", ns_show: "src/cli/ns-show.ts" };

/** ns_show shares no files with the others: it is over in milliseconds, of which loading a dozen files would cost ten. */
const { ns_show, ...SHARING } = { ...FACES, ...PROGRAMS };
const BUNDLES = [SHARING, { ns_show }];

/**
 * How each program begins. dist/cli.js is read by the shell and by Node: to Node the second line is a text and a comment.
 * The shell notes what Node would lose and a command started by `enter` or `run` shall have (src/enter/caller.ts), and then
 * becomes Node, as env(1) would: nothing is started besides, and it takes no longer.
 */
const CALLER = readFileSync(join(import.meta.dirname, "caller.sh"), "utf8")
  .trim()
  .replaceAll("\n", " ");
const FIRST_LINES = { cli: `#!/bin/sh\n':' //; ${CALLER}`, ns_show: "#!/usr/bin/env node" };

/** Fills `folder`: one file a face and a program; what a command needs beyond that is loaded when it is called (chunks/). */
export async function makeDist(root, folder) {
  const built = await Promise.all(BUNDLES.map((input) => bundle(root, folder, input)));
  for (const [program, lines] of Object.entries(FIRST_LINES)) {
    const file = join(folder, `${program}.js`);
    // Not as a banner: the bundler would write the second line anew, without its comment.
    writeFileSync(file, `${lines}\n${readFileSync(file, "utf8")}`);
    chmodSync(file, 0o755);
  }
  const chunks = built.flatMap(({ output }) => output).filter(({ type }) => type === "chunk");
  writeFileSync(join(folder, "THIRD-PARTY-LICENSES.txt"), licencesOf(root, chunks));
}

/**
 * What `enter` and `run` load besides what every command loads, in one file: they stand in for programs that are over in
 * milliseconds, and a file costs half of one.
 */
const QUICK = ["src/cli/commands/enter.ts", "src/cli/enter/become.ts", "src/library/this-machine.ts"];

async function bundle(root, folder, input) {
  const { output } = await bundled(root, folder, input, { write: false });
  const quick = quickModules(root, output);
  if (quick.size === 0) return await bundled(root, folder, input, {});
  const codeSplitting = {
    groups: [{ name: "quick", test: (id) => quick.has(id) }],
    includeDependenciesRecursively: false,
  };
  return await bundled(root, folder, input, { output: { codeSplitting }, preserveEntrySignatures: "allow-extension" });
}

/** The modules that come with those of QUICK, less those that come with the program. */
function quickModules(root, output) {
  const chunks = new Map(output.filter(({ type }) => type === "chunk").map((chunk) => [chunk.fileName, chunk]));
  const reached = (names, found = new Set()) => {
    for (const name of names) {
      if (found.has(name)) continue;
      found.add(name);
      reached(chunks.get(name)?.imports ?? [], found);
    }
    return found;
  };
  const having = (modules) => [...chunks.values()].filter(({ moduleIds }) => moduleIds.some((id) => modules.has(id)));
  const namesOf = (files) => having(new Set(files.map((file) => join(root, file)))).map(({ fileName }) => fileName);
  const first = reached(namesOf([PROGRAMS.cli]));
  const more = [...reached(namesOf(QUICK))].filter((name) => !first.has(name));
  return new Set(more.flatMap((name) => chunks.get(name)?.moduleIds ?? []));
}

function bundled(root, folder, input, { output = {}, ...more }) {
  return build({
    cwd: root,
    ...more,
    input,
    platform: "node",
    // Node 20 does not know `using`.
    transform: { target: "node20" },
    output: {
      dir: folder,
      format: "esm",
      chunkFileNames: "chunks/[name]-[hash].js",
      ...output,
    },
    logLevel: "warn",
  });
}

/** The licence of each package whose code went into the bundles, as it asks. */
function licencesOf(root, chunks) {
  const modules = chunks.flatMap(({ moduleIds }) => moduleIds);
  const folders = new Set(modules.filter((module) => module.includes("/node_modules/")).map(packageFolder));
  const parts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Explained(`${name} in ${relative(root, folder)} has no licence file to ship`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
  return ["The files of this folder contain code of these packages.\n", ...parts].join(`\n${"-".repeat(80)}\n\n`);
}

/** The folder of the package that a module belongs to. */
function packageFolder(module) {
  let folder = dirname(module);
  while (!/\/node_modules\/(@[^/]+\/)?[^/]+$/.test(folder)) folder = dirname(folder);
  return folder;
}
