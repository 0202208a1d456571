import { resolve } from "node:path";
import { say } from "./explained.js";
import { makeExecutable } from "./make-executable.js";
import { prepare, ROOT } from "./prepare.js";

await prepare();
const file = resolve(process.argv[3] ?? `nsatlas-${process.platform}-${process.arch}`);
await makeExecutable(ROOT, file);
say(`${file} is nsatlas with Node ${process.versions.node} in one file`);
