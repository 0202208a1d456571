import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isBuilt, replaceFolder } from "./built.js";
import { Explained, say } from "./explained.js";
import { isInstalled } from "./installed.js";
import { alone } from "./lock.js";

export const ROOT = join(import.meta.dirname, "..");

/** How each folder is filled. Loaded when needed: before npm ci there is no bundler. */
const MAKERS = {
  dist: async (root, folder) => (await import("./make-dist.js")).makeDist(root, folder),
  man: async (root, folder) => (await import("./make-man.js")).makeMan(root, folder),
  types: async (root, folder) => (await import("./make-types.js")).makeTypes(root, folder),
  ".cache/differential": async (root, folder) =>
    (await import("./make-differential.js")).makeDifferential(root, folder),
  ".cache/churn": async (root, folder) => (await import("./make-churn.js")).makeChurn(root, folder),
  ".cache/sources": async (root, folder) => (await import("./make-sources.js")).makeSources(root, folder),
  ".cache/mutation": async (root, folder) => (await import("./make-mutation.js")).makeMutation(root, folder),
};

/**
 * Brings node_modules, the native half and the given folders up to date. Where they are, which takes some milliseconds
 * to see, nothing is written, so a clone that another user prepared can be run by anyone who may read it.
 */
export async function prepare({ root = ROOT, folders = ["dist"] } = {}) {
  if (!isInstalled(root)) await alone(lockFile(root), () => isInstalled(root) || install(root));
  await prepareNative(root);
  for (const folder of folders.filter((name) => !isBuilt(root, name))) {
    await alone(lockFile(root), async () => {
      if (isBuilt(root, folder)) return;
      say(`building ${folder}/`);
      await replaceFolder(root, folder, (draft) => MAKERS[folder](root, draft));
    });
  }
}

const lockFile = (root) => join(root, ".cache", "prepare.lock");

function install(root) {
  const [program, ...first] = npmCommand();
  say("installing the packages that building and testing take (npm ci)");
  // Whatever the user's settings leave out (dev, optional), the build needs it.
  const words = [
    "ci",
    "--include=dev",
    "--include=optional",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=warn",
  ];
  const env = { ...process.env, npm_config_cache: join(root, ".cache", "npm"), npm_config_logs_max: "0" };
  const { status, signal, error } = spawnSync(program, [...first, ...words], {
    cwd: root,
    env,
    stdio: ["ignore", 2, 2],
  });
  if (error !== undefined) {
    throw new Explained(`npm could not be run (${error.message}); it comes with Node, on Debian in the package npm`);
  }
  if (status !== 0) throw new Explained(`npm ci failed (${signal ?? `exit code ${status}`}); what it said is above`);
}

/** The npm that called us, else the one on PATH. */
function npmCommand() {
  const caller = process.env.npm_execpath;
  return caller !== undefined && /npm-cli\.c?js$/.test(caller) && existsSync(caller)
    ? [process.execPath, caller]
    : ["npm"];
}

/** The native half of this machine. nsatlas runs without it too, and says then what it cannot do. */
async function prepareNative(root) {
  const { buildNative, sentenceFor } = await import("./build-native.mjs");
  const own = buildNative({ root }).find(({ machine }) => machine === `${process.platform}-${process.arch}`);
  if (own !== undefined && own.state !== "current") say(sentenceFor(own));
}
