import { constants, readFileSync } from "node:fs";
import { join } from "node:path";
import { CONSTANTS } from "../abi/constants.ts";
import * as calls from "../kernel/live/holder-calls.ts";
import { byTelling, parseCgroup, tellingPath, type CgroupLine } from "../procfs/cgroup.ts";
import { parseMountinfo, type MountRecord } from "../procfs/mountinfo.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import { makeFolder } from "./carry-pin.ts";

/** Where a control group's folder is: of the hierarchy that says most about where a process belongs. */
export function cgroupFolder(root: string): string | undefined {
  const hierarchy = mountedHierarchy();
  if (hierarchy === undefined) return undefined;
  // What whoever restores shows as its own may be its path in another hierarchy.
  const path = root === tellingPath(linesOf("self")) ? hierarchy.line.path : root;
  return join(hierarchy.mountPoint, path);
}

/** Moves a process there, and makes the control group where it is missing. Whoever is there already stays. */
export function carryCgroup(by: calls.Caller, pid: number, root: string): Outcome<unknown> {
  if (tellingPath(linesOf(String(pid))) === root) return ok(0);
  const folder = cgroupFolder(root);
  if (folder === undefined) return refused("ENODEV");
  const made = makeFolder(by, folder);
  if (!made.ok) return made;
  const flags = constants.O_WRONLY | CONSTANTS.O_CLOEXEC;
  const written = calls.writeFile(by, join(folder, "cgroup.procs"), String(pid), flags);
  return written.write ?? written.open;
}

function linesOf(pid: string): readonly CgroupLine[] {
  const parsed = parseCgroup(readFileSync(`/proc/${pid}/cgroup`, "utf8"));
  return parsed.ok ? parsed.value : [];
}

/** The first that is mounted as a whole, in the order in which they are asked where a process belongs. */
function mountedHierarchy(): { readonly mountPoint: string; readonly line: CgroupLine } | undefined {
  const mounts = parseMountinfo(readFileSync("/proc/thread-self/mountinfo", "latin1"));
  if (!mounts.ok) return undefined;
  for (const line of byTelling(linesOf("self"))) {
    const found = mounts.value.find((mount) => mount.root === "/" && isOf(mount, line));
    if (found !== undefined) return { mountPoint: found.mountPoint, line };
  }
  return undefined;
}

function isOf({ fsType, superOptions }: MountRecord, { controllers }: CgroupLine): boolean {
  if (controllers.length === 0) return fsType === "cgroup2";
  const options = new Set(superOptions.split(","));
  return fsType === "cgroup" && controllers.every((name) => options.has(name));
}
