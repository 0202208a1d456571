import { KINDS, type NamespaceKind } from "../../../abi/namespace-kinds.ts";
import { UNLIMITED } from "../../../rules/limits.ts";
import { GREATEST_PID_MAX } from "../../../rules/sysctl.ts";
import { everyLimit } from "../create.ts";
import { takeInode } from "../numbering.ts";
import { O_LARGEFILE } from "../open-link.ts";
import { O_RDWR } from "../pidfds.ts";
import type { FileTarget, Namespace, Numbering, NsKey, PidState, Task, UserState, World } from "../world.ts";

/** What is taken where a text says nothing: the printer leaves it out, the reader puts it in. */
export interface Place {
  readonly id: number;
  readonly device: bigint;
  readonly inode: number;
}

/** The numbers of namespaces, one drawn line after the other: each follows on the one before. */
export class Numbers {
  #id: number;
  #numbering: Numbering;

  constructor({ nextNamespace, numbering }: Pick<World, "nextNamespace" | "numbering">) {
    this.#id = nextNamespace;
    this.#numbering = numbering;
  }
  usual(): Place {
    const { device, inode } = takeInode(this.#numbering);
    return { id: this.#id, device, inode };
  }
  /** What the line really had. */
  pass({ id, inode }: Place): void {
    this.#id = id + 1;
    this.#numbering =
      this.#numbering.devices === "one"
        ? { ...this.#numbering, nextInode: inode + 1 }
        : takeInode(this.#numbering).next;
  }
}

/** What a machine numbers next that has just started and made so many namespaces. */
export const usualNext = ({ nextNamespace, numbering }: World, made: number) => ({
  id: nextNamespace + made,
  inode: numbering.nextInode + made,
});

/** The number of the next mount. */
export function usualMount({ files, namespaces, ofKind }: Numbered): number {
  let most = 0;
  for (const { target } of files.values()) {
    // The mount that it was opened through may be gone; its number is not used again.
    if (target.type === "namespace") most = Math.max(most, target.mountId ?? 0);
  }
  for (const mnt of ofKind.mnt.keys()) {
    for (const mountId of namespaces.get(mnt)?.binds?.keys() ?? []) most = Math.max(most, mountId);
  }
  return most + 1;
}
type Numbered = Pick<World, "files" | "namespaces" | "ofKind">;

/** The limits under /proc/sys/user of the first user namespace, and of others. */
export const usualLimits = (initial: UserState | undefined): UserState["limits"] =>
  initial?.limits ?? everyLimit(UNLIMITED);

/** Every id of the parent is itself, as in drawings; project ids have no map. */
export const EVERY_ID = [{ inside: 0, outside: 0, count: 0xffffffff }] as const;
export const usualMap = (which: "uid" | "gid" | "projid", isInitial: boolean): UserState["uidMap"] =>
  which === "projid" && !isInitial ? [] : EVERY_ID;

/** Its first process lives if it has one; the search for numbers goes on behind the greatest. */
export function usualPid(
  numbers: ReadonlyMap<number, Task> | undefined,
  initial: PidState | undefined,
): Omit<PidState, "tasks"> {
  const first = numbers?.get(1);
  const lives = [...(numbers?.values() ?? [])].some(
    ({ leader, memberships }) => leader === first?.name && memberships !== undefined,
  );
  return {
    init: first === undefined ? "unborn" : lives ? "alive" : "dead",
    lastPid: numbers === undefined ? -1 : [...numbers.keys()].reduce((most, number) => Math.max(most, number), -1),
    max: initial?.max ?? GREATEST_PID_MAX,
  };
}

/** The time namespaces that somebody is in: their clocks cannot be set any more. */
export function entered(tasks: Iterable<Task>): ReadonlySet<NsKey> {
  const found = new Set<NsKey>();
  for (const { memberships } of tasks) if (memberships !== undefined) found.add(memberships.time);
  return found;
}

/**
 * As in drawings, a namespace is made by whoever made the one that it is made from: its parent, or else its owner. From
 * the initial ones root makes it.
 */
export function usualCreator(
  { kind, parent, owner }: Pick<Namespace, "kind" | "parent" | "owner">,
  at: (key: NsKey) => Pick<Namespace, "creator"> | undefined,
): number {
  const from = kind === "pid" ? parent : owner;
  return (from === undefined ? undefined : at(from)?.creator) ?? 0;
}

/** What F_GETFL shows of files that were opened without further flags; ioctls give namespaces with none. */
export const USUAL_FLAGS: Readonly<Record<FileTarget["type"], number>> = {
  namespace: O_LARGEFILE,
  pidfd: O_RDWR,
  map: O_LARGEFILE,
  socket: O_RDWR,
  other: O_LARGEFILE,
};

/** The name of an initial namespace. */
export const initialName = (kind: NamespaceKind): string => `${kind}:init`;
export const initialNames = ({ initial }: Pick<World, "initial">): ReadonlyMap<string, NsKey> =>
  new Map(KINDS.map((kind) => [initialName(kind), initial[kind]]));

/** The two tasks that are there from the start, in lines that nobody needs to write. */
export const FIRST_TASKS = [
  ["init", 1],
  ["shell", 2],
] as const;

/** The machine's first mount namespace has an unlocked tree, so whatever has another owner was copied from another's. */
export const usuallyLocked = ({ kind, owner }: Pick<Namespace, "kind" | "owner">, root: NsKey): boolean =>
  kind === "mnt" && owner !== root;
