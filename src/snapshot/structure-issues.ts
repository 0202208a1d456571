import type { core } from "zod";
import { FORMAT_ISSUES, type JsonType } from "../messages/format-issues.ts";
import { faultAt, issueOf, type Fault, type Issue, type Path } from "./issue.ts";
import { SNAPSHOT_VERSION } from "./types.ts";

/** More names than these are not listed: whoever writes such a file has the schema. */
const MOST_LISTED = 16;

const TYPES: ReadonlyMap<string, JsonType> = new Map([
  ["string", "string"],
  // Format 1 has whole numbers only.
  ["number", "whole"],
  ["int", "whole"],
  ["boolean", "boolean"],
  ["null", "null"],
  ["array", "array"],
  ["object", "object"],
]);

/** What the schema found wrong, in our words. The values checked must be in the issues (`reportInput`). */
export function* structureIssues(found: readonly core.$ZodIssue[], above: Path): Generator<Issue> {
  for (const fault of structureFaults(found, above, SNAPSHOT_VERSION)) yield issueOf(fault);
}

/** The same of any format of ours, whose number is `version`. */
export function* structureFaults(found: readonly core.$ZodIssue[], above: Path, version: number): Generator<Fault> {
  for (const issue of found) {
    const path = [...above, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys) yield faultAt([...path, key], FORMAT_ISSUES["unknown-field"], { version });
    } else if (issue.code === "invalid_key") {
      yield faultAt(path, FORMAT_ISSUES["bad-form"], { form: issue.issues[0]?.message ?? issue.message });
    } else if (issue.code === "invalid_union" && issue.errors.length === 0) {
      yield noAlternative(issue, path);
    } else if (issue.code === "invalid_union") {
      yield* structureFaults(likeliest(issue.errors), path, version);
    } else {
      // JSON has no `undefined`: it is what the schema reads where a field is not there.
      yield issue.input === undefined ? faultAt(path, FORMAT_ISSUES.missing, {}) : describe(issue, path);
    }
  }
}

function describe(issue: Exclude<core.$ZodIssue, core.$ZodIssueUnrecognizedKeys>, path: Path): Fault {
  if (issue.code === "invalid_type") {
    const expected = TYPES.get(issue.expected) ?? "object";
    return faultAt(path, FORMAT_ISSUES["wrong-type"], { expected });
  }
  if (issue.code === "invalid_value") {
    const names = issue.values.slice(0, MOST_LISTED).map(String);
    const allowed = [...names, ...(issue.values.length > MOST_LISTED ? ["…"] : [])].join(", ");
    return faultAt(path, FORMAT_ISSUES["not-one-of"], { allowed });
  }
  if (issue.code === "too_small") return faultAt(path, FORMAT_ISSUES["too-small"], { least: String(issue.minimum) });
  if (issue.code === "too_big") {
    const most = String(issue.maximum);
    const sized = issue.origin === "string" || issue.origin === "array";
    return faultAt(path, FORMAT_ISSUES[sized ? "too-long" : "too-large"], { most });
  }
  // The message of a pattern in the schema is the form that it asks for.
  return faultAt(path, FORMAT_ISSUES["bad-form"], { form: issue.message });
}

/** A record whose one field that says what it is says nothing known. The path leads to that field. */
function noAlternative({ options = [], input }: NoAlternative, path: Path): Fault {
  const said: unknown = typeof input === "object" && input !== null ? Reflect.get(input, path.at(-1) ?? "") : undefined;
  if (said === undefined) return faultAt(path, FORMAT_ISSUES.missing, {});
  return faultAt(path, FORMAT_ISSUES["not-one-of"], { allowed: options.map(String).join(", ") });
}
type NoAlternative = Extract<core.$ZodIssue, { code: "invalid_union" }> & { readonly options?: readonly unknown[] };

/** Of the readings of a value, the one with the fewest faults: the one that was meant. The first where two have as few. */
function likeliest(readings: readonly (readonly core.$ZodIssue[])[]): readonly core.$ZodIssue[] {
  const faults = (reading: readonly core.$ZodIssue[]): number =>
    reading.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 1), 0);
  let best: readonly core.$ZodIssue[] = readings[0] ?? [];
  for (const reading of readings) if (faults(reading) < faults(best)) best = reading;
  return best;
}
