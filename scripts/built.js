import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  chmodSync,
} from "node:fs";
import { basename, join } from "node:path";

/** The folders that building makes, and what decides what is in them. */
const INPUTS = {
  dist: ["src", "scripts", "package.json", "package-lock.json"],
  man: ["src", "scripts", "package.json", "package-lock.json"],
  types: ["src", "scripts", "package-lock.json", "tsconfig.json", "tsconfig.build.json"],
  ".cache/differential": [
    "src",
    "test/caps/live",
    "test/caps/less-evidence.ts",
    "test/differential",
    "test/kernel-cases",
    "test/support",
    "scripts",
    "package-lock.json",
  ],
  ".cache/churn": ["src", "test/churn", "scripts", "package-lock.json"],
  ".cache/sources": ["test/sources", "scripts", "package-lock.json"],
  ".cache/mutation": ["src", "test/differential", "test/mutation", "scripts", "package-lock.json"],
};

/** Whether a folder was built from its inputs as they are now. */
export function isBuilt(root, folder) {
  const stamp = stampFile(root, folder);
  if (!existsSync(join(root, folder)) || !existsSync(stamp)) return false;
  return readFileSync(stamp, "utf8") === stampOf(root, folder);
}

/**
 * Makes a folder beside its place and then puts it there: a program that runs meanwhile finds all its parts, old or new,
 * and a build that fails leaves the old one. `make` fills the folder it is given.
 */
export async function replaceFolder(root, folder, make) {
  const stamp = stampOf(root, folder);
  mkdirSync(join(root, ".cache"), { recursive: true });
  const draft = mkdtempSync(join(root, ".cache", `${basename(folder)}-`));
  const old = `${draft}.old`;
  try {
    await make(draft);
    chmodSync(draft, 0o755);
    if (existsSync(join(root, folder))) renameSync(join(root, folder), old);
    renameSync(draft, join(root, folder));
    writeFileSync(stampFile(root, folder), stamp);
  } finally {
    for (const left of [draft, old]) rmSync(left, { recursive: true, force: true });
  }
}

const stampFile = (root, folder) => join(root, ".cache", `${basename(folder)}.stamp`);

/** A hash over names and contents of all inputs. Times are not asked: a checkout changes them. */
function stampOf(root, folder) {
  const hash = createHash("sha256");
  for (const input of INPUTS[folder]) add(hash, root, input);
  return hash.digest("hex");
}

function add(hash, root, path) {
  if (path.includes(".")) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update("\0");
    return;
  }
  for (const name of readdirSync(join(root, path)).sort()) add(hash, root, `${path}/${name}`);
}
