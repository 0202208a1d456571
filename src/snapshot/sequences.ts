import { FORMAT_ISSUES } from "../messages/format-issues.ts";
import { issueAt, type Issue } from "./issue.ts";
import { toJson } from "./json-text.ts";
import {
  compareDescriptors,
  compareNamespaces,
  comparePins,
  compareSources,
  compareText,
  compareThreads,
} from "./order.ts";
import { SOURCES, type Snapshot } from "./types.ts";

/** Records that are there twice or out of order, and sources of coverage that are not there. */
export function* sequenceIssues(snapshot: Snapshot): Generator<Issue> {
  const { coverage, namespaces, processes, threads, descriptors, pins, mounts, names } = snapshot;
  const sources = new Set(coverage.map(({ source }) => source));
  for (const source of SOURCES) {
    if (!sources.has(source)) yield issueAt(["coverage"], FORMAT_ISSUES["source-missing"], { source });
  }
  yield* repeats("coverage", coverage, ({ source }) => source);
  yield* disorder("coverage", coverage, (a, b) => compareSources(a.source, b.source));
  yield* repeats("namespaces", namespaces, ({ id }) => id);
  yield* repeats("namespaces", namespaces, ({ uniqueId }) => (uniqueId === undefined ? undefined : `id:${uniqueId}`));
  yield* disorder("namespaces", namespaces, compareNamespaces);
  yield* repeats("processes", processes, ({ pid }) => `PID ${pid}`);
  yield* disorder("processes", processes, (a, b) => a.pid - b.pid);
  yield* repeats("threads", threads, ({ tid }) => `TID ${tid}`);
  yield* disorder("threads", threads, compareThreads);
  yield* repeats("descriptors", descriptors, ({ pid, tid = pid, fd }) => `descriptor ${fd} of ${tid}`);
  yield* disorder("descriptors", descriptors, compareDescriptors);
  yield* repeats("pins", pins, ({ mountId }) => `mountId ${mountId}`);
  yield* disorder("pins", pins, comparePins);
  yield* repeats("mounts", mounts, ({ mountId }) => `mountId ${mountId}`);
  yield* disorder("mounts", mounts, comparePins);
  yield* repeats("names", names, ({ name }) => toJson(name));
  yield* disorder("names", names, (a, b) => compareText(a.name, b.name));
}

function* repeats<T>(list: string, records: readonly T[], keyOf: (record: T) => string | undefined): Generator<Issue> {
  const seen = new Set<string>();
  for (const [nth, record] of records.entries()) {
    const key = keyOf(record);
    if (key === undefined) continue;
    if (seen.has(key)) yield issueAt([list, nth], FORMAT_ISSUES["there-before"], { what: key });
    seen.add(key);
  }
}

function* disorder<T>(list: string, records: readonly T[], compare: (a: T, b: T) => number): Generator<Issue> {
  for (const [nth, record] of records.entries()) {
    const previous = nth === 0 ? undefined : records[nth - 1];
    if (previous === undefined || compare(previous, record) <= 0) continue;
    yield issueAt([list, nth], FORMAT_ISSUES["out-of-order"], { previous: `${list}[${nth - 1}]` });
  }
}
