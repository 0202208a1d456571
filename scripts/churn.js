import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { prepare, ROOT } from "./prepare.js";

const FOLDER = ".cache/churn";
await prepare({ folders: [FOLDER] });
const { main } = await import(pathToFileURL(join(ROOT, FOLDER, "main.js")).href);
process.exitCode = await main(process.argv.slice(3), ROOT);
