import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { notGranted, type Grant } from "../enter/granted-ids.ts";
import { outcomeOf } from "../kernel/live/outcome-of.ts";
import { parseIdMap, type IdExtent } from "../procfs/id-map.ts";
import type { RefusedStep } from "../topology/plan/dry-run.ts";
import { MAP_PROGRAMS, type MapProgram } from "../topology/plan/map-programs.ts";
import type { MapDeed, Step } from "../topology/plan/step.ts";

/** What the programs that write maps map for whoever restores; `user`: as their files name it. */
export interface Grants extends Readonly<Record<MapProgram, Grant>> {
  readonly user: string;
}

/** Why a program would not write a map: nobody has installed it, or ids are not the caller's. */
export function mapRefusal(step: Step & MapDeed, grants: () => Grants): RefusedStep | undefined {
  const { through: program } = step;
  if (program === undefined) return undefined;
  if (!isOnPath(program)) return { step, refused: { ok: false, errno: "ENOENT" }, lacks: { what: "program", program } };
  const { user, [program]: grant } = grants();
  const lacking = notGranted(extentsOf(step, program), grant);
  if (lacking.length === 0) return undefined;
  const lines = lacking.map(({ outside, count }) => `${user}:${outside}:${count}`);
  const lacks = { what: "grant", file: MAP_PROGRAMS[program].grants, lines } as const;
  return { step, refused: { ok: false, errno: "EPERM" }, lacks };
}

function extentsOf({ text }: MapDeed, program: MapProgram): readonly IdExtent[] {
  const parsed = parseIdMap(text, MAP_PROGRAMS[program].file);
  if (!parsed.ok) throw new Error(`a plan's map is none: ${text}`);
  return parsed.value;
}

const isOnPath = (program: string): boolean =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .some((folder) => outcomeOf(() => accessSync(join(folder, program), constants.X_OK)).ok);
