import { CONSTANTS } from "../../abi/constants.ts";
import { ok, refused, type Outcome, type Refused } from "../../rules/outcome.ts";
import type { Value } from "../call.ts";
import { descriptorAt } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { mapText } from "./map-texts.ts";
import type { FileKey, FileTarget, OpenFile, Task } from "./world.ts";
import { writeMap } from "./write-map.ts";

const ACCESS_MODE = 3;
const O_RDONLY = 0;
const O_WRONLY = 1;
/** As much as one read(2) asks for, and the kernel's buffer for files that it makes line by line. */
const READ_BYTES = 4096;

/** read(2). Only the files through which a user namespace gets its ids have something to read. */
export function read(draft: Draft, caller: Task, fd: number): Outcome<Value> {
  const opened = openFor(draft, caller, fd, O_WRONLY);
  if (!opened.ok) return opened;
  const [key, { target }] = opened.value;
  if (target.type === "map") {
    const { user, file, opener, offset } = target;
    const text = nextRead(mapText(draft, { user, file, reader: opener.user }), offset);
    draft.files.change(key, { target: { ...target, offset: offset + text.length } });
    return ok({ text });
  }
  if (target.type === "socket")
    throw new Error("nobody sends anything to a socket of the model: it would wait for ever");
  if (target.type !== "other") return refused("EINVAL", "nothing-to-read-or-write");
  // Of a pipe the other end is closed.
  return target.what.endsWith("directory") ? refused("EISDIR", "nothing-to-read-or-write") : ok({ text: "" });
}

/** write(2). */
export function write(draft: Draft, caller: Task, { fd, text }: { fd: number; text: string }): Outcome<number> {
  const opened = openFor(draft, caller, fd, O_RDONLY);
  if (!opened.ok) return opened;
  const [key, { target }] = opened.value;
  if (target.type === "socket") return unconnected(target);
  if (target.type !== "map") return refused("EINVAL", "nothing-to-read-or-write");
  const written = writeMap(draft, { ...target, writer: caller.credentials, text });
  if (written.ok) draft.files.change(key, { target: { ...target, offset: target.offset + written.value } });
  return written;
}

/**
 * Why nothing goes through a datagram socket: it was never connected; or its other end is closed, which it forgets at once:
 * that is told the first time only. Source: net/ipv4/udp.c udp_sendmsg, net/unix/af_unix.c unix_dgram_sendmsg.
 */
function unconnected({ family, peer }: Extract<FileTarget, { readonly type: "socket" }>): Refused {
  if (family === "inet") return refused("EDESTADDRREQ", "nothing-to-read-or-write");
  return refused(peer === undefined ? "ENOTCONN" : "ECONNREFUSED", "nothing-to-read-or-write");
}

/** pwrite64(2). Files that the kernel makes line by line have one place only, and neither pipes nor sockets have any. */
export function pwrite(draft: Draft, caller: Task, { fd, offset }: { fd: number; offset: number }): Outcome<number> {
  if (offset < 0) return refused("EINVAL", "negative-offset");
  const key = descriptorAt(draft, caller, fd);
  if (!key.ok) return key;
  const { target, flags } = draft.files.get(key.value);
  if ((flags & CONSTANTS.O_PATH) !== 0) return refused("EBADF", "bad-descriptor");
  const hasNoPlaces = target.type === "map" || target.type === "socket";
  if (hasNoPlaces || (target.type === "other" && target.what === "pipe")) return refused("ESPIPE", "no-places");
  if ((flags & ACCESS_MODE) === O_RDONLY) return refused("EBADF", "access-mode");
  return refused("EINVAL", "nothing-to-read-or-write");
}

/** EBADF: not open, or open for the other thing only. */
function openFor(draft: Draft, caller: Task, fd: number, notFor: number): Outcome<readonly [FileKey, OpenFile]> {
  const key = descriptorAt(draft, caller, fd);
  if (!key.ok) return key;
  const file = draft.files.get(key.value);
  if ((file.flags & CONSTANTS.O_PATH) !== 0) return refused("EBADF", "bad-descriptor");
  return (file.flags & ACCESS_MODE) === notFor ? refused("EBADF", "access-mode") : ok([key.value, file]);
}

/**
 * What one read gives from `offset` on: what is left of a line begun before, and then whole lines while they fit into
 * the buffer; the last one is cut where the caller has no room for it. Source: fs/seq_file.c seq_read_iter.
 */
function nextRead(text: string, offset: number): string {
  const atLine = offset === 0 || offset >= text.length || text[offset - 1] === "\n";
  const first = atLine ? offset : text.indexOf("\n", offset) + 1;
  const room = READ_BYTES - (first - offset);
  let end = first;
  for (let next = text.indexOf("\n", end) + 1; next > 0; next = text.indexOf("\n", end) + 1) {
    if (end - first >= room || next - first >= READ_BYTES) break;
    end = next;
  }
  return text.slice(offset, Math.min(end, offset + READ_BYTES));
}
