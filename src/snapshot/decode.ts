import { FormatError } from "../errors.ts";
import { FORMAT_ISSUES, FORMAT_SUMMARY, NEWER_FORMAT_SUMMARY } from "../messages/format-issues.ts";
import type { Language } from "../messages/sentence.ts";
import { inconsistencies } from "./consistency.ts";
import { issueAt, issueInText, MOST_ISSUES, type Issue } from "./issue.ts";
import { field } from "./json-field.ts";
import { jsonFault, MOST_LEVELS, MOST_MEMBERS, placeOf } from "./json-syntax.ts";
import { toJson } from "./json-text.ts";
import { readStructure } from "./read-structure.ts";
import { upgraded } from "./upgrade.ts";
import { SNAPSHOT_FORMAT, SNAPSHOT_VERSION, type Snapshot } from "./types.ts";

/** A snapshot, or everything that keeps a text from being one. */
export type Decoded =
  | { readonly ok: true; readonly snapshot: Snapshot }
  | { readonly ok: false; readonly newer: boolean; readonly issues: readonly Issue[] };

/**
 * Reads a snapshot from a text that anybody may have written. The format's number comes first: of a newer format nothing else
 * is judged. Then each step finds every issue there is, up to MOST_ISSUES, before the next begins: JSON, fields, records
 * among each other. Time and memory are linear in the text's length.
 */
export async function readSnapshot(text: string): Promise<Decoded> {
  const fault = jsonFault(text);
  if (fault !== undefined) return damaged([syntaxIssue(text, fault)]);
  const json: unknown = JSON.parse(text);

  const format = SNAPSHOT_FORMAT;
  if (field(json, "format") !== format)
    return damaged([issueAt(["format"], FORMAT_ISSUES["not-a-snapshot"], { format })]);
  const newer = newerFormat(json);
  if (newer !== undefined) return { ok: false, newer: true, issues: [newer] };
  const current = upgraded(json);
  const structure = await readStructure(current.json);
  if (!structure.ok || current.issues.length > 0)
    return damaged([...current.issues, ...(structure.ok ? [] : structure.issues)].slice(0, MOST_ISSUES));

  const issues: Issue[] = [];
  for (const issue of inconsistencies(structure.snapshot)) if (issues.push(issue) === MOST_ISSUES) break;
  return issues.length > 0 ? damaged(issues) : structure;
}

/** The same for callers who cannot go on without: a FormatError has the issues in the language asked for. */
export async function decodeSnapshot(text: string, language: Language = "en"): Promise<Snapshot> {
  const decoded = await readSnapshot(text);
  if (decoded.ok) return decoded.snapshot;
  const issues = decoded.issues.map(({ place, message }) => ({ path: place[language], message: message[language] }));
  const summary = decoded.newer
    ? NEWER_FORMAT_SUMMARY[language]
    : FORMAT_SUMMARY[language]({ issues: issues.length, more: issues.length >= MOST_ISSUES });
  throw new FormatError(summary, issues);
}

const damaged = (issues: readonly Issue[]): Decoded => ({ ok: false, newer: false, issues });

/** A text that is no JSON: where, and what stands there. */
export function syntaxIssue(text: string, { offset, problem }: NonNullable<ReturnType<typeof jsonFault>>): Issue {
  const at = placeOf(text, offset);
  if (problem === "ends-early") return issueInText(at, FORMAT_ISSUES["json-ends-early"], {});
  if (problem === "too-deep") return issueInText(at, FORMAT_ISSUES["json-too-deep"], { most: MOST_LEVELS });
  if (problem === "too-many") return issueInText(at, FORMAT_ISSUES["json-too-many"], { most: MOST_MEMBERS });
  return issueInText(at, FORMAT_ISSUES["json-unexpected"], {
    found: toJson(String.fromCodePoint(text.codePointAt(offset) ?? 0)),
  });
}

/** Versions as npm has them; anything else in a file is not repeated to the user. */
const VERSION = /^\d{1,6}\.\d{1,6}\.\d{1,6}(?:-[0-9A-Za-z.]{1,32})?$/;

function newerFormat(json: unknown): Issue | undefined {
  const version = field(json, "version");
  if (typeof version !== "number" || !Number.isSafeInteger(version) || version <= SNAPSHOT_VERSION) return undefined;
  const written = field(field(json, "producer"), "version");
  const producer = typeof written === "string" && VERSION.test(written) ? written : undefined;
  return issueAt(["version"], FORMAT_ISSUES["newer-format"], { version, reads: SNAPSHOT_VERSION, producer });
}
