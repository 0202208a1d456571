import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseCgroup } from "../../procfs/cgroup.ts";
import { parseMountinfo } from "../../procfs/mountinfo.ts";
import { parseStat } from "../../procfs/stat.ts";

/**
 * The folder of a control group (version 2) that has these processes, maybe others below them, and nobody else; undefined: there
 * is none, or no freezer. Source: Documentation/admin-guide/cgroup-v2.rst, cgroup.freeze, since Linux 5.2.
 */
export function ownCgroup(pids: ReadonlySet<number>): string | undefined {
  const paths = [...pids].flatMap((pid) => pathOf(pid) ?? []);
  const [first] = paths;
  if (first === undefined) return undefined;
  const common = paths.reduce((above, path) => {
    let at = above;
    while (path !== at && !path.startsWith(`${at === "/" ? "" : at}/`)) at = dirname(at);
    return at;
  }, first);
  const mount = mountedAt();
  if (common === "/" || common.startsWith("/..") || mount === undefined) return undefined;
  const folder = join(mount, common);
  if (!existsSync(join(folder, "cgroup.freeze"))) return undefined;
  return membersOf(folder).every((pid) => isOf(pid, pids)) ? folder : undefined;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // The process has ended, or the group is gone.
    return undefined;
  }
}

function pathOf(pid: number): string | undefined {
  const lines = parseCgroup(read(`/proc/${pid}/cgroup`) ?? "");
  return lines.ok ? lines.value.find(({ hierarchy }) => hierarchy === 0)?.path : undefined;
}

function mountedAt(): string | undefined {
  const mounts = parseMountinfo(read("/proc/thread-self/mountinfo") ?? "");
  return mounts.ok
    ? mounts.value.find(({ fsType, root }) => fsType === "cgroup2" && root === "/")?.mountPoint
    : undefined;
}

function membersOf(folder: string): readonly number[] {
  const own = (read(join(folder, "cgroup.procs")) ?? "").split("\n").filter((line) => line !== "");
  const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...own.map(Number), ...below.flatMap(({ name }) => membersOf(join(folder, name)))];
}

/** One of them, or a child of theirs that came since. One that has ended is nobody's. 0: of a pid namespace elsewhere. */
function isOf(pid: number, pids: ReadonlySet<number>): boolean {
  for (let at = pid, steps = 0; at > 0 && steps < MOST_STEPS; steps++) {
    if (pids.has(at)) return true;
    const stat = parseStat(read(`/proc/${at}/stat`) ?? "");
    if (!stat.ok) return at === pid;
    at = stat.value.ppid;
  }
  return false;
}
const MOST_STEPS = 10_000;
