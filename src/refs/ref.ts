import { PID_MAX_LIMIT, parseNamespaceId, pid, type NamespaceId, type Pid } from "../abi/ids.ts";
import { isKind, KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { isLink, LINKS, type ProcLink } from "../abi/proc-links.ts";
import { broken, wholeNumber, type Parse } from "./parse.ts";

/** A namespace as the user names it. `kind`, where it is there, is what the namespace must be of. */
export type Ref =
  | { readonly form: "path"; readonly path: string; readonly kind?: NamespaceKind }
  /** An inode number in decimal. */
  | { readonly form: "inode"; readonly inode: string; readonly kind?: NamespaceKind }
  | { readonly form: "id"; readonly id: NamespaceId; readonly kind: NamespaceKind }
  /** The kernel's 64-bit id, in decimal. */
  | { readonly form: "unique-id"; readonly uniqueId: string; readonly kind: NamespaceKind }
  | { readonly form: "link"; readonly process: Pid | "self"; readonly thread?: Pid; readonly link: ProcLink }
  /** A name under /run/netns. */
  | { readonly form: "name"; readonly name: string; readonly kind: "net" }
  | { readonly form: "fd"; readonly fd: number };

const MAX_U64 = 0xffffffffffffffffn;
/** The kernel's highest sysctl fs.nr_open on 64-bit machines, less one. Source: fs/file.c sysctl_nr_open_max. */
const MAX_FD = 1_073_741_816;
/** PATH_MAX without the final NUL, and NAME_MAX. Source: include/uapi/linux/limits.h. */
const MAX_PATH_BYTES = 4095;
const MAX_NAME_BYTES = 255;
/** PID/TID/kind. */
const MOST_PARTS = 3;

/** Reads a REF. The forms tell themselves apart by how they begin, so that each name has one reading at most. */
export function parseRef(text: string): Parse<Ref> {
  if (text === "") return broken("empty", text);
  if (/^\.{0,2}\//.test(text)) return pathRef(text);
  if (text.startsWith("fd:")) return fdRef(text.slice("fd:".length));
  if (/^\d+$/.test(text)) return inodeRef(text);
  const colon = text.indexOf(":");
  const slash = text.indexOf("/");
  if (colon !== -1 && (slash === -1 || colon < slash)) return kindRef(text.slice(0, colon), text.slice(colon + 1));
  return slash === -1 ? broken("no-known-form", text) : linkRef(text.split("/"), text);
}

function pathRef(path: string, kind?: NamespaceKind): Parse<Ref> {
  if (path.includes("\0")) return broken("path-with-nul", path);
  if (bytes(path) > MAX_PATH_BYTES || path.split("/").some((name) => bytes(name) > MAX_NAME_BYTES)) {
    return broken("path-too-long", path);
  }
  return { ok: true, value: { form: "path", path, ...guard(kind) } };
}

function fdRef(digits: string): Parse<Ref> {
  const fd = wholeNumber(digits, 0n, BigInt(MAX_FD));
  return fd === undefined ? broken("bad-fd", digits) : { ok: true, value: { form: "fd", fd: Number(fd) } };
}

function inodeRef(digits: string, kind?: NamespaceKind): Parse<Ref> {
  const inode = wholeNumber(digits, 1n, MAX_U64);
  if (inode === undefined) return broken("bad-inode", digits);
  return { ok: true, value: { form: "inode", inode: String(inode), ...guard(kind) } };
}

/** What follows `kind:` — a path, [inode], [MAJ:MIN/INODE], an inode, id:N, or a name. */
function kindRef(kind: string, rest: string): Parse<Ref> {
  if (!isKind(kind)) return broken("unknown-kind", kind, KINDS);
  if (rest === "") return broken("kind-names-nothing", kind);
  if (/^\.{0,2}\//.test(rest)) return pathRef(rest, kind);
  if (rest.startsWith("[")) return bracketRef(kind, rest);
  if (/^\d+$/.test(rest)) return inodeRef(rest, kind);
  if (rest.startsWith("id:")) {
    const uniqueId = wholeNumber(rest.slice("id:".length), 1n, MAX_U64);
    if (uniqueId === undefined) return broken("bad-unique-id", rest.slice("id:".length));
    return { ok: true, value: { form: "unique-id", uniqueId: String(uniqueId), kind } };
  }
  return kind === "net" ? nameRef(rest) : broken("name-is-for-net", rest);
}

function bracketRef(kind: NamespaceKind, text: string): Parse<Ref> {
  if (text.indexOf("]") !== text.length - 1) return broken("bracket-not-closed", text);
  const inside = text.slice(1, -1);
  if (!/[:/]/.test(inside)) return inodeRef(inside, kind);
  const id = parseNamespaceId(inside);
  return id === undefined || id.endsWith("/0")
    ? broken("bad-device", inside)
    : { ok: true, value: { form: "id", id, kind } };
}

// Control characters are legal in a file name, and `ip netns` makes none: such a file can still be named by its path.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

function nameRef(name: string): Parse<Ref> {
  const bad = name === "." || name === ".." || name.includes("/") || CONTROL.test(name) || bytes(name) > MAX_NAME_BYTES;
  return bad ? broken("bad-name", name) : { ok: true, value: { form: "name", name, kind: "net" } };
}

function linkRef(parts: readonly string[], text: string): Parse<Ref> {
  if (parts.length > MOST_PARTS) return broken("too-many-parts", text);
  const [process = "", ...rest] = parts;
  const link = rest.at(-1) ?? "";
  const thread = rest.length === 2 ? rest[0] : undefined;
  const processId = process === "self" ? process : pidOf(process);
  if (processId === undefined) return broken(/^[\d+-]/.test(process) ? "bad-pid" : "no-known-form", process);
  const threadId = thread === undefined ? undefined : pidOf(thread);
  if (thread !== undefined && threadId === undefined) return broken("bad-thread", thread);
  if (!isLink(link)) return broken("unknown-link", link, LINKS);
  const base = { form: "link", process: processId, link } as const;
  return { ok: true, value: threadId === undefined ? base : { ...base, thread: threadId } };
}

/** A process id from its digits; undefined where it is none. */
export function pidOf(digits: string): Pid | undefined {
  const number = wholeNumber(digits, 1n, BigInt(PID_MAX_LIMIT));
  return number === undefined ? undefined : pid(Number(number));
}

const guard = (kind: NamespaceKind | undefined) => (kind === undefined ? {} : { kind });
/** A byte that is no UTF-8 stands as half of a surrogate pair (see `pathText`). */
const bytes = (text: string): number => new TextEncoder().encode(text.replace(/[\udc80-\udcff]/gu, "?")).length;
