// The bulk scan beside the lower bound in C, over the same processes in one run: `node bench/scan.mjs [PROCESSES]`.
// Needs gcc and, for the namespaces that a fifth of the processes have of their own, root.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROUNDS = 15;
const here = import.meta.dirname;
const addon = join(here, "../prebuilds", `linux-${process.arch}`, "nsatlas.node");
const native = createRequire(import.meta.url)(addon);
const folder = mkdtempSync(join(tmpdir(), "nsatlas-bench-"));

const compile = (name) => {
  const program = join(folder, name);
  execFileSync("gcc", ["-O2", "-pthread", "-o", program, join(here, `${name}.c`)]);
  return program;
};

function lowerBound(program, mode) {
  const { stderr } = spawnSync(program, [mode], { encoding: "utf8" });
  return Number(/us\/proc=([\d.]+)/.exec(stderr)?.[1]);
}

async function scan(proc, wish, threads = 0, descriptors = 0) {
  const start = performance.now();
  const { count } = await native.scanProc(proc, wish, threads, descriptors);
  return ((performance.now() - start) * 1000) / count;
}

const load = spawn(compile("mkload"), ["-n", process.argv[2] ?? "5000", "-s", "20"], {
  stdio: ["pipe", "pipe", "inherit"],
});
try {
  const lb = compile("lb");
  await new Promise((resolve) => load.stdout.once("data", resolve));
  const proc = native.openat(-100, "/proc", 0);
  const rows = [
    ["lower bound: 8 links", () => lowerBound(lb, "readlink")],
    ["lower bound: stat, 8 links, command line", () => lowerBound(lb, "full")],
    ["scanProc: stat, owner, 10 links", () => scan(proc, 0)],
    ["scanProc: and command line", () => scan(proc, 1)],
    ["scanProc: and cgroup", () => scan(proc, 3)],
    ["scanProc: and every device", () => scan(proc, 7)],
  ];
  // In turns, so that whatever else the machine does meets all alike; the quickest of the rounds counts.
  const best = rows.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [row, [, measure]] of rows.entries()) best[row] = Math.min(best[row], await measure());
  }
  for (const [row, [name]] of rows.entries()) console.log(`${name.padEnd(44)}${best[row].toFixed(1)} us a process`);
} finally {
  load.stdin.end();
  rmSync(folder, { recursive: true });
}
