import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Identity } from "./identity.ts";
import type { OwnerUid } from "../rules/owner-uid.ts";

/**
 * A namespace held open: it lives at least as long as this does. Whoever opened it ends it, with `using` or
 * `[Symbol.dispose]()`; ending it twice is ending it once, and questions afterwards are TypeErrors.
 *
 * A question that the kernel refuses throws a `SyscallError` with the errno's name in `code`; `attempt` gives it as a value.
 * Without the native half each is an `UnsupportedError`.
 */
interface OpenNamespace<K extends NamespaceKind> extends Identity<K>, Disposable {
  /** The namespace as a value, which outlives this. */
  readonly identity: Identity<K>;
  /**
   * The user namespace that owns it; of a user namespace, its parent. EPERM: that is neither the caller's own user
   * namespace nor one below it, or there is none. Since Linux 4.9. Source: NS_GET_USERNS(2const).
   */
  owner(): Identity<"user">;
  /** The same, held open for further questions; the caller ends it. */
  openOwner(): Namespace<"user">;
  /**
   * The kernel's 64-bit id, never used twice before the next boot; undefined before Linux 6.18, which has none.
   * Source: include/uapi/linux/nsfs.h NS_GET_ID.
   */
  uniqueId(): bigint | undefined;
  /** As the kernel writes it: `net:[4026531833]`. */
  toString(): string;
}

/** What user and pid namespaces have beyond others. */
interface Nesting<K extends "user" | "pid"> {
  /**
   * The parent. EPERM: it is neither the caller's own namespace of this kind nor one below it, or there is none.
   * Since Linux 4.9. Source: NS_GET_PARENT(2const).
   */
  parent(): Identity<K>;
  /** The same, held open for further questions; the caller ends it. */
  openParent(): Namespace<K>;
  /**
   * Its parent, the parent's parent and so on, nearest first, up to the caller's own namespace of this kind: what lies
   * above that, the kernel shows nobody below. Empty where there is nothing to see. Errors: as `parent`, but for EPERM.
   */
  ancestors(): readonly Identity<K>[];
}

/** What user namespaces have beyond others. */
interface Owning {
  /**
   * The effective uid of the process that created it, as the caller's user namespace maps it. Any user namespace
   * answers, whether the caller may see its parent or not. Since Linux 4.11. Source: NS_GET_OWNER_UID(2const).
   */
  ownerUid(): OwnerUid;
}

interface ByKind {
  readonly cgroup: OpenNamespace<"cgroup">;
  readonly ipc: OpenNamespace<"ipc">;
  readonly mnt: OpenNamespace<"mnt">;
  readonly net: OpenNamespace<"net">;
  readonly pid: OpenNamespace<"pid"> & Nesting<"pid">;
  readonly time: OpenNamespace<"time">;
  readonly user: OpenNamespace<"user"> & Nesting<"user"> & Owning;
  readonly uts: OpenNamespace<"uts">;
}

/**
 * A namespace of kind `K`, held open. What its kind cannot answer (EINVAL) is not there to be called: only user and pid
 * namespaces have a parent, only user namespaces a creator's uid. Where the kind is not known, `kind` tells them apart.
 */
export type Namespace<K extends NamespaceKind = NamespaceKind> = ByKind[K];
