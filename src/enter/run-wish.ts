import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { IdExtent } from "../procfs/id-map.ts";

/** What `run` is asked for, once names have been looked up and files read: unshare's options as data. */
export interface RunWish {
  /** The kinds to make, each with the file that it shall be bound to, an absolute path, or nothing. */
  readonly kinds: ReadonlyMap<NamespaceKind, string | undefined>;
  readonly caller: { readonly uid: number; readonly gid: number };
  readonly maps: MapWish;
  /** Who shall own the new user namespace. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  readonly setgroups: "allow" | "deny" | undefined;
  /** Undefined: the command runs in the launcher's own process. */
  readonly fork: ForkWish | undefined;
  /** MS_* flags for every mount of the new mount namespace; 0: as they are. */
  readonly propagation: number;
  readonly mountProc: string | undefined;
  readonly mountBinfmt: string | undefined;
  readonly root: string | undefined;
  readonly folder: string | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly keepCaps: boolean;
  readonly noNewPrivs: boolean;
  readonly monotonic: Offset | undefined;
  readonly boottime: Offset | undefined;
}

/** The maps of the new user namespace: lines for a helper outside to write, or one id that the command's process maps itself. */
export interface MapWish {
  readonly uids: readonly IdExtent[] | undefined;
  readonly gids: readonly IdExtent[] | undefined;
  /** The caller's own id is this one inside. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

export interface ForkWish {
  /** 0: none. */
  readonly killSignal: number;
  readonly forwards: boolean;
  readonly timeoutMs: number | undefined;
}

/** Of a clock: whole seconds, which may be below 0, and nanoseconds from 0 to 999999999 on top. */
export interface Offset {
  readonly seconds: bigint;
  readonly nanoseconds: number;
}
