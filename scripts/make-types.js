import { spawnSync } from "node:child_process";
import { readdirSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
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
  removeEmpty(folder);
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
