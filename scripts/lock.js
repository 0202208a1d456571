import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Explained, say } from "./explained.js";

const POLL_MS = 100;

/** Runs `work` while no other process of this clone does its own: two `npm ci` at a time would undo each other. */
export async function alone(file, work) {
  let told = false;
  while (!take(file)) {
    const holder = holderOf(file);
    // Whoever was stopped in the middle left the file behind.
    if (holder !== undefined && !isAlive(holder)) rmSync(file, { force: true });
    else {
      if (!told)
        say(`another process${holder === undefined ? "" : ` (${holder})`} is preparing this clone; waiting for it`);
      told = true;
      await sleep(POLL_MS);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw new Explained(`this clone has to be prepared first, which needs leave to write to it (${error.message})`);
  }
}

/** The pid in the file; undefined where it has just been let go, or taken and not yet written. */
function holderOf(file) {
  try {
    return Number.parseInt(readFileSync(file, "utf8"), 10) || undefined;
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
