import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./sources.ts";

const SOURCES = ["src/kernel/model/world.ts", "src/rules/full-credentials.ts", "src/rules/view.ts"];
const RECORD = /^export interface (\w+)[^{]*\{\n([\s\S]*?)\n\}/gm;
const FIELD = /^ {2}readonly (\w+)\??:/gm;

/** The records that a world of the model is made of, as the sources declare them, each with its fields. */
export const MODEL_RECORDS: ReadonlyMap<string, readonly string[]> = new Map(
  SOURCES.flatMap((path) => [...readFileSync(join(ROOT, path), "utf8").matchAll(RECORD)])
    .map(([, name = "", body = ""]) => [name, [...body.matchAll(FIELD)].map(([, field = ""]) => field)] as const)
    .filter(([, fields]) => fields.length > 0),
);
