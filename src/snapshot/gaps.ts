import type { ErrnoName } from "../abi/errnos.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import { sourcesFor } from "./holding.ts";
import type { Coverage, CoverageNote, SkipReason, Snapshot, Source } from "./types.ts";

/** Something that was not seen, where a holder, or a process, may be. */
export type Gap = { readonly source: Source } & (
  | { readonly why: "refused"; readonly errno: ErrnoName; readonly count: number }
  | { readonly why: "skipped"; readonly reason: SkipReason; readonly count?: number }
  | { readonly why: "unsupported"; readonly errno: ErrnoName; readonly since?: string }
  /** Something is not listed: processes of other users, mount namespaces, mounts below another root. */
  | { readonly why: "hidden"; readonly note: HidingNote }
  /** Descriptors that keep something which no call tells: pidfds of ended processes. */
  | { readonly why: "untold"; readonly count: number }
);

/** Where a further holder of a namespace of this kind may be: what its sources were refused, and what they left out. */
export function gapsFor(snapshot: Snapshot, kind: NamespaceKind): readonly Gap[] {
  const sources = sourcesFor(kind);
  const gaps = snapshot.coverage.filter(({ source }) => sources.has(source)).flatMap(gapsOf);
  const untold = kind === "pid" ? snapshot.descriptors.filter(isUntold).length : 0;
  return untold === 0 ? gaps : [...gaps, { source: "pidfds", why: "untold", count: untold }];
}

/**
 * Where a namespace may be that nothing else leads to. Relations lead from what was seen to what is above it. Where the kernel
 * has listed all that there are, only what sockets alone keep may be missing.
 */
export function gapsForAll({ coverage }: Snapshot): readonly Gap[] {
  const searched = coverage.some(isWholeList) ? SLEEPING : SEARCHED;
  return coverage.filter(({ source }) => searched.has(source)).flatMap(gapsOf);
}

/** Whether the kernel listed all that there are to whoever looked. */
export const isWholeList = ({ source, refused, unsupported, notes, skipped }: Coverage): boolean =>
  source === "listing" &&
  unsupported === undefined &&
  skipped === undefined &&
  notes === undefined &&
  Object.keys(refused).length === 0;

/** Where sockets are found. */
const SLEEPING: ReadonlySet<Source> = new Set<Source>(["processes", "descriptors", "sockets", "in-flight"]);

const SEARCHED: ReadonlySet<Source> = new Set<Source>([
  "processes",
  "links",
  "threads",
  "children",
  "descriptors",
  "sockets",
  "pidfds",
  "in-flight",
  "mounts",
  "mount-tables",
  "file-systems",
  "listing",
]);

/** Whether a source finds namespaces that nothing else leads to. */
export const isSearched = (source: Source): boolean => SEARCHED.has(source);

const isUntold = ({ what, namespace }: Snapshot["descriptors"][number]): boolean =>
  what === "pidfd" && namespace === undefined;

function gapsOf({ source, refused, skipped, unsupported, notes = [] }: Coverage): Gap[] {
  const gaps: Gap[] = [];
  // Owners and parents above the viewer are refused to everybody; what lies there holds nothing below.
  if (source !== "relations") {
    for (const [errno, count] of Object.entries(refused) as [ErrnoName, number][]) {
      if (unsupported?.errno !== errno && !isNothing(errno)) gaps.push({ source, why: "refused", errno, count });
    }
  }
  // What an older kernel does not list is not thereby hidden: each other source says itself what it lacks.
  if (unsupported !== undefined && source !== "listing") gaps.push({ source, why: "unsupported", ...unsupported });
  if (skipped !== undefined) {
    const { why: reason, count } = skipped;
    gaps.push({ source, why: "skipped", reason, ...(count === undefined ? {} : { count }) });
  }
  for (const note of notes) if (hides(note)) gaps.push({ source, why: "hidden", note });
  return gaps;
}

/** The notes on a source which say that it has more than was seen. */
const HIDING = [
  "hidepid",
  "mount-namespaces-not-listed",
  "namespaces-not-listed",
  "chrooted-view",
] as const satisfies readonly CoverageNote[];
export type HidingNote = (typeof HIDING)[number];

const hides = (note: CoverageNote): note is HidingNote => HIDING.some((hiding) => hiding === note);

/** How often a source was refused something that may be there. */
export const unansweredBy = ({ refused }: Coverage): number =>
  (Object.entries(refused) as [ErrnoName, number][]).reduce(
    (sum, [errno, count]) => (isNothing(errno) ? sum : sum + count),
    0,
  );

/** What is not there is no secret, and what is no namespace file (ENOTTY) hides none. */
const isNothing = (errno: ErrnoName): boolean => errno === "ENOENT" || errno === "ESRCH" || errno === "ENOTTY";
