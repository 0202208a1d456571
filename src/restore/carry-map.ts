import { spawnSync } from "node:child_process";
import { isErrnoName } from "../abi/errnos.ts";
import { writeMap } from "../kernel/live/actor-maps.ts";
import type { Caller } from "../kernel/live/holder-calls.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import type { MapDeed } from "../topology/plan/step.ts";
import type { Site } from "./site.ts";

/** newuidmap asks for the caller's name and ranges, which a directory service may take its time for. */
const LIMIT_MS = 5000;

/**
 * Writes a map; or has it written by a program, which says in its own words why it does not (EPERM). ETIMEDOUT: it came to no end.
 */
export function carryMap(site: Site, by: Caller, deed: MapDeed): Outcome<unknown> {
  const { of, file, text, through } = deed;
  const pid = site.pidOf(of);
  if (through === undefined) return writeMap(by, `/proc/${pid}/${file}`, text);
  // The numbers one by one, as newuidmap(1) takes them.
  const words = [String(pid), ...text.split(/\s+/).filter(Boolean)];
  const { error, status } = spawnSync(through, words, {
    stdio: ["ignore", "ignore", "inherit"],
    timeout: LIMIT_MS,
    killSignal: "SIGKILL",
  });
  if (error !== undefined) {
    const code = "code" in error ? String(error.code) : "";
    if (!isErrnoName(code)) throw error;
    return refused(code);
  }
  return status === 0 ? ok(0) : refused("EPERM");
}
