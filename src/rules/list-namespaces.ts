import { KIND_BY_FLAG, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { hasCapability } from "./has-capability.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import { maySeeAll } from "./see-all.ts";
import { ALL_NEW_FLAGS, wants } from "./unshare.ts";
import type { Credentials, View } from "./view.ts";

/** How a kernel decides what listns shows: "owner" by CAP_SYS_ADMIN over the owner (6.19), "all" by the sight of all (7.0). */
export type ListRule = "owner" | "all";

/** What listns(2) is asked. */
export interface ListRequest {
  /** ns_type: CLONE_NEW* flags; 0 means all kinds. */
  readonly types: number;
  /** ns_id: the last id that was seen; 0 before the first call. */
  readonly after?: bigint;
  /** user_ns_id: only what this user namespace owns; 0: whoever owns it. */
  readonly owner?: bigint;
  /** Room for so many ids. */
  readonly atMost?: number;
  /** What is wrong with the call otherwise. */
  readonly fault?: ListFault;
}
/** user_ns_id: the caller's own user namespace. Source: LISTNS_CURRENT_USER in include/uapi/linux/nsfs.h. */
export const OWNED_BY_OWN = 0xffff_ffff_ffff_ffffn;

/** Ways to call listns(2) that the kernel looks at first, in its order; two of them it lets pass. */
export type ListFault = keyof typeof FAULTS;
const FAULTS = {
  "unknown-flags": refused("EINVAL", "list-call-malformed"),
  "room-for-over-a-million": refused("EOVERFLOW", "list-too-long"),
  "bad-request-address": refused("EFAULT", "bad-address"),
  "struct-over-a-page": refused("E2BIG", "struct-too-large"),
  "short-struct": refused("EINVAL", "struct-too-small"),
  "longer-struct-not-zero": refused("E2BIG", "struct-unknown-to-kernel"),
  "longer-struct-of-zeros": ok(true),
  spare: refused("EINVAL", "list-call-malformed"),
  "second-spare": ok(true),
  /** EFAULT once there is something to write. */
  "bad-room-address": ok(true),
} as const satisfies Record<string, Outcome<true>>;
export const LIST_FAULTS = Object.keys(FAULTS) as readonly ListFault[];

/** LISTNS: what is wrong with the call itself. Source: kernel/nstree.c listns, copy_ns_id_req. */
export function mayList({ types, fault }: ListRequest): Outcome<true> {
  if (fault !== undefined && !FAULTS[fault].ok) return FAULTS[fault];
  return (types & ~ALL_NEW_FLAGS) === 0 ? ok(true) : refused("EOPNOTSUPP", "not-a-set-of-kinds");
}

export const isWanted = (types: number, kind: NamespaceKind): boolean => types === 0 || wants(types, kind);
/** With one kind asked for, the walk is over that kind alone, and begins beyond its last one with ENOENT. */
export const onlyKind = (types: number): NamespaceKind | undefined => KIND_BY_FLAG.get(types);

/** Who lists. */
export interface Lister<N> {
  readonly credentials: Credentials<N>;
  /** Its namespaces; of pid namespaces the one it is in itself. */
  readonly current: (kind: NamespaceKind) => N;
}

/** Whether a namespace is shown: the caller's own always. Linux 6.19. Source: kernel/nstree.c may_list_ns. */
export function isShown<N>(view: View<N>, { credentials, current }: Lister<N>, ns: N, rule: ListRule): boolean {
  const kind = view.kind(ns);
  if (current(kind) === ns) return true;
  if (rule === "all") return maySeeAll(view, { credentials, pid: current("pid") }).ok;
  return hasCapability(view, credentials, kind === "user" ? ns : (view.owner(ns) ?? ns), "CAP_SYS_ADMIN");
}
