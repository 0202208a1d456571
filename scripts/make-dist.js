import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "rolldown";
import { Explained } from "./explained.js";
import { makeProgram } from "./make-program.js";
import { SMALLER } from "./smaller.js";

/** The library's faces, which share files (chunks/). */
export const FACES = { index: "src/index.ts", raw: "src/raw.ts", model: "src/model.ts" };
/** ns_show shares no files with the others: it is over in milliseconds, of which loading a dozen files would cost ten. */
const NS_SHOW = { ns_show: "src/cli/ns-show.ts" };

/**
 * How each program begins. dist/cli.cjs is read by the shell and by Node: to Node the second line is a text and a comment.
 * The shell notes what Node would lose and a command started by `enter` or `run` shall have (src/enter/caller.ts), and then
 * becomes Node, as env(1) would: nothing is started besides, and it takes no longer.
 */
const CALLER = readFileSync(join(import.meta.dirname, "caller.sh"), "utf8")
  .trim()
  .replaceAll("\n", " ");
const FIRST_LINES = { "cli.cjs": `#!/bin/sh\n':' //; ${CALLER}`, "ns_show.js": "#!/usr/bin/env node" };

/** Fills `folder`: the library, and the programs; what a command needs is loaded when it is called. */
export async function makeDist(root, folder) {
  const built = await Promise.all([
    bundle(root, folder, FACES),
    bundle(root, folder, NS_SHOW),
    bundle(root, folder, { cli: "src/cli/boot.ts" }, { format: "cjs", entryFileNames: "[name].cjs" }),
  ]);
  const chunks = built.flatMap(({ output }) => output).filter(({ type }) => type === "chunk");
  chunks.push(...(await makeProgram(root, folder)));
  for (const [name, lines] of Object.entries(FIRST_LINES)) {
    const file = join(folder, name);
    // Not as a banner: the bundler would write the second line anew, without its comment.
    writeFileSync(file, `${lines}\n${readFileSync(file, "utf8")}`);
    chmodSync(file, 0o755);
  }
  writeFileSync(join(folder, "THIRD-PARTY-LICENSES.txt"), licencesOf(root, chunks));
}

function bundle(root, folder, input, output = {}) {
  return build({
    cwd: root,
    input,
    platform: "node",
    // Node 20 does not know `using`.
    transform: { target: "node20" },
    output: { dir: folder, format: "esm", chunkFileNames: "chunks/[name]-[hash].js", minify: SMALLER, ...output },
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
