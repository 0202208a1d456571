import { KIND_BY_FLAG, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { hasCapability } from "./has-capability.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import { maySeeAll } from "./see-all.ts";
import { ALL_NEW_FLAGS, wants } from "./unshare.ts";
import type { Credentials, View } from "./view.ts";

/** How a kernel decides what listns shows: "owner" by CAP_SYS_ADMIN over the owner (6.19), "all" by the sight of all (7.0). */
export type ListRule = "owner" | "all";

/** LISTNS: the kinds that are asked for; none of them means all. Source: kernel/nstree.c prepare_klistns. */
export function mayList(types: number): Outcome<true> {
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
