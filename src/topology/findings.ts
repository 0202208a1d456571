import {
  ATTRIBUTE_NAMES,
  FINDING_DETAILS,
  isFindingCode,
  TOPOLOGY_FINDINGS,
  type FindingCode,
  type FindingDetail,
} from "../messages/topology.ts";
import type { Language } from "../messages/sentence.ts";

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
  /** A `FindingCode`; in an image of a later nsatlas maybe one that this one does not know. */
  readonly code: string;
  /** What the sentence needs: names, numbers, an errno. */
  readonly details: Readonly<Partial<Record<FindingDetail, string>>>;
}

/** The class of each fact, whichever element it is about. */
export const CLASS_OF: Readonly<Record<FindingCode, FindingClass>> = {
  "kernels-numbers": "identity",
  "ambient-numbers": "identity",
  "mount-tree": "identity",
  "pin-comes-along": "identity",
  "is-nsatlas": "identity",
  "session-elsewhere": "identity",
  "group-elsewhere": "identity",
  "attribute-not-read": "degraded",
  "attribute-not-asked": "degraded",
  "ipc-objects": "degraded",
  "thread-elsewhere": "degraded",
  "socket-holds": "degraded",
  "pidfd-holds": "degraded",
  "thread-descriptor": "degraded",
  "ended-process": "degraded",
  "kernel-thread": "degraded",
  "session-outside": "degraded",
  "group-outside": "degraded",
  "session-not-read": "degraded",
  "id-without-number": "degraded",
  seccomp: "degraded",
  "member-outside": "degraded",
  "pin-elsewhere": "degraded",
  "pin-without-path": "degraded",
  "other-routes": "degraded",
  "netnsid-elsewhere": "degraded",
  "no-holder": "degraded",
  "owner-not-shown": "refuse",
  "parent-not-shown": "refuse",
  "maps-not-read": "refuse",
  "maps-do-not-fit": "refuse",
  "creator-not-known": "refuse",
  "link-not-read": "refuse",
  "namespace-not-seen": "refuse",
  "status-not-read": "refuse",
  "numbers-do-not-fit": "refuse",
  device: "refuse",
};

/** In place of a detail that an image does not have. */
const UNKNOWN = "?";
const NOTHING_KNOWN = Object.fromEntries(FINDING_DETAILS.map((name) => [name, UNKNOWN])) as Record<
  FindingDetail,
  string
>;

/** The sentence; of a code that this nsatlas does not know the code itself with its details. */
export function findingText({ code, details }: Finding, language: Language): string {
  if (isFindingCode(code)) {
    const { what = UNKNOWN } = details;
    const named = isAttributeFinding(code) && isAttributeName(what) ? ATTRIBUTE_NAMES[what][language] : what;
    return TOPOLOGY_FINDINGS[code][language]({ ...NOTHING_KNOWN, ...details, what: named });
  }
  const values = Object.entries(details).map(([name, value]) => `${name} ${value}`);
  return [code, ...values].join(", ");
}

const isAttributeFinding = (code: FindingCode): boolean =>
  code === "attribute-not-read" || code === "attribute-not-asked";
const isAttributeName = (word: string): word is keyof typeof ATTRIBUTE_NAMES => Object.hasOwn(ATTRIBUTE_NAMES, word);
