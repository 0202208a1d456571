import type { ErrnoName } from "../abi/errnos.ts";
import type { NotShown, Remedy } from "../messages/doctor.ts";
import { refusedOf } from "../render/not-seen.ts";
import type { Coverage, CoverageNote, SkipReason, Snapshot, Source } from "../snapshot/types.ts";
import type { Caller, InterfaceAnswer, Missing, ProcMount } from "./diagnosis.ts";

interface Findings {
  readonly caller: Caller;
  readonly proc: ProcMount;
  readonly interfaces: readonly InterfaceAnswer[];
  /** undefined: there was nothing to read. */
  readonly snapshot: Snapshot | undefined;
  /** What shows a source that was left out: whoever looked did not want it, or a call for it would have ended us. */
  readonly leftOut: Extract<Remedy, "left-out" | "filter">;
}

/** What was not seen, each with what would show it: where the caller is, then what each source was refused. */
export function missingOf({ caller, proc, interfaces, snapshot, leftOut }: Findings): readonly Missing[] {
  const isInside = (link: string): boolean =>
    caller.namespaces.some((one) => one.link === link && !one.initial) && caller.namespaces.length > 0;
  const all: (Missing | undefined)[] = [
    proc.found ? undefined : place("no-proc", "own-proc"),
    isInside("user") ? place("inside-user", "outside") : undefined,
    isInside("pid") ? place("inside-pid", "outside") : undefined,
    interfaces.some(({ answer }) => answer === "filtered") ? place("filter", "filter") : undefined,
    interfaces.length > 0 && interfaces.every(({ answer }) => answer === "untried")
      ? place("untried", "native")
      : undefined,
    ...(snapshot === undefined ? [] : fromCoverage(snapshot, caller, leftOut)),
  ];
  return all.filter((one) => one !== undefined);
}

const place = (where: Extract<NotShown, { kind: "place" }>["place"], ...reveals: Remedy[]): Missing => ({
  kind: "place",
  place: where,
  reveals,
});

function fromCoverage(snapshot: Snapshot, caller: Caller, leftOut: Findings["leftOut"]): Missing[] {
  const notes = new Set(snapshot.coverage.flatMap((row) => row.notes ?? []));
  const liesElsewhere = snapshot.pins.some((pin) => pin.mountNamespace !== undefined || pin.through !== undefined);
  return [
    ...snapshot.coverage.flatMap((row) => [
      ...(row.unsupported === undefined ? refusedOf(snapshot, row) : []).map((one): Missing => {
        return { kind: "refused", ...one, reveals: remediesFor(row.source, one.errno, { caller, liesElsewhere }) };
      }),
      ...notHad(row, leftOut),
    ]),
    ...[...notes].map((note): Missing => ({ kind: "note", note, reveals: NOTE_REMEDIES[note] })),
  ];
}

function notHad({ source, unsupported, skipped }: Coverage, leftOut: Findings["leftOut"]): Missing[] {
  const gone: Missing[] = [];
  if (unsupported !== undefined) {
    gone.push({
      kind: "unsupported",
      source,
      ...unsupported,
      reveals: unsupported.since === undefined ? [] : ["kernel"],
    });
  }
  // What nobody asked for is not out of sight.
  if (skipped !== undefined && skipped.why !== "unasked") {
    const { why, count } = skipped;
    gone.push({
      kind: "skipped",
      source,
      ...(count === undefined ? {} : { count }),
      reveals: why === "unwanted" ? [leftOut] : SKIP_REMEDIES[why],
    });
  }
  return gone;
}

const NOTE_REMEDIES: Readonly<Record<CoverageNote, readonly Remedy[]>> = {
  "several-devices": [],
  "proc-of-another-pid-namespace": ["own-proc"],
  hidepid: ["hidepid"],
  "no-native-half": ["native"],
  "pin-hides-another-file": ["unmount"],
  "chrooted-view": ["whole-root"],
  "mount-namespaces-not-listed": ["CAP_SYS_ADMIN"],
  "namespaces-not-listed": ["CAP_SYS_ADMIN"],
};

const SKIP_REMEDIES: Readonly<Record<Exclude<SkipReason, "unwanted">, readonly Remedy[]>> = {
  costly: ["--all-sources"],
  "no-call": ["listns"],
  "foreign-proc": ["own-proc"],
  "older-format": ["newer-snapshot"],
  unasked: [],
  entering: ["--no-enter"],
};

/** What lies on a path is closed by its folders, elsewhere by whose root it lies below; all else by who may trace the process. */
const BY_PATH: ReadonlySet<Source> = new Set<Source>(["mounts", "names"]);

function remediesFor(
  source: Source,
  errno: ErrnoName,
  { caller: { capabilities, namespaces }, liesElsewhere }: { caller: Caller; liesElsewhere: boolean },
): readonly Remedy[] {
  const isOnPath = errno === "EACCES" && BY_PATH.has(source);
  if (isOnPath && !(source === "mounts" && liesElsewhere)) return ["CAP_DAC_READ_SEARCH"];
  if (source === "relations") return ["user-namespace"];
  if (errno !== "EACCES" && errno !== "EPERM") return [];
  // Inside a user namespace the capability does not reach the processes of those above.
  const isOutermost = namespaces.some(({ link, initial }) => link === "user" && initial);
  const has = (name: string): boolean => isOutermost && capabilities?.includes(name) === true;
  // With it, all other capabilities may be fewer than theirs. Source: security/commoncap.c cap_ptrace_access_check.
  const tracing = has("CAP_SYS_PTRACE") ? "security-module" : "CAP_SYS_PTRACE";
  if (isOnPath) return ["CAP_DAC_READ_SEARCH", tracing];
  return source === "sockets" && !has("CAP_NET_ADMIN") ? ["CAP_NET_ADMIN", tracing] : [tracing];
}
