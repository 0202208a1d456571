import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import { hasCapability } from "./has-capability.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import { ownerOf, parentOf, type Standpoint } from "./relations.ts";
import type { Credentials, View } from "./view.ts";

/**
 * OWNER and PARENT as first posted in August 2016: the initial namespaces have a case of their own, which the third
 * version took out again. Source: the patches' first version, "nsfs: add ioctl to get an owning user namespace".
 */
export function ownerOfV1<N>(view: View<N>, caller: Standpoint<N>, ns: N): Outcome<N> {
  if (view.owner(ns) === undefined) return refused("ENOENT", "initial-has-none");
  return ownerOf(view, caller, ns);
}
export function parentOfV1<N>(view: View<N>, caller: Standpoint<N>, ns: N): Outcome<N> {
  const kind = view.kind(ns);
  if ((kind === "user" || kind === "pid") && view.parent(ns) === undefined)
    return refused("ENOENT", "initial-has-none");
  return parentOf(view, caller, ns);
}

/** The kinds that had a file to join in May 2011. */
const KINDS_OF_2011: readonly NamespaceKind[] = ["uts", "ipc", "net"];

/**
 * SETNS as posted in May 2011: the capability comes before the descriptor, and is asked in the initial user namespace.
 * `target` undefined: the descriptor is not open; "other": it is no namespace file. The new set of namespaces that comes
 * then is not looked at: had it failed, the kernel would have used the error (`KernelFault`).
 */
export function maySetns2011<N>(
  view: View<N>,
  { who, initial }: { readonly who: Credentials<N>; readonly initial: N },
  target: N | "other" | undefined,
  nstype: number,
): Outcome<true> {
  if (!hasCapability(view, who, initial, "CAP_SYS_ADMIN")) return refused("EPERM", "no-admin-over-target");
  if (target === undefined) return refused("EBADF", "bad-descriptor");
  if (target === "other") return refused("EINVAL", "not-a-namespace-file");
  const kind = view.kind(target);
  if (!KINDS_OF_2011.includes(kind)) return refused("EINVAL", "not-a-namespace-file");
  if (nstype !== 0 && nstype !== NAMESPACE_KINDS[kind].flag) return refused("EINVAL", "nstype-differs");
  return ok(true);
}
