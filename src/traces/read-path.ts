import { QOS_CLASSES } from "./kinds.ts";
import { PATTERNS, SLICE, type Pattern, type PatternName } from "./patterns.ts";
import type { TracePart } from "./trace.ts";
import { unescapeUnit } from "./unescape.ts";

/** So many parts of a path are told, the outermost: whoever is inside may make as many folders as he likes. */
export const MOST_PARTS = 4;
/** What the kernel puts behind the path of a cgroup that was removed. Source: proc_cgroup_show. */
const REMOVED = / \(deleted\)$/;

type Row = readonly [PatternName, Pattern];
const ROWS: readonly Row[] = Object.entries(PATTERNS) as [keyof typeof PATTERNS, Pattern][];

/** What starts a hierarchy of its own: below it stand the units of another systemd, or what its user starts. */
const ROOTS: ReadonlySet<string> = new Set(["container", "machine", "user"]);
/** Folders that engines put between a container and what it does itself: nspawn, crun, Proxmox VE, lxc-attach. */
const BETWEEN: ReadonlySet<string> = new Set(["payload", "container", "ns", ".lxc"]);

/**
 * Whose a process is by its cgroup path: the outermost first, each next one made inside the one before and no more than
 * what that one says of itself. So a folder that a container makes never takes the place of the container's own. The path is
 * read from the viewer's cgroup root; folders above that are `..` and tell nothing.
 */
export function readCgroupPath(path: string): readonly TracePart[] {
  const parts: TracePart[] = [];
  let above = "";
  let slice: string | undefined;
  // Whether a systemd manager's unit may stand here.
  let isUnitPlace = true;
  for (const folder of foldersOf(path)) {
    const part = readFolder(folder, above, isUnitPlace);
    above = folder;
    if (part !== undefined) {
      parts.push(part);
      if (parts.length === MOST_PARTS) return parts;
      isUnitPlace = ROOTS.has(part.kind) || part.kind === "pod";
    } else if (SLICE.folder.test(folder)) {
      slice = folder;
    } else if (!BETWEEN.has(folder)) {
      isUnitPlace = false;
    }
  }
  if (parts.length > 0 || slice === undefined) return parts;
  return [{ kind: "slice", name: slice, pattern: "slice" }];
}

/** runc's form SLICE:PREFIX:NAME, made a folder where its cgroup driver was not systemd, is the scope it would have been. */
const JOINED = /^(?<slice>[^:]+\.slice):(?<prefix>[^:]+):(?<name>[^:]+)$/;

function* foldersOf(path: string): Generator<string> {
  for (const folder of path.replace(REMOVED, "").split("/")) {
    if (folder === "" || folder === "..") continue;
    const joined = JOINED.exec(folder)?.groups;
    if (joined === undefined) {
      yield folder;
      continue;
    }
    yield joined["slice"] ?? "";
    yield `${joined["prefix"]}-${joined["name"]}.scope`;
  }
}

function readFolder(folder: string, above: string, isUnitPlace: boolean): TracePart | undefined {
  for (const [pattern, row] of ROWS) {
    if (row.unit === true && !isUnitPlace) continue;
    const below = row.below?.exec(above);
    if (below === null) continue;
    const found = row.folder.exec(folder)?.groups;
    const written = found?.["name"];
    if (written === undefined) continue;
    return partOf(pattern, row, written, found?.["qos"] ?? below?.groups?.["qos"]);
  }
  return undefined;
}

function partOf(pattern: PatternName, row: Pattern, written: string, word: string | undefined): TracePart {
  const isKubernetes = row.engine === "kubernetes";
  const name = row.escaped === true ? unescapeUnit(written) : isKubernetes ? written.replaceAll("_", "-") : written;
  // A pod of the class Guaranteed lies in kubepods itself.
  const qos = isKubernetes ? (QOS_CLASSES.find((known) => known === word) ?? "guaranteed") : undefined;
  return {
    kind: row.kind,
    ...(row.engine === undefined ? {} : { engine: row.engine }),
    name,
    ...(qos === undefined ? {} : { qos }),
    pattern,
  };
}
