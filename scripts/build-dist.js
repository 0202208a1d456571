import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "rolldown";
import { stampFile, stampOf } from "./built.js";
import { Explained } from "./explained.js";

/** The files of dist/ that others name: the library's faces and the programs, each with its source. */
const present = (entries) => Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));
const FACES = present({ index: "src/index.ts", raw: "src/raw.ts", model: "src/model.ts" });
const PROGRAMS = present({ cli: "src/cli/main.ts", ns_show: "src/cli/ns-show.ts" });

/**
 * Builds dist/ beside its place and then puts it there: a program that runs meanwhile finds all its parts, old or new,
 * and a build that fails leaves the old one.
 */
export async function buildDist(root) {
  const stamp = stampOf(root);
  const draft = mkdtempSync(join(root, ".cache", "dist-"));
  try {
    const chunks = await bundle(root, draft);
    for (const program of Object.keys(PROGRAMS)) chmodSync(join(draft, `${program}.js`), 0o755);
    writeFileSync(join(draft, "THIRD-PARTY-LICENSES.txt"), licensesOf(root, chunks));
    writeTypes(root, draft);
    chmodSync(draft, 0o755);
    const dist = join(root, "dist");
    if (existsSync(dist)) renameSync(dist, join(draft, "old"));
    renameSync(draft, dist);
    rmSync(join(dist, "old"), { recursive: true, force: true });
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  writeFileSync(stampFile(root), stamp);
}

/** One file a face and a program; what a command needs beyond that is loaded when it is called (chunks/). */
async function bundle(root, dir) {
  if (Object.keys({ ...FACES, ...PROGRAMS }).length === 0) return [];
  const { output } = await build({
    cwd: root,
    input: { ...FACES, ...PROGRAMS },
    platform: "node",
    // Node 20 does not know `using`.
    transform: { target: "node20" },
    output: {
      dir,
      format: "esm",
      chunkFileNames: "chunks/[name]-[hash].js",
      banner: ({ name, isEntry }) => (isEntry && name in PROGRAMS ? "#!/usr/bin/env node" : ""),
    },
    logLevel: "warn",
  });
  return output.filter(({ type }) => type === "chunk");
}

/** The licence of each package whose code went into the bundles, as it asks. */
function licensesOf(root, chunks) {
  const folders = new Set(
    chunks.flatMap(({ moduleIds }) => moduleIds.map(packageFolder)).filter((folder) => folder !== undefined),
  );
  const parts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined)
      throw new Explained(`${name} in ${relative(root, folder)} has no licence file to ship with dist/`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
  return ["The files of this folder contain code of these packages.\n", ...parts].join(`\n${"-".repeat(80)}\n\n`);
}

/** The folder of the package that a module belongs to; undefined for our own. */
function packageFolder(module) {
  if (!module.includes("/node_modules/")) return undefined;
  let folder = dirname(module);
  while (!existsSync(join(folder, "package.json")) || !/node_modules\/(@[^/]+\/)?[^/]+$/.test(folder))
    folder = dirname(folder);
  return folder;
}

function writeTypes(root, draft) {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const words = [tsc, "-p", join(root, "tsconfig.build.json"), "--outDir", join(draft, "types")];
  const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Explained("the type declarations could not be written; what the compiler said is above");
}
