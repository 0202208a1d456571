import { errnoName, ERRNOS } from "../../abi/errnos.ts";
import { NSFS_IOCTLS, requestNumber } from "../../abi/ioctls.ts";
import {
  LSMT_ROOT,
  MNT_ID_REQUEST as REQUEST,
  MOUNT_ATTR__ATIME,
  MOUNT_ATTR_RDONLY,
  MOUNT_ATTRIBUTES,
  PROPAGATION,
  SB_RDONLY,
  STATMOUNT as AT,
  STATMOUNT_MASK,
} from "../../abi/statmount.ts";
import type { MountRecord } from "../../procfs/mountinfo.ts";
import { pathText } from "../../procfs/path-bytes.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { StatedMounts } from "../ns-file.ts";
import type { Native } from "./native.ts";
import { nsfsIoctl } from "./nsfs-ioctl.ts";

/** struct mnt_ns_info: its size, the number of mounts, the id. */
export const MNT_INFO_BYTES = 16;
const MOUNT_COUNT_AT = 4;

/** NS_MNT_GET_INFO. */
export function mountCountOf(native: Native, fd: number): Outcome<number> {
  const info = new Uint8Array(MNT_INFO_BYTES);
  const result = native.ioctl(fd, requestNumber(NSFS_IOCTLS.NS_MNT_GET_INFO), info);
  return result < 0 ? refused(errnoName(-result)) : ok(new DataView(info.buffer).getUint32(MOUNT_COUNT_AT, true));
}

/** Whose mounts are asked for: by its open file, which takes no capability (Linux 6.18), or by its id (6.11). */
type Whose = { readonly fd: number } | { readonly id: bigint };

/** Ids at a time. */
const BATCH = 512;
/** A page holds most; what does not fit is asked again with more room. */
const ROOM_BYTES = 4096;
const MOST_BYTES = 1 << 20;
const EVERYTHING = Object.values(STATMOUNT_MASK).reduce((mask, bit) => mask | bit, 0n);

/** The mounts of the mount namespace of an open file. */
export function mountsOf(native: Native, fd: number): Outcome<StatedMounts> {
  // 0 stands for no file there, and so for our own mounts.
  const byFile = fd === 0 ? refused("EINVAL") : listed(native, { fd });
  // Before Linux 6.18 the word for the file had to be 0.
  if (byFile.ok || byFile.errno !== "EINVAL") return byFile;
  const id = nsfsIoctl(native, fd, "NS_GET_MNTNS_ID");
  return id.ok ? listed(native, { id: id.value }) : byFile;
}

function listed(native: Native, whose: Whose): Outcome<StatedMounts> {
  const ids = new BigUint64Array(BATCH);
  const mounts: MountRecord[] = [];
  let vanished = 0;
  for (let last = 0n; ;) {
    const got = native.listmount(requestOf(whose, LSMT_ROOT, last), ids);
    if (got < 0) return refused(errnoName(-got));
    for (const id of ids.subarray(0, got)) {
      const mount = stated(native, requestOf(whose, id, EVERYTHING));
      if (mount.ok) mounts.push(mount.value);
      else if (mount.errno === "ENOENT") vanished++;
      else return mount;
    }
    if (got < BATCH) return ok({ mounts, vanished });
    last = ids[got - 1] ?? last;
  }
}

function requestOf(whose: Whose, mountId: bigint, param: bigint): Uint8Array {
  const request = new Uint8Array(REQUEST.bytes);
  const view = new DataView(request.buffer);
  view.setUint32(REQUEST.size, REQUEST.bytes, true);
  view.setUint32(REQUEST.namespaceFd, "fd" in whose ? whose.fd : 0, true);
  view.setBigUint64(REQUEST.mountId, mountId, true);
  view.setBigUint64(REQUEST.param, param, true);
  view.setBigUint64(REQUEST.namespaceId, "id" in whose ? whose.id : 0n, true);
  return request;
}

function stated(native: Native, request: Uint8Array): Outcome<MountRecord> {
  for (let room = ROOM_BYTES; ; room *= 4) {
    const bytes = new Uint8Array(room);
    const result = native.statmount(request, bytes);
    if (result === 0) return ok(mountOf(bytes));
    if (result !== -ERRNOS.EOVERFLOW || room >= MOST_BYTES) return refused(errnoName(-result));
  }
}

function mountOf(bytes: Uint8Array): MountRecord {
  const view = new DataView(bytes.buffer);
  const mask = view.getBigUint64(AT.mask, true);
  const has = (what: keyof typeof STATMOUNT_MASK): boolean => (mask & STATMOUNT_MASK[what]) !== 0n;
  const text = (what: "root" | "mountPoint" | "fsType" | "options" | "subtype" | "source"): string => {
    if (!has(what)) return "";
    const from = AT.strings + view.getUint32(AT[what], true);
    const end = bytes.indexOf(0, from);
    return pathText(bytes.subarray(from, end < 0 ? undefined : end));
  };
  const subtype = text("subtype");
  const access = view.getUint32(AT.flags, true) & SB_RDONLY ? "ro" : "rw";
  const superOptions = text("options");
  return {
    id: view.getUint32(AT.oldId, true),
    parent: view.getUint32(AT.oldParentId, true),
    device: { major: view.getUint32(AT.major, true), minor: view.getUint32(AT.minor, true) },
    root: text("root"),
    mountPoint: text("mountPoint"),
    options: optionsOf(Number(view.getBigUint64(AT.attributes, true))),
    optional: propagationOf(view),
    fsType: text("fsType") + (subtype === "" ? "" : `.${subtype}`),
    source: text("source"),
    superOptions: superOptions === "" ? access : `${access},${superOptions}`,
  };
}

function optionsOf(attributes: number): string[] {
  const words = MOUNT_ATTRIBUTES.flatMap(([bit, word]) => (attributes & bit ? [word] : []));
  const isRelative = (attributes & MOUNT_ATTR__ATIME) === 0;
  return [attributes & MOUNT_ATTR_RDONLY ? "ro" : "rw", ...words, ...(isRelative ? ["relatime"] : [])];
}

/** As mountinfo has it. Source: fs/proc_namespace.c show_mountinfo. */
function propagationOf(view: DataView): string[] {
  const flags = view.getBigUint64(AT.propagation, true);
  const from = view.getBigUint64(AT.propagateFrom, true);
  const master = view.getBigUint64(AT.master, true);
  return [
    ...(flags & PROPAGATION.shared ? [`shared:${view.getBigUint64(AT.peerGroup, true)}`] : []),
    ...(flags & PROPAGATION.slave ? [`master:${master}`] : []),
    ...(flags & PROPAGATION.slave && from !== 0n && from !== master ? [`propagate_from:${from}`] : []),
    ...(flags & PROPAGATION.unbindable ? ["unbindable"] : []),
  ];
}
