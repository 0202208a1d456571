import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { prepare, ROOT } from "./prepare.js";

const FOLDER = ".cache/sources";
await prepare({ folders: ["dist", FOLDER] });
// In a mount namespace of its own: nobody else gets a copy of what is mounted in it.
const words = ["--mount", "--propagation=private", process.execPath, join(ROOT, FOLDER, "main.js"), ROOT];
const { status, error } = spawnSync("unshare", [...words, ...process.argv.slice(3)], { stdio: "inherit" });
if (error !== undefined) throw error;
process.exitCode = status ?? 1;
