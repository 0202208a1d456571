import type { ZodType } from "zod";
import { FormatError } from "../../errors.ts";
import { FORMAT_ISSUES } from "../../messages/format-issues.ts";
import type { Language } from "../../messages/sentence.ts";
import { NEWER_TOPOLOGY, TOPOLOGY_ISSUES, TOPOLOGY_SUMMARY } from "../../messages/topology-issues.ts";
import { syntaxIssue } from "../../snapshot/decode.ts";
import { issueAt, issueOf, MOST_ISSUES, type Fault, type Issue } from "../../snapshot/issue.ts";
import { field } from "../../snapshot/json-field.ts";
import { jsonFault } from "../../snapshot/json-syntax.ts";
import { structureFaults } from "../../snapshot/structure-issues.ts";
import { topologyFaults } from "../laws/laws.ts";
import { TOPOLOGY_FORMAT, TOPOLOGY_VERSION, type Topology } from "../topology.ts";

/** An image, or everything that keeps a text from being one. */
export type DecodedTopology =
  | { readonly ok: true; readonly topology: Topology }
  | { readonly ok: false; readonly newer: boolean; readonly issues: readonly Issue[] };

/**
 * Reads an image from a text that anybody may have written. The format's number comes first: of a newer format nothing else is
 * judged. Then each step finds every issue there is, up to MOST_ISSUES, before the next begins: JSON, fields, records
 * among each other. Time and memory are linear in the text's length.
 */
export async function readTopology(text: string): Promise<DecodedTopology> {
  const fault = jsonFault(text);
  if (fault !== undefined) return damaged([syntaxIssue(text, fault)]);
  const json: unknown = JSON.parse(text);
  const format = TOPOLOGY_FORMAT;
  if (field(json, "format") !== format)
    return damaged([issueAt(["format"], TOPOLOGY_ISSUES["not-an-image"], { format })]);
  const version = field(json, "version");
  if (typeof version === "number" && Number.isSafeInteger(version) && version > TOPOLOGY_VERSION) {
    const about = { version, reads: TOPOLOGY_VERSION, producer: undefined };
    return { ok: false, newer: true, issues: [issueAt(["version"], FORMAT_ISSUES["newer-format"], about)] };
  }
  const structure = await readStructure(json);
  if (!structure.ok) return damaged(structure.faults.map(issueOf));
  const issues: Issue[] = [];
  for (const wrong of topologyFaults(structure.topology)) if (issues.push(issueOf(wrong)) === MOST_ISSUES) break;
  return issues.length > 0 ? damaged(issues) : structure;
}

/** The same for callers who cannot go on without: a FormatError has the issues in the language asked for. */
export async function decodeTopology(text: string, language: Language = "en"): Promise<Topology> {
  const decoded = await readTopology(text);
  if (decoded.ok) return decoded.topology;
  throw damageError(decoded, language);
}

export function damageError(
  { issues: found, newer }: Extract<DecodedTopology, { ok: false }>,
  language: Language,
): FormatError {
  const issues = found.map(({ place, message }) => ({ path: place[language], message: message[language] }));
  const summary = newer
    ? NEWER_TOPOLOGY[language]({})
    : TOPOLOGY_SUMMARY[language]({ issues: issues.length, more: issues.length >= MOST_ISSUES });
  return new FormatError(summary, issues);
}

/** Whether a text is an image, well or damaged, and nothing that somebody wrote by hand. */
export function isImage(text: string): boolean {
  if (text.includes(`"${TOPOLOGY_FORMAT}"`)) return true;
  return jsonFault(text) === undefined && field(JSON.parse(text), "format") !== undefined;
}

const damaged = (issues: readonly Issue[]): DecodedTopology => ({ ok: false, newer: false, issues });

type Structure =
  | { readonly ok: true; readonly topology: Topology }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** The typed image behind a JSON value, or what is wrong in its fields: record by record, so that issues stay few. */
async function readStructure(json: unknown): Promise<Structure> {
  // zod takes longer to load than most commands run.
  const schema = await import("./schema.ts");
  const faults: Fault[] = [];
  const records = <T>(list: RecordList, values: readonly unknown[], one: ZodType<T>): readonly T[] => {
    const read: T[] = [];
    for (const [nth, value] of values.entries()) {
      if (faults.length >= MOST_ISSUES) break;
      const record = one.safeParse(value, { reportInput: true });
      if (record.success) read.push(record.data);
      else faults.push(...structureFaults(record.error.issues, [list, nth], TOPOLOGY_VERSION));
    }
    return read;
  };
  const frame = schema.frameSchema.safeParse(json, { reportInput: true });
  if (!frame.success) faults.push(...structureFaults(frame.error.issues, [], TOPOLOGY_VERSION));
  const listed = (list: RecordList): readonly unknown[] => {
    const values = field(json, list);
    return Array.isArray(values) ? values : [];
  };
  const read = {
    namespaces: records("namespaces", listed("namespaces"), schema.namespaceSchema),
    processes: records("processes", listed("processes"), schema.processSchema),
    pins: records("pins", listed("pins"), schema.pinSchema),
    findings: records("findings", listed("findings"), schema.findingSchema),
  };
  if (!frame.success || faults.length > 0) return { ok: false, faults: faults.slice(0, MOST_ISSUES) };
  return { ok: true, topology: { ...frame.data, ...read } };
}
type RecordList = "namespaces" | "processes" | "pins" | "findings";
