import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { GREATEST_PID_MAX } from "../../rules/sysctl.ts";
import { changed } from "../../rules/reserved.ts";
import type { TaskName } from "../call.ts";
import { NumberMap } from "./persistent.ts";
import type { Namespace, NsKey, PidState, TimeState, UserState } from "./world.ts";

/** What a new namespace is made of. */
export interface NewNamespace {
  readonly kind: NamespaceKind;
  readonly owner: NsKey | undefined;
  readonly parent?: NsKey | undefined;
  /** The effective uid that makes it; without it nobody is charged. */
  readonly creator?: number;
  readonly user?: UserState;
  readonly label?: string;
  /** The mount or time namespace that a new one starts as a copy of. */
  readonly like?: NsKey | undefined;
  /** Given by the kernel to its first namespaces; else the next free ones. */
  readonly inode?: number;
  readonly key?: number;
}

const ZERO = { seconds: 0, nanoseconds: 0 };
/** The offsets of the initial time namespace. */
const UNSHIFTED: TimeState = { monotonic: ZERO, boottime: ZERO, frozen: true };
/** A pid namespace in which nobody has been. */
export const UNBORN: PidState = {
  init: "unborn",
  lastPid: -1,
  max: GREATEST_PID_MAX,
  tasks: new NumberMap<number, TaskName>(),
};

/** The offsets of a new time namespace. The initial one is frozen; any other is not before somebody enters it. */
export const copiedOffsets = (original: Namespace | undefined): TimeState =>
  original?.time === undefined ? UNSHIFTED : changed(original.time, { frozen: false });

/**
 * Whether the mounts of a new mount namespace are locked: the whole tree where its original has another owner, and a copy of
 * what is locked stays locked, whoever makes it. Source: fs/namespace.c copy_mnt_ns, lock_mnt_tree, copy_tree.
 */
export const comesLocked = (original: Namespace | undefined, owner: NsKey | undefined): boolean =>
  original !== undefined && (original.owner !== owner || original.mountsLocked);
