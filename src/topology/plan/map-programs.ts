import type { Capability } from "../../abi/capabilities.ts";
import type { MapFile } from "../../kernel/call.ts";

/**
 * The set-user-ID programs that write a map for whoever lacks the capability: of the ids that a file grants, and the own one.
 * Source: newuidmap(1), newgidmap(1), subuid(5), subgid(5).
 */
export const MAP_PROGRAMS = {
  newuidmap: { file: "uid_map", capability: "CAP_SETUID", grants: "/etc/subuid" },
  newgidmap: { file: "gid_map", capability: "CAP_SETGID", grants: "/etc/subgid" },
} as const satisfies Record<string, { file: MapFile; capability: Capability; grants: string }>;
export type MapProgram = keyof typeof MAP_PROGRAMS;
const PROGRAMS = Object.keys(MAP_PROGRAMS) as readonly MapProgram[];
/** None writes a map of project ids. */
export const PROGRAM_BY_FILE: ReadonlyMap<MapFile, MapProgram> = new Map(
  PROGRAMS.map((program) => [MAP_PROGRAMS[program].file, program]),
);
