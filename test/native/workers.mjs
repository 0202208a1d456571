// Scans in workers that are ended while they scan: what a scan holds is given back all the same.
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const ROUNDS = 40;
const path = isMainThread ? process.argv[2] : workerData;
const native = createRequire(import.meta.url)(path);

async function scan() {
  const proc = native.openat(-100, "/proc", 0);
  const scans = [7, 0, 7, 0].map((wish) => native.scanProc(proc, wish, 4096, 65536));
  native.close(proc);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is the browser's postMessage
  parentPort?.postMessage("scanning");
  for (const result of await Promise.all(scans)) if (typeof result === "number") throw new Error(`scan gave ${result}`);
}

if (isMainThread) {
  await scan();
  // Node's own descriptors for workers are made with the first of them, and its file system threads too.
  await round(0);
  const before = readdirSync("/proc/self/fd").length;
  for (let at = 1; at <= ROUNDS; at++) await round(at);
  const after = readdirSync("/proc/self/fd").length;
  console.log(after === before ? "no descriptor more than before" : `${before} descriptors before, ${after} after`);
} else {
  await scan();
}

async function round(at) {
  const worker = new Worker(new URL(import.meta.url), { workerData: path });
  await new Promise((resolve) => worker.once("message", resolve));
  // At once, a little later, or when it is done.
  await new Promise((resolve) => setTimeout(resolve, at % 4));
  await worker.terminate();
}
