import type { ErrnoName } from "../abi/errnos.ts";
import { inodeOf } from "../abi/ids.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import { count } from "./group.ts";
import {
  COVERAGE_NOTE_TEXTS,
  EPERM_ELSEWHERE,
  NOT_SHOWN,
  NOT_VISIBLE,
  REFUSAL_MEANS,
  ROOT_SEES_MORE,
  SKIPPED,
  SKIPPED_SOURCE,
  SOURCE_MISSING,
  SOURCE_NAMES,
  VANISHED,
} from "../messages/not-seen.ts";
import type { Language } from "../messages/sentence.ts";
import { ATTRIBUTE_SOURCES } from "../snapshot/attributes.ts";
import { atLeast } from "../rules/release.ts";
import {
  SKIP_REASONS,
  type Coverage,
  type NamespaceRecord,
  type Relation,
  type SkipReason,
  type Snapshot,
  type Source,
} from "../snapshot/types.ts";

/**
 * What a look did not show, and why, as sentences: first what is missing, then what the refusals mean, then what else there
 * is to know. None where everything was seen.
 */
export function notSeen(snapshot: Snapshot, language: Language): string[] {
  const errnos = new Set<ErrnoName>();
  const refusing = new Set<RefusedShown["what"]>();
  const missing = snapshot.coverage.flatMap((coverage) => {
    const { source, unsupported } = coverage;
    // What namespaces say of themselves leads to no other, and who shows it says beside it what is missing.
    if (TOLD.has(source)) return [];
    // An older kernel lists nothing, and nothing is hidden thereby; a newer one that does not know the call is made not to.
    if (source === "listing" && unsupported !== undefined && !hasCall(snapshot, unsupported)) return [];
    if (unsupported !== undefined) {
      const { errno, since = "" } = unsupported;
      return [SOURCE_MISSING[language]({ source: SOURCE_NAMES[source][language], errno, since })];
    }
    return refusedOf(snapshot, coverage).map(({ what, count, errno }) => {
      errnos.add(errno);
      if (errno === "EPERM") refusing.add(what);
      return NOT_SHOWN[what][language]({ count, errno });
    });
  });
  const vanished = snapshot.coverage.find(({ source }) => source === "processes")?.vanished ?? 0;
  if (vanished > 0) missing.push(VANISHED[language]({ count: vanished }));

  const notes = new Set(snapshot.coverage.flatMap((coverage) => coverage.notes ?? []));
  return [
    ...(missing.length === 0 ? [] : [NOT_VISIBLE[language]({ what: missing.join("; ") })]),
    // What nobody asked for finds no namespace, and whoever wants it has been told in the help.
    ...SKIP_REASONS.flatMap((why) => (why === "unasked" ? [] : skipped(snapshot, why, language))),
    ...(errnos.has("EACCES") ? [accessRefused(snapshot, language)] : []),
    ...([...refusing].some((what) => ABOVE.has(what)) ? [REFUSAL_MEANS.EPERM[language]] : []),
    ...([...refusing].some((what) => !ABOVE.has(what)) ? [EPERM_ELSEWHERE[language]] : []),
    ...[...notes].map((note) => COVERAGE_NOTE_TEXTS[note][language]),
  ];
}

/** What the kernel shows to who is in that namespace or above it, whatever else he may. */
const ABOVE: ReadonlySet<RefusedShown["what"]> = new Set<RefusedShown["what"]>(["owners", "parents"]);

const TOLD: ReadonlySet<Source> = new Set<Source>(Object.values(ATTRIBUTE_SOURCES));

const hasCall = ({ viewpoint }: Snapshot, { since }: { readonly since?: string }): boolean =>
  since !== undefined && atLeast(viewpoint.kernel.release, since);

/** Whether something was refused or hidden, of which there are sentences. */
export const hasGaps = (snapshot: Snapshot): boolean => notSeen(snapshot, "en").length > 0;

/** What a look left out because there was so much of it: a sentence for those who print no other of these. */
export const tooCostly = (snapshot: Snapshot, language: Language): string[] => skipped(snapshot, "costly", language);

/** A sentence on what was not even asked, where there is something for this reason. */
function skipped({ coverage }: Snapshot, why: SkipReason, language: Language): string[] {
  const what = coverage.flatMap(({ source, skipped }) =>
    skipped?.why === why
      ? [SKIPPED_SOURCE[language]({ count: skipped.count, source: SOURCE_NAMES[source][language] })]
      : [],
  );
  return what.length === 0 ? [] : [SKIPPED[why][language]({ what: what.join(", ") })];
}

function accessRefused({ viewpoint }: Snapshot, language: Language): string {
  const hint = viewpoint.uid.effective === 0 ? "" : ` ${ROOT_SEES_MORE[language]}`;
  return REFUSAL_MEANS.EACCES[language] + hint;
}

/** So much was refused with one errno. */
export interface RefusedShown {
  readonly what: keyof typeof NOT_SHOWN;
  readonly count: number;
  readonly errno: ErrnoName;
}

/** What one source was refused, by errno: of things that a reader counts, not of questions. */
export function refusedOf(snapshot: Snapshot, coverage: Coverage): RefusedShown[] {
  const rows = (what: keyof typeof NOT_SHOWN, counts: ReadonlyMap<ErrnoName, number>): RefusedShown[] =>
    [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([errno, times]) => ({ what, count: times, errno }));
  const { source } = coverage;
  if (source === "links") return rows("links", processesRefusing(snapshot));
  if (source !== "relations") return rows(source, refusedBy(coverage));
  return [
    ...rows(
      "owners",
      relationsRefused(snapshot, ({ owner }) => owner),
    ),
    ...rows(
      "parents",
      relationsRefused(snapshot, ({ parent }) => parent),
    ),
  ];
}

/** What is not there is no secret: a zombie has left its namespaces, a name has gone, an old kernel has no such link. */
const isNothing = (errno: ErrnoName): boolean => errno === "ENOENT" || errno === "ESRCH";

function refusedBy({ refused }: Coverage): Map<ErrnoName, number> {
  const entries = Object.entries(refused) as [ErrnoName, number][];
  return new Map(entries.filter(([errno]) => !isNothing(errno)));
}

/** Processes with a link that was refused, by errno. */
function processesRefusing({ processes }: Snapshot): Map<ErrnoName, number> {
  const errnos = processes.flatMap(({ refused = {} }) => [...new Set(Object.values(refused))]);
  return count(errnos.filter((errno) => !isNothing(errno)));
}

/** Relations that the kernel did not show, but for those that nobody can be shown: the first namespaces have none. */
function relationsRefused(
  { namespaces }: Snapshot,
  relationOf: (namespace: NamespaceRecord) => Relation | undefined,
): Map<ErrnoName, number> {
  const relations = namespaces.filter((namespace) => !hasNoneAbove(namespace)).map(relationOf);
  return count(relations.flatMap((relation) => (relation && "refused" in relation ? [relation.refused] : [])));
}

/** Whether it is the machine's first one of a kind that nests: what is above it is nothing, and the kernel says EPERM. */
export const hasNoneAbove = ({ id, kind }: NamespaceRecord): boolean =>
  NAMESPACE_KINDS[kind].nests && inodeOf(id) === String(NAMESPACE_KINDS[kind].initialInode);
