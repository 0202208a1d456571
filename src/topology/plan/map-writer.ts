import { hasCap } from "../../abi/capabilities.ts";
import type { MapFile } from "../../kernel/call.ts";
import type { IdExtent } from "../../procfs/id-map.ts";
import { setsOf } from "./credentials.ts";
import { MAP_PROGRAMS, PROGRAM_BY_FILE, type MapProgram } from "./map-programs.ts";
import type { Restorer } from "./restorer.ts";

/** Which program has to write a map of a child of the restorer's own user namespace; undefined: the restorer itself may. */
export function programFor({ credentials }: Restorer, file: MapFile, map: readonly IdExtent[]): MapProgram | undefined {
  const program = PROGRAM_BY_FILE.get(file);
  if (program === undefined || hasCap(setsOf(credentials).effective, MAP_PROGRAMS[program].capability))
    return undefined;
  const [only] = map;
  const own = file === "uid_map" ? credentials.uid : credentials.gid;
  const isOwn = map.length === 1 && only?.count === 1 && only.outside === own.effective;
  // One own gid the kernel takes once setgroups is denied; newgidmap would deny it, whatever the image says.
  return map.length === 0 || isOwn ? undefined : program;
}
