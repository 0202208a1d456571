import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "rolldown";
import { Explained } from "./explained.js";
import { SMALLER } from "./smaller.js";

/** Node's own mark: it looks there for a program, where the mark says that there is one. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** Writes `file`: the Node that runs this, with nsatlas in it (docs/decisions/0025-one-file.md). dist/ and prebuilds/ are built. */
export async function makeExecutable(root, file) {
  const work = mkdtempSync(join(tmpdir(), "nsatlas-executable-"));
  // Beside its place, so that a program that runs the old file keeps it.
  const draft = join(dirname(file), `.${process.pid}-nsatlas`);
  try {
    const blob = await blobOf(root, work);
    const postject = join(root, "node_modules", "postject", "dist", "cli.js");
    copyFileSync(process.execPath, draft);
    chmodSync(draft, 0o755);
    run([postject, draft, "NODE_SEA_BLOB", blob, "--sentinel-fuse", FUSE]);
    renameSync(draft, file);
  } finally {
    rmSync(work, { recursive: true });
    rmSync(draft, { force: true });
  }
}

/** What Node finds in itself: src/cli/boot-alone.ts, and the files that it asks for by name. */
async function blobOf(root, work) {
  const [main, output, config] = ["boot.cjs", "blob", "config.json"].map((name) => join(work, name));
  await build({
    cwd: root,
    input: "src/cli/boot-alone.ts",
    platform: "node",
    transform: { target: "node20" },
    output: { file: main, format: "cjs", minify: SMALLER },
    logLevel: "warn",
  });
  writeFileSync(config, JSON.stringify({ main, output, disableExperimentalSEAWarning: true, assets: assetsOf(root) }));
  run(["--experimental-sea-config", config]);
  return output;
}

/** Both say much that helps only where they fail. */
function run(words) {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (status !== 0) throw new Explained(`no program of one file was made: ${words.join(" ")} said\n${stdout}${stderr}`);
}

function assetsOf(root) {
  const native = join(root, "prebuilds", `${process.platform}-${process.arch}`);
  const folders = {
    "program/": join(root, "dist", "program"),
    "compiled/": join(root, "dist", "compiled", `${process.versions.v8}-${process.arch}`),
    "": native,
  };
  const missing = Object.values(folders).find((folder) => !existsSync(folder));
  if (missing !== undefined) throw new Explained(`${missing} is not there: npm run build makes it, with gcc`);
  const entries = Object.entries(folders).flatMap(([before, folder]) =>
    readdirSync(folder)
      .sort()
      .map((name) => [before + name, join(folder, name)]),
  );
  return Object.fromEntries(entries);
}
