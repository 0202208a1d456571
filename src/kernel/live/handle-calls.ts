import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { NSFS_HANDLE as AT } from "../../abi/nsfs-structs.ts";
import type { FileHandle } from "../../rules/file-handle.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Value } from "../call.ts";
import type { FileCall } from "../file-call.ts";
import { type Argument, filled, room } from "./holder-arguments.ts";
import * as calls from "./holder-calls.ts";

type OpenByHandle = Extract<FileCall, { op: "open_by_handle_at" }>;

const HEADER_BYTES = AT.head;
/** MAX_HANDLE_SZ, and a little more for those who say so. */
const ROOM_BYTES = 136;
const MOUNT_ID_BYTES = 4;

export const ofFile = (by: calls.Caller, { fd, bytes }: { fd: number; bytes?: number }): Outcome<Value> =>
  nameToHandle(by, { folder: fd, path: "", flags: CONSTANTS.AT_EMPTY_PATH, ...(bytes === undefined ? {} : { bytes }) });

export const ofLink = (by: calls.Caller, path: string, follow: boolean): Outcome<Value> =>
  nameToHandle(by, { folder: CONSTANTS.AT_FDCWD, path, flags: follow ? CONSTANTS.AT_SYMLINK_FOLLOW : 0 });

/** name_to_handle_at(2). */
function nameToHandle(
  by: calls.Caller,
  {
    folder,
    path,
    flags,
    bytes = ROOM_BYTES - HEADER_BYTES,
  }: { folder: number; path: string; flags: number; bytes?: number },
): Outcome<Value> {
  const handle = new Uint8Array(ROOM_BYTES);
  new DataView(handle.buffer).setUint32(AT.bytes, bytes, true);
  const args: Argument[] = [folder, path, filled(handle), room(MOUNT_ID_BYTES), flags];
  const answer = by.holders.syscall(by.holder, "name_to_handle_at", args);
  if (answer.state !== "done") throw new calls.HolderLostError("name_to_handle_at", by.holder, answer.state);
  if (answer.ret < 0) return refused(errnoName(-answer.ret));
  const got = answer.out[0] ?? handle;
  const view = new DataView(got.buffer, got.byteOffset, got.byteLength);
  return ok({
    handle: {
      bytes: view.getUint32(AT.bytes, true),
      type: view.getInt32(AT.type, true),
      id: view.getBigUint64(AT.id, true),
      nsType: view.getUint32(AT.nsType, true),
      inode: view.getUint32(AT.inode, true),
    },
  });
}

/** open_by_handle_at(2). */
export function open(by: calls.Caller, { mount, handle }: OpenByHandle, flags: number): Outcome<number> {
  const folder = typeof mount === "string" ? CONSTANTS[mount] : mount;
  return calls.openByHandle(by, folder, bytesOf(handle), flags);
}

function bytesOf({ bytes, type, id, nsType, inode, junkBehind = false }: FileHandle): Uint8Array {
  const handle = new Uint8Array(ROOM_BYTES);
  const view = new DataView(handle.buffer);
  view.setUint32(AT.bytes, bytes, true);
  view.setInt32(AT.type, type, true);
  view.setBigUint64(AT.id, id, true);
  view.setUint32(AT.nsType, nsType, true);
  view.setUint32(AT.inode, inode, true);
  if (junkBehind) view.setUint32(AT.behind, 1, true);
  return handle;
}
