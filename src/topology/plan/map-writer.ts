import { hasCap } from "../../abi/capabilities.ts";
import type { MapFile } from "../../kernel/call.ts";
import type { IdExtent } from "../../procfs/id-map.ts";
import { setsOf } from "./credentials.ts";
import { MAP_PROGRAMS, type MapProgram } from "./map-programs.ts";
import type { Restorer } from "./restorer.ts";

const BY_FILE = { uid_map: "newuidmap", gid_map: "newgidmap" } as const satisfies Partial<Record<MapFile, MapProgram>>;

/** Which program has to write a map of a child of the restorer's own user namespace; undefined: the restorer itself may. */
export function programFor(
  { credentials }: Restorer,
  file: keyof typeof BY_FILE,
  map: readonly IdExtent[],
): MapProgram | undefined {
  const program = BY_FILE[file];
  if (hasCap(setsOf(credentials).effective, MAP_PROGRAMS[program].capability)) return undefined;
  const [only] = map;
  const own = file === "uid_map" ? credentials.uid : credentials.gid;
  const isOwn = map.length === 1 && only?.count === 1 && only.outside === own.effective;
  // One own gid the kernel takes once setgroups is denied; newgidmap would deny it, whatever the image says.
  return map.length === 0 || isOwn ? undefined : program;
}
