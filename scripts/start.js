import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { removeNpmLeftovers } from "./npm-leftovers.js";
import { prepare, ROOT } from "./prepare.js";

removeNpmLeftovers(ROOT);
await prepare();

// npm runs its scripts in the clone; the user's file names are meant from where npm was called.
const words = process.argv.slice(3);
const program = spawn(process.execPath, [join(ROOT, "dist", "cli.cjs"), ...(words.length > 0 ? words : ["start"])], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdio: "inherit",
});
// The terminal sends these to the program as well; it decides what they mean.
for (const signal of ["SIGINT", "SIGQUIT"]) process.on(signal, () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => program.kill(signal));
program.on("exit", (code, signal) => {
  process.exitCode = signal === null ? code : 128 + constants.signals[signal];
});
