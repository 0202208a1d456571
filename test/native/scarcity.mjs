// Scans with little memory or few descriptors left, and prints what came of it: -errno, or "seen". What is scarce is so
// for this process alone. Words: the addon's path, `memory` or `descriptors`, how much is left.
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { createRequire } from "node:module";

const native = createRequire(import.meta.url)(process.argv[2]);
const limit = (what, least) => spawnSync("prlimit", ["--pid", String(process.pid), `--${what}=${least}:`]);
const proc = native.openat(-100, "/proc", 0);

async function scan() {
  const result = await native.scanProc(proc, 7, 4096, 65536);
  writeSync(1, `${typeof result === "number" ? result : "seen"}\n`);
}
// What Node itself takes for it, it has then.
await scan();

const [scarce, left] = [process.argv[3], Number(process.argv[4])];
if (scarce === "memory") {
  const [, kilobytes] = /VmSize:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"));
  limit("as", Number(kilobytes) * 1024 + left);
} else {
  const next = openSync("/dev/null");
  closeSync(next);
  limit("nofile", next + left);
}
await scan();
process.exit(0);
