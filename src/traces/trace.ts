import type { Engine, QOS_CLASSES, TraceKind } from "./kinds.ts";
import type { PatternName } from "./patterns.ts";

/** One thing that something belongs to. */
export interface TracePart {
  readonly kind: TraceKind;
  readonly engine?: Engine;
  /** A container's whole id, a unit's whole name; never empty. Whoever made the folder chose it: print it with care. */
  readonly name: string;
  /** Of a Kubernetes pod. */
  readonly qos?: (typeof QOS_CLASSES)[number];
  /** The row of the table that knew it. */
  readonly pattern: PatternName;
}
