import { ALL_CAPABILITIES } from "../../abi/capabilities.ts";
import type { NamespaceId } from "../../abi/ids.ts";
import type { FullCredentials } from "../../rules/full-credentials.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { ProcessRecord, StatusRecord } from "../../snapshot/types.ts";
import { callerOf, knownId, statusOf, type Caller, type Person } from "../caller.ts";
import { groundOf, HIDDEN, type Ground } from "../ground.ts";
import { push } from "../../snapshot/push.ts";

/** Who takes a step: the credentials that the kernel looks at, and from where it numbers processes. */
export interface Actor extends Caller {
  /** The process that makes the calls. */
  readonly number: number;
  readonly permitted: bigint | undefined;
  /** `uid gid` that opening a file of /proc compares, and that attaching compares; undefined: not known. */
  readonly ids: { readonly fs: string | undefined; readonly real: string | undefined };
  /** All of them, in the viewer's numbers, as if its securebits were 0; undefined: not known, or not whole. */
  readonly credentials: FullCredentials<number> | undefined;
  /** Its own pid namespace; undefined: its link was not read. */
  readonly pid: NamespaceId | undefined;
}

/** Processes whose credentials and pid namespace are the same: who takes over one could have taken any. */
export interface Kin {
  readonly actor: Actor;
  readonly processes: readonly ProcessRecord[];
  /** `uid gid` where real, effective and saved ones are the same; null: they differ, and nobody has the same. */
  readonly ids: string | null | undefined;
  /** A thread of the kernel: it can be looked at, and not taken over. */
  readonly isKernel: boolean;
}

/** The kin in a user namespace. */
export interface Kindred {
  readonly all: readonly Kin[];
  readonly byIds: ReadonlyMap<string, readonly Kin[]>;
  /** Their ids were not read. */
  readonly nameless: readonly Kin[];
}

export function actorOf(ground: Ground, person: Person): Actor {
  const caller = callerOf(ground, person);
  const status = statusOf(person);
  const pair = (which: "fs" | "real"): string | undefined =>
    status && pairOf(ground, status.uid[which], status.gid[which]);
  return {
    ...caller,
    number: person.process.pid,
    credentials: status && credentialsOf(ground, caller.user, status),
    permitted: status === undefined ? undefined : BigInt(`0x${status.capabilities.permitted}`),
    ids: { fs: pair("fs"), real: pair("real") },
    pid: person.process.namespaces.pid,
  };
}

/** The same process in a user namespace that it entered: it has every capability there. Source: set_cred_user_ns. */
export function insideUser(actor: Actor, user: number, userId: NamespaceId): Actor {
  const all = { effective: ALL_CAPABILITIES, permitted: ALL_CAPABILITIES };
  const credentials = actor.credentials && {
    ...actor.credentials,
    ...all,
    user,
    bounding: ALL_CAPABILITIES,
    inheritable: 0n,
    ambient: 0n,
  };
  return { ...actor, ...all, user, userId, credentials };
}

/** The same process with all that it is permitted; capset(2) as it is called here empties the inheritable set. */
export const raised = (actor: Actor, permitted: bigint): Actor => ({
  ...actor,
  effective: permitted,
  credentials: actor.credentials && { ...actor.credentials, effective: permitted, inheritable: 0n, ambient: 0n },
});

