import { KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Holder, HolderKind } from "./holders.ts";
import type { Source } from "./types.ts";

/** How one kind of holder holds. */
interface Holding {
  /**
   * What has to be there for it to hold. `itself`: a task or a descriptor, which the kernel counts. `mounts`: a mount, which
   * goes with the mount namespace that it lies in. `namespace`: another namespace, which something else keeps.
   */
  readonly rests: "itself" | "mounts" | "namespace";
  /** The kinds of namespace that it can hold. */
  readonly of: readonly NamespaceKind[];
  /** The sources that find it. */
  readonly sources: readonly Source[];
}

/**
 * The kinds of holder, the surest first: a task is in the namespace or gives it to its children, and nothing but its own doing
 * takes it out; a descriptor can be closed without anybody noticing; a mount anybody with the right can take away, and it goes
 * with its mount namespace; a namespace holds only as long as something holds it.
 * Source: nsproxy, cred and struct pid of tasks; fs/nsfs.c (an open or mounted file keeps its namespace);
 * net/core/sock.c (a socket keeps its net); kernel/pid.c put_pid (a pidfd keeps its process's pid namespace);
 * fs/proc/root.c (its mounts); kernel/user_namespace.c and kernel/pid_namespace.c (a child keeps its parent);
 * every kind's own structure keeps its user_ns. Each is tested by letting go of it: test/cli/why-live.test.ts.
 */
export const HOLDING = {
  process: { rests: "itself", of: KINDS, sources: ["processes", "links"] },
  thread: { rests: "itself", of: KINDS, sources: ["threads"] },
  "for-children": { rests: "itself", of: ["pid", "time"], sources: ["links", "children", "threads"] },
  descriptor: { rests: "itself", of: KINDS, sources: ["descriptors"] },
  socket: { rests: "itself", of: ["net"], sources: ["descriptors", "sockets"] },
  pidfd: { rests: "itself", of: ["pid"], sources: ["descriptors", "pidfds"] },
  "bind-mount": { rests: "mounts", of: KINDS, sources: ["mounts", "mount-tables"] },
  mount: { rests: "mounts", of: ["pid", "ipc"], sources: ["mounts", "mount-tables", "file-systems"] },
  child: { rests: "namespace", of: ["pid", "user"], sources: ["relations"] },
  owned: { rests: "namespace", of: ["user"], sources: ["relations"] },
} as const satisfies Readonly<Record<HolderKind, Holding>>;

export const HOLDER_KINDS = Object.keys(HOLDING) as readonly HolderKind[];
const RANKS: ReadonlyMap<HolderKind, number> = new Map(HOLDER_KINDS.map((kind, nth) => [kind, nth]));
const rankOf = ({ kind }: Holder): number => RANKS.get(kind) ?? HOLDER_KINDS.length;

/** The surest first; those of one kind stay in their order, but what is about to go comes last. */
export const bySureness = (holders: readonly Holder[]): Holder[] =>
  holders.toSorted((a, b) => rankOf(a) - rankOf(b) || Number(isGoing(a)) - Number(isGoing(b)));

const isGoing = (holder: Holder): boolean => holder.kind === "process" && holder.process.zombie;

/** The kinds of holder that a kind of namespace can have. */
export function holderKindsOf(kind: NamespaceKind): readonly HolderKind[] {
  return HOLDER_KINDS.filter((holder) => holds(holder, kind));
}

/** The sources that may know of a holder: where all were read, all that can be seen was. */
export function sourcesFor(kind: NamespaceKind): ReadonlySet<Source> {
  const sources = holderKindsOf(kind).flatMap((holder): readonly Source[] => HOLDING[holder].sources);
  // A descriptor may be on its way from one process to another.
  return new Set<Source>([...sources, "in-flight"]);
}

function holds(holder: HolderKind, kind: NamespaceKind): boolean {
  const { of }: Holding = HOLDING[holder];
  return of.includes(kind);
}
