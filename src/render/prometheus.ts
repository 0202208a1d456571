import { KINDS } from "../abi/namespace-kinds.ts";
import { holderKindsOf } from "../snapshot/holding.ts";
import type { Gap } from "../snapshot/gaps.ts";
import type { LeakJudgement } from "../snapshot/leaks.ts";
import { SOURCES } from "../snapshot/types.ts";
import { count } from "./group.ts";

/** One metric: its samples differ by labels alone. */
interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}
interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * What `leaks` found in the text format 0.0.4 that Prometheus reads, for the textfile collector of its node exporter. Labels
 * are words of our own tables: however many namespaces there are, there are as many samples, and each is there at every run, 0
 * where there is none. Source: prometheus.io/docs/instrumenting/exposition_formats.
 */
export function leaksMetrics(judgement: LeakJudgement, gaps: readonly Gap[], takenAt: Date): string {
  return metricsText([
    {
      name: "nsatlas_leaked_namespaces",
      help: "Namespaces without a process, by kind and by what most surely holds them (none: nobody visible).",
      samples: leakedSamples(judgement),
    },
    {
      name: "nsatlas_leaked_namespaces_unknown",
      help: "Namespaces in which no process was seen, though not every process was looked into.",
      samples: unknownSamples(judgement),
    },
    {
      name: "nsatlas_leaked_namespaces_oldest_seconds",
      help: "For how long, at least, the oldest leaked namespace of the kind has been there; 0 where nothing tells.",
      samples: oldestSamples(judgement),
    },
    {
      name: "nsatlas_source_incomplete",
      help: "Whether a source of namespaces and holders was refused, left out or not supported (1) or read whole (0).",
      samples: gapSamples(gaps),
    },
    {
      name: "nsatlas_look_timestamp_seconds",
      help: "When it was looked, in seconds after 1970.",
      samples: [{ labels: {}, value: takenAt.getTime() / 1000 }],
    },
  ]);
}

function leakedSamples({ found }: LeakJudgement): Sample[] {
  const leaked = found.filter(({ state }) => state === "leaked");
  const counts = count(leaked.map(({ namespace, holders }) => `${namespace.kind} ${holders[0]?.kind ?? "none"}`));
  return KINDS.flatMap((kind) =>
    // What a process or a thread is in is no leak.
    [...holderKindsOf(kind), "none"]
      .filter((holder) => holder !== "process" && holder !== "thread")
      .map((holder) => ({ labels: { kind, holder }, value: counts.get(`${kind} ${holder}`) ?? 0 })),
  );
}

function unknownSamples({ found }: LeakJudgement): Sample[] {
  const counts = count(found.flatMap(({ state, namespace }) => (state === "unknown" ? [namespace.kind] : [])));
  return KINDS.map((kind) => ({ labels: { kind }, value: counts.get(kind) ?? 0 }));
}

function oldestSamples({ found }: LeakJudgement): Sample[] {
  const oldest = new Map<string, number>();
  for (const { state, namespace, atLeastSeconds = 0 } of found) {
    if (state !== "leaked") continue;
    oldest.set(namespace.kind, Math.max(oldest.get(namespace.kind) ?? 0, atLeastSeconds));
  }
  return KINDS.map((kind) => ({ labels: { kind }, value: oldest.get(kind) ?? 0 }));
}

function gapSamples(gaps: readonly Gap[]): Sample[] {
  const incomplete = new Set(gaps.map(({ source }) => source));
  return SOURCES.map((source) => ({ labels: { source }, value: incomplete.has(source) ? 1 : 0 }));
}

const metricsText = (metrics: readonly Metric[]): string =>
  metrics
    .map(({ name, help, samples }) =>
      [
        `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n`,
        `# TYPE ${name} gauge\n`,
        ...samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}\n`),
      ].join(""),
    )
    .join("");

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escaped = (value: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
