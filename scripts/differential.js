import { prepare, ROOT } from "./prepare.js";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const FOLDER = ".cache/differential";
await prepare({ folders: [FOLDER] });
const { main } = await import(pathToFileURL(join(ROOT, FOLDER, "main.js")).href);
process.exitCode = await main(process.argv.slice(3), ROOT);
