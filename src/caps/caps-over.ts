import { CAPABILITIES, type Capability } from "../abi/capabilities.ts";
import type { NamespaceId } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { RestraintName } from "../messages/caps.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import { callerOf, statusOf, type Person } from "./caller.ts";
import { groundOf, HIDDEN, type Ground } from "./ground.ts";
import { named, provePower } from "./prove-walk.ts";
import { verdictOn, type Power } from "./power.ts";
import type { MissingFact, ProofStep } from "./proof.ts";

/** The five sets of a process, as 16 hexadecimal digits; null: not read, or the kernel has none such. */
export interface CapabilitySets {
  readonly effective: string | null;
  readonly permitted: string | null;
  readonly inheritable: string | null;
  readonly bounding: string | null;
  readonly ambient: string | null;
}

/** What may refuse a call whatever the capabilities, or take them away. */
export interface Restraint {
  readonly what: RestraintName;
  /** As the file has it. */
  readonly value: string;
}

/** Who is asked about. */
export interface AskedWho {
  readonly pid: number;
  /** Absent: the process itself, which is its first thread. */
  readonly tid?: number;
  readonly comm: string;
  /** The user namespace it is in; null: not seen. */
  readonly user: NamespaceId | null;
  /** Its effective uid in the viewer's numbers; null: not seen, or it has none there. */
  readonly euid: number | null;
}

/** What a process can use over the resources of a namespace, and why. */
export interface CapsAnswer {
  readonly who: AskedWho;
  readonly namespace: NamespaceId;
  readonly kind: NamespaceKind;
  /** The user namespace whose capabilities count; null: not shown. */
  readonly governor: NamespaceId | null;
  /** What it has for certain and at most: they differ where evidence is missing. */
  readonly power: Power;
  /** What it can use for certain. */
  readonly usable: readonly Capability[];
  /** What it may be able to use besides: for these the answer is unknown. */
  readonly possible: readonly Capability[];
  readonly sets: CapabilitySets;
  readonly mayStillDeny: readonly Restraint[];
  readonly steps: readonly ProofStep[];
  readonly missing: readonly MissingFact[];
}

/**
 * What a process, or a thread of it, can use over the resources that a namespace governs; without a namespace, over its own
 * user namespace. Undefined: of that no record was seen. Pure: it takes what the snapshot has, and where evidence is
 * missing the answer says which and claims nothing.
 */
export function capsOver(index: SnapshotIndex, person: Person, namespace?: NamespaceId): CapsAnswer | undefined {
  const ground = groundOf(index);
  const record = recordOf(index, namespace ?? person.process.namespaces.user);
  if (record === undefined) return undefined;
  const one = named(ground, person);
  const { power, governor, steps, missing } = provePower(ground, one, record);
  const verdicts = CAPABILITIES.map((capability) => [capability, verdictOn(power, one.caller, capability)] as const);
  const those = (wanted: "yes" | "unknown"): Capability[] =>
    verdicts.flatMap(([capability, verdict]) => (verdict === wanted ? [capability] : []));
  return {
    who: whoOf(ground, person),
    namespace: record.id,
    kind: record.kind,
    governor: ground.nodes[governor]?.id ?? null,
    power,
    usable: those("yes"),
    possible: those("unknown"),
    sets: setsOf(person),
    mayStillDeny: restraintsOf(person),
    steps,
    missing,
  };
}

export function whoOf(ground: Ground, person: Person): AskedWho {
  const { process, thread } = person;
  const { userId, euid } = callerOf(ground, person);
  return {
    pid: process.pid,
    ...(thread !== undefined && { tid: thread.tid }),
    comm: process.comm,
    user: userId ?? null,
    euid: euid === HIDDEN ? null : euid,
  };
}

const recordOf = (index: SnapshotIndex, id: NamespaceId | undefined): NamespaceRecord | undefined =>
  id === undefined ? undefined : index.namespaces.get(id);

function setsOf(person: Person): CapabilitySets {
  const sets = statusOf(person)?.capabilities;
  return {
    effective: sets?.effective ?? null,
    permitted: sets?.permitted ?? null,
    inheritable: sets?.inheritable ?? null,
    bounding: sets?.bounding ?? null,
    ambient: sets?.ambient ?? null,
  };
}

export function restraintsOf(person: Person): readonly Restraint[] {
  const status = statusOf(person);
  const restraint = (what: RestraintName, value = ""): Restraint => ({ what, value });
  const { noNewPrivs, seccomp, label } = status ?? {};
  return [
    ...(person.process.zombie ? [restraint("ended")] : []),
    noNewPrivs === undefined ? restraint("no-new-privs-unread") : restraint("no-new-privs", noNewPrivs ? "1" : "0"),
    seccomp === undefined ? restraint("seccomp-unread") : restraint("seccomp", String(seccomp)),
    ...(label === undefined ? [] : [restraint("label", label)]),
    restraint("securebits"),
  ];
}

/** The bits of a set that have no name here: a newer kernel's. */
export const unnamedBits = (set: bigint): readonly number[] =>
  Array.from({ length: 64 }, (_, bit) => bit).filter(
    (bit) => bit >= CAPABILITIES.length && (set & (1n << BigInt(bit))) !== 0n,
  );
