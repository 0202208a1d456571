import { S32_MAX, unsigned } from "./decimal.ts";
import { parseLines, type Parsed } from "./parsed.ts";

/** A process's place in one cgroup hierarchy. */
export interface CgroupLine {
  /** 0 is the unified hierarchy (version 2); others are numbered as they were mounted. */
  readonly hierarchy: number;
  /** `cpu`, `memory` …, or `name=systemd`; none in the unified hierarchy. */
  readonly controllers: readonly string[];
  /** Below the root of the reader's cgroup namespace: begins with `/..` where it lies outside. */
  readonly path: string;
}

/** Reads the whole text of /proc/PID/cgroup. Source: kernel/cgroup/cgroup.c proc_cgroup_show, cgroups(7). */
export const parseCgroup = (text: string): Parsed<readonly CgroupLine[]> =>
  parseLines(text, { file: "cgroup", expected: "HIERARCHY:[CONTROLLER,…]:PATH", parse: parseLine });

export const formatCgroup = (lines: readonly CgroupLine[]): string =>
  lines.map(({ hierarchy, controllers, path }) => `${hierarchy}:${controllers.join(",")}:${path}\n`).join("");

/** A path may hold colons, and no newline: the kernel refuses such a folder for this file's sake. */
function parseLine(line: string): CgroupLine | undefined {
  const first = line.indexOf(":");
  const second = line.indexOf(":", first + 1);
  if (first < 0 || second < 0) return undefined;
  const hierarchy = unsigned(line.slice(0, first), S32_MAX);
  const [controllers, path] = [line.slice(first + 1, second), line.slice(second + 1)];
  if (hierarchy === undefined || !path.startsWith("/")) return undefined;
  return { hierarchy, controllers: controllers === "" ? [] : controllers.split(","), path };
}

const TOP = "/";
const UNIFIED = 0;

/**
 * The one path that says most about where a process belongs: the first that is not `/` of the unified hierarchy, then
 * systemd's named one, then other named ones, then the controllers' in the order of their numbers. Machines that mount
 * both versions keep services in one of them and leave the other at `/`. Undefined without any line.
 */
export function tellingPath(lines: readonly CgroupLine[]): string | undefined {
  const byRank = byTelling(lines);
  return (byRank.find(({ path }) => path !== TOP) ?? byRank[0])?.path;
}

/** The unified hierarchy first, then systemd's named one, then other named ones, then the controllers' by number. */
export const byTelling = (lines: readonly CgroupLine[]): readonly CgroupLine[] =>
  lines.toSorted((a, b) => rank(a) - rank(b) || a.hierarchy - b.hierarchy);

function rank({ hierarchy, controllers: [first] }: CgroupLine): number {
  if (hierarchy === UNIFIED) return 0;
  if (first === "name=systemd") return 1;
  return first?.startsWith("name=") === true ? 2 : 3;
}
