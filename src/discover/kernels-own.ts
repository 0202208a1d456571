import { inodeOf, type NamespaceId } from "../abi/ids.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { kindOfLink, LINKS } from "../abi/proc-links.ts";
import { atLeast } from "../rules/release.ts";
import type { NamespaceRecord, ProcessRecord } from "../snapshot/types.ts";

/** Since then the first namespace of every kind has a number of its own. */
const ALL_NUMBERED = "6.18";
const NUMBERED_LATE: ReadonlySet<NamespaceKind> = new Set<NamespaceKind>(["mnt", "net"]);

/**
 * The namespaces that are the machine's own, or may be: the first of each kind, those of kernel threads, and, where
 * neither a number nor a kernel thread that can be seen tells the first net and mnt (an ordinary user before Linux
 * 6.18), all of that kind whose owner is not surely another than the first user namespace. None of them is somebody's.
 */
export function kernelsOwn(
  namespaces: readonly NamespaceRecord[],
  processes: readonly ProcessRecord[],
  release: string,
): ReadonlySet<NamespaceId> {
  const own = new Set<NamespaceId>();
  const told = new Set<NamespaceKind>();
  for (const { id, kind } of namespaces) if (isFirst(id, kind)) own.add(id);
  for (const { kernelThread, namespaces: its } of processes) {
    if (!kernelThread) continue;
    for (const link of LINKS) {
      const id = its[link];
      if (id === undefined) continue;
      own.add(id);
      told.add(kindOfLink(link));
    }
  }
  if (atLeast(release, ALL_NUMBERED)) return own;
  for (const { id, kind, owner } of namespaces) {
    if (!NUMBERED_LATE.has(kind) || told.has(kind)) continue;
    if (!("to" in owner) || isFirst(owner.to, "user")) own.add(id);
  }
  return own;
}

const isFirst = (id: NamespaceId, kind: NamespaceKind): boolean =>
  inodeOf(id) === String(NAMESPACE_KINDS[kind].initialInode);
