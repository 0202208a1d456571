import { inodeOf } from "../abi/ids.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import type { SnapshotIndex } from "./index-snapshot.ts";
import type { NamespaceRecord } from "./types.ts";

/**
 * Whether the kernel itself holds it for as long as it runs: the machine's first one of its kind, and those that it made for
 * its own threads (kdevtmpfs's mount namespace). Before Linux 6.18 the first net and mnt have no fixed inode number; then
 * a kernel thread that can be seen in it tells.
 */
export const isKernels = (index: SnapshotIndex, { id, kind }: NamespaceRecord): boolean =>
  inodeOf(id) === String(NAMESPACE_KINDS[kind].initialInode) ||
  (index.members.get(id) ?? []).some(({ kernelThread }) => kernelThread);
