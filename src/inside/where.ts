import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Namespace } from "../library/namespace.ts";

/**
 * The namespaces that something is to be in; it stays where the program is for all other kinds.
 *
 * - `Namespace`: one that is held open. It may be closed as soon as the function has returned.
 * - a REF that names a file, as `openNamespace` takes it: `/run/netns/blue`, `net:blue`, `42/net`, `fd:7`. What has to be
 *   searched for (an inode, an id) is opened by `openNamespace` first.
 * - several of those, one of a kind. In which order they are joined does not follow from the order here.
 * - by kind: `{ net: 7, mnt: "/proc/42/ns/mnt" }`. A number is an open descriptor. The kind is a promise that nobody
 *   checks but the kernel, with the call that joins: what is of another kind is EINVAL, and nothing was joined.
 * - a process: what it is in and the program is not, or those of `kinds`. It is pinned by a pidfd while its namespaces are
 *   opened, so that a reused pid is never entered.
 */
export type Inside = Namespace | string | readonly (Namespace | string)[] | InsideByKind | InsideProcess;

export type InsideByKind = { readonly [K in NamespaceKind]?: Namespace | string | number };

export interface InsideProcess {
  readonly process: number;
  readonly kinds?: readonly NamespaceKind[];
}
