/** What becomes of a fact that an image cannot hold. */
export const FINDING_CLASSES = {
  identity: "recorded for people, never compared",
  degraded: "warned of, left out of the comparison; refused with --strict",
  refuse: "the checkpoint, or the restore, stops before anything happens",
} as const;
export type FindingClass = keyof typeof FINDING_CLASSES;

/** One fact about one element. The codes and their sentences are rows of `src/messages/topology.ts`. */
export interface Finding {
  readonly class: FindingClass;
  /** The label of a namespace or process; a pin's path; absent: the whole image. */
  readonly element?: string;
  readonly code: string;
  /** What the sentence needs: names, numbers, an errno. */
  readonly details: Readonly<Record<string, string>>;
}
