import type { ErrnoName } from "../abi/errnos.ts";

/** Where evidence comes from. Each source has one row of coverage in every snapshot. */
export const SOURCES = [
  "processes",
  "links",
  "identities",
  "mounts",
  "names",
  "relations",
  "maps",
  "threads",
  "children",
  "descriptors",
  "sockets",
  "pidfds",
  "in-flight",
  "mount-tables",
  "file-systems",
  "hostnames",
  "clocks",
  "cgroup-roots",
  "interfaces",
  "user-limits",
  "ipc-use",
  "cgroups",
  "listing",
] as const;
export type Source = (typeof SOURCES)[number];

/** How far one source could be read. asked = seen + vanished + the refused. */
export interface Coverage {
  readonly source: Source;
  readonly asked: number;
  readonly seen: number;
  readonly vanished: number;
  readonly refused: Readonly<Partial<Record<ErrnoName, number>>>;
  /** The whole source is missing: the kernel (or the machine) has no such thing, and since when kernels have. */
  readonly unsupported?: { readonly errno: ErrnoName; readonly since?: string };
  /** What was not even asked: these are not among `asked`. */
  readonly skipped?: Skipped;
  /** What else a reader should know, as a key of the coverage notes in `messages/`. */
  readonly notes?: readonly CoverageNote[];
}
/** `count` is absent where nobody knows how much it would have been. */
export interface Skipped {
  readonly why: SkipReason;
  readonly count?: number;
}
/**
 * unwanted: whoever looked left the source out. costly: there were more than are read without being asked for. no-call:
 * the kernel has no call that would show it. foreign-proc: calls take pids of the viewer's pid namespace, and the /proc that
 * was read has those of another. older-format: whoever wrote the file did not know the source.
 * unasked: what takes long and finds no namespace is read only by the commands that show it.
 * entering: only a process that enters the namespace would show it, and that was not wanted (--no-enter).
 */
export const SKIP_REASONS = [
  "unwanted",
  "costly",
  "no-call",
  "foreign-proc",
  "older-format",
  "entering",
  "unasked",
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export const COVERAGE_NOTES = [
  "several-devices",
  "proc-of-another-pid-namespace",
  "hidepid",
  "no-native-half",
  "pin-hides-another-file",
  "chrooted-view",
  "mount-namespaces-not-listed",
  "namespaces-not-listed",
] as const;
export type CoverageNote = (typeof COVERAGE_NOTES)[number];
