import { FORMAT_ISSUES } from "../messages/format-issues.ts";
import { issueAt, type Issue } from "./issue.ts";
import { SNAPSHOT_VERSION, type Coverage, type Source } from "./types.ts";

/** What each format has that the one before had not. A list is empty in an older file, a source was not looked into. */
const ADDED: Readonly<Record<number, { readonly lists: readonly string[]; readonly sources: readonly Source[] }>> = {
  2: {
    lists: ["threads", "descriptors", "mounts"],
    sources: [
      ...([
        "threads",
        "children",
        "descriptors",
        "sockets",
        "pidfds",
        "in-flight",
        "mount-tables",
        "file-systems",
      ] as const),
      ...([
        "hostnames",
        "clocks",
        "cgroup-roots",
        "interfaces",
        "user-limits",
        "ipc-use",
        "cgroups",
        "listing",
      ] as const),
    ],
  },
};

/**
 * A JSON value of an older format as the newest format has it; one that is of none stays as it is, for the schema to
 * judge. Sources are only ever added behind those that were there, so that places in issues stay those of the file.
 */
export function upgraded(json: unknown): { readonly json: unknown; readonly issues: readonly Issue[] } {
  const before = typeof json === "object" && json !== null ? { ...json } : {};
  const fields: Map<string, unknown> = new Map(Object.entries(before));
  const written = fields.get("version");
  if (typeof written !== "number" || (written !== SNAPSHOT_VERSION && ADDED[written + 1] === undefined)) {
    return { json, issues: [] };
  }
  const issues: Issue[] = [];
  for (let version = written; version < SNAPSHOT_VERSION; version++) {
    const { lists, sources } = ADDED[version + 1] ?? { lists: [], sources: [] };
    for (const list of lists) {
      if (fields.has(list)) issues.push(issueAt([list], FORMAT_ISSUES["unknown-field"], { version }));
      fields.set(list, []);
    }
    const coverage = fields.get("coverage");
    if (Array.isArray(coverage)) fields.set("coverage", [...coverage, ...sources.map(notLookedInto)]);
  }
  return written === SNAPSHOT_VERSION
    ? { json, issues }
    : { json: Object.fromEntries(fields.set("version", SNAPSHOT_VERSION)), issues };
}

const notLookedInto = (source: Source): Coverage => ({
  source,
  asked: 0,
  seen: 0,
  vanished: 0,
  refused: {},
  skipped: { why: "older-format" },
});