/** What tells two processes' credentials apart, and from where they number processes. */
export function credentialsKey({ user, pid, credentials, number, effective }: Actor): string {
  const whole = JSON.stringify(credentials, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
  return `${user} ${pid} ${whole ?? `of ${number}, ${effective}`}`;
}

/** Those that are permitted no more than a set. */
export const noMore = (kin: readonly Kin[] = [], mine: bigint | undefined): readonly Kin[] =>
  kin.filter(({ actor: { permitted: theirs } }) => {
    return theirs !== undefined && mine !== undefined && (theirs & ~mine) === 0n;
  });

/** The same process with other credentials, in the same user namespace. */
export const withCredentials = (actor: Actor, credentials: FullCredentials<number>): Actor => ({
  ...actor,
  euid: credentials.euid,
  effective: credentials.effective,
  permitted: credentials.permitted,
  ids: {
    fs: `${credentials.fsuid} ${credentials.fsgid}`,
    real: `${credentials.ruid} ${credentials.rgid}`,
  },
  credentials,
});

function credentialsOf(ground: Ground, user: number, status: StatusRecord): FullCredentials<number> | undefined {
  const { uid, gid, capabilities, noNewPrivs } = status;
  const id = (of: number): number => knownId(ground, of);
  const credentials = {
    user,
    ruid: id(uid.real),
    euid: id(uid.effective),
    suid: id(uid.saved),
    fsuid: id(uid.fs),
    rgid: id(gid.real),
    egid: id(gid.effective),
    sgid: id(gid.saved),
    fsgid: id(gid.fs),
  };
  if (user === HIDDEN || noNewPrivs === undefined || Object.values(credentials).includes(HIDDEN)) return undefined;
  const set = (text: string | undefined): bigint => BigInt(`0x${text ?? "0"}`);
  return {
    ...credentials,
    groups: status.groups,
    permitted: set(capabilities.permitted),
    effective: set(capabilities.effective),
    inheritable: set(capabilities.inheritable),
    // Before Linux 2.6.26 there was one for all processes.
    bounding: set(capabilities.bounding),
    ambient: set(capabilities.ambient),
    securebits: 0,
    noNewPrivs,
  };
}

function pairOf(ground: Ground, uid: number, gid: number): string | undefined {
  const [u, g] = [knownId(ground, uid), knownId(ground, gid)];
  return u === HIDDEN || g === HIDDEN ? undefined : `${u} ${g}`;
}

function uniform(ground: Ground, status: StatusRecord | undefined): string | null | undefined {
  if (status === undefined) return undefined;
  const { uid, gid } = status;
  const pairs = [
    pairOf(ground, uid.real, gid.real),
    pairOf(ground, uid.effective, gid.effective),
    pairOf(ground, uid.saved, gid.saved),
  ];
  if (pairs.includes(undefined)) return undefined;
  return new Set(pairs).size === 1 ? pairs[0] : null;
}

/** Everybody who has not ended, by the number of their user namespace (`HIDDEN`: not seen). One pass. */
export function kindredOf(index: SnapshotIndex): ReadonlyMap<number, Kindred> {
  const ground = groundOf(index);
  const alike = new Map<string, Kin & { readonly processes: ProcessRecord[] }>();
  for (const process of index.snapshot.processes) {
    if (process.zombie) continue;
    const { status, kernelThread } = process;
    const actor = actorOf(ground, { process });
    const sets = JSON.stringify([status?.capabilities, status?.noNewPrivs, status?.uid, status?.gid, status?.groups]);
    const ids = `${actor.euid} ${actor.ids.fs} ${actor.ids.real} ${uniform(ground, status)}`;
    const key = `${actor.user} ${actor.pid} ${kernelThread} ${sets} ${ids}`;
    const kin = alike.get(key);
    if (kin !== undefined) kin.processes.push(process);
    else alike.set(key, { actor, processes: [process], ids: uniform(ground, status), isKernel: kernelThread });
  }
  const places = new Map<number, { all: Kin[]; byIds: Map<string, Kin[]>; nameless: Kin[] }>();
  for (const kin of alike.values()) {
    const { user } = kin.actor;
    const there = places.get(user) ?? { all: [], byIds: new Map<string, Kin[]>(), nameless: [] };
    places.set(user, there);
    there.all.push(kin);
    if (kin.ids === undefined) there.nameless.push(kin);
    if (typeof kin.ids !== "string") continue;
    push(there.byIds, kin.ids, kin);
  }
  return places;
}
