import type { core, ZodType } from "zod";
import { MOST_ISSUES, type Issue } from "./issue.ts";
import { structureIssues } from "./structure-issues.ts";
import type { Snapshot } from "./types.ts";

export type Structure =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** The typed snapshot behind a JSON value, or what is wrong in its fields. */
export async function readStructure(json: unknown): Promise<Structure> {
  // zod takes longer to load than most commands run.
  const { frameSchema, recordSchemas } = await import("./schema.ts");
  const issues: Issue[] = [];
  const note = (found: readonly core.$ZodIssue[], above: readonly PropertyKey[]): void => {
    for (const issue of structureIssues(found, above)) {
      if (issues.length >= MOST_ISSUES) return;
      issues.push(issue);
    }
  };
  const records = <T>(list: string, values: readonly unknown[], schema: ZodType<T>): readonly T[] => {
    const read: T[] = [];
    for (const [nth, value] of values.entries()) {
      if (issues.length >= MOST_ISSUES) break;
      const record = schema.safeParse(value, { reportInput: true });
      if (record.success) read.push(record.data);
      else note(record.error.issues, [list, nth]);
    }
    return read;
  };

  const frame = frameSchema.safeParse(json, { reportInput: true });
  if (!frame.success) note(frame.error.issues, []);
  const lists = frame.success ? frame.data : listsOf(json);
  const read = {
    coverage: records("coverage", lists.coverage, recordSchemas.coverage),
    namespaces: records("namespaces", lists.namespaces, recordSchemas.namespaces),
    processes: records("processes", lists.processes, recordSchemas.processes),
    threads: records("threads", lists.threads, recordSchemas.threads),
    descriptors: records("descriptors", lists.descriptors, recordSchemas.descriptors),
    pins: records("pins", lists.pins, recordSchemas.pins),
    mounts: records("mounts", lists.mounts, recordSchemas.mounts),
    names: records("names", lists.names, recordSchemas.names),
  };
  const whole = frame.success && issues.length === 0;
  return whole ? { ok: true, snapshot: { ...frame.data, ...read } } : { ok: false, issues };
}

type ListName = "coverage" | "namespaces" | "processes" | "threads" | "descriptors" | "pins" | "mounts" | "names";

/** The lists that there are, of a value that is no snapshot: their records are checked all the same. */
function listsOf(json: unknown): Record<ListName, readonly unknown[]> {
  const list = (name: string): readonly unknown[] => {
    const value: unknown = typeof json === "object" && json !== null ? Reflect.get(json, name) : undefined;
    return Array.isArray(value) ? value : [];
  };
  return {
    coverage: list("coverage"),
    namespaces: list("namespaces"),
    processes: list("processes"),
    threads: list("threads"),
    descriptors: list("descriptors"),
    pins: list("pins"),
    mounts: list("mounts"),
    names: list("names"),
  };
}
