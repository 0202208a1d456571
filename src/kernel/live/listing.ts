import { fstatSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { namespaceId } from "../../abi/ids.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { NS_ID_REQUEST, NSFS_HANDLE } from "../../abi/nsfs-structs.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { OwnedFd } from "./fd.ts";
import type { Native } from "./native.ts";
import { LiveNsFile } from "./ns-file.ts";
import { outcomeOf } from "./outcome-of.ts";

/** One call of listns(2). */
export function listPage(
  native: Native,
  { kind, after, atMost }: { kind: NamespaceKind; after: bigint; atMost: number },
): Outcome<readonly bigint[]> {
  const request = new Uint8Array(NS_ID_REQUEST.bytes);
  const view = new DataView(request.buffer);
  view.setUint32(NS_ID_REQUEST.size, NS_ID_REQUEST.bytes, true);
  view.setBigUint64(NS_ID_REQUEST.after, after, true);
  view.setUint32(NS_ID_REQUEST.types, NAMESPACE_KINDS[kind].flag, true);
  const ids = new BigUint64Array(atMost);
  const count = native.listns(request, ids);
  return count < 0 ? refused(errnoName(-count)) : ok([...ids.subarray(0, count)]);
}

/** A namespace by its id alone: kind and inode number of the handle are 0. Two calls, and what is known is not asked again. */
export function openListed(
  native: Native,
  { kind, uniqueId }: { kind: NamespaceKind; uniqueId: bigint },
): Outcome<LiveNsFile> {
  const handle = new Uint8Array(NSFS_HANDLE.length);
  const view = new DataView(handle.buffer);
  view.setUint32(NSFS_HANDLE.bytes, NSFS_HANDLE.length - NSFS_HANDLE.head, true);
  view.setInt32(NSFS_HANDLE.type, CONSTANTS.FILEID_NSFS, true);
  view.setBigUint64(NSFS_HANDLE.id, uniqueId, true);
  const raw = native.openByHandleAt(CONSTANTS.FD_NSFS_ROOT, handle, CONSTANTS.O_CLOEXEC);
  if (raw < 0) return refused(errnoName(-raw));
  const fd = new OwnedFd(raw);
  // By Node, which tells the time as well: one call in place of two.
  const stat = outcomeOf(() => fstatSync(raw, { bigint: true }));
  if (stat.ok) {
    const { dev, ino, ctimeMs } = stat.value;
    return ok(
      new LiveNsFile(fd, namespaceId(dev, ino), native, { kind, uniqueId: ok(uniqueId), existsSince: Number(ctimeMs) }),
    );
  }
  fd[Symbol.dispose]();
  return stat;
}
