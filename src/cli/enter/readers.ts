import { wholeNumber } from "../../refs/parse.ts";
import { pidOf } from "../../refs/ref.ts";
import { ENTER_EXPECTED } from "../../messages/enter.ts";
import { EXPECTED } from "../../messages/usage.ts";
import type { Pid } from "../../abi/ids.ts";
import type { Reader } from "../options.ts";

/** Readers for the values of `enter`'s options. As nsenter, one `=` in front is taken off: `-n=/run/netns/blue`. */

const U64_MAX = 0xffffffffffffffffn;
/** uid and gid 4294967295 mean "leave it": setuid(2). */
const MOST_ID = 0xfffffffen;
const MOST_FD = 0x7fffffffn;

/** Where a namespace of a kind that was asked for is. */
export type KindSource =
  | { readonly from: "target" }
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "id"; readonly id: string };

export const fileOrId: Reader<KindSource> = (text) => {
  const value = withoutEquals(text);
  if (value === "") return { ok: false, expected: EXPECTED.path };
  if (!value.startsWith(":")) return { ok: true, value: { from: "file", path: value } };
  const id = wholeNumber(value.slice(1), 1n, U64_MAX);
  return id === undefined
    ? { ok: false, expected: EXPECTED.count }
    : { ok: true, value: { from: "id", id: String(id) } };
};

export type FolderSource = { readonly from: "target" } | { readonly from: "path"; readonly path: string };

export const folder: Reader<FolderSource> = (text) => {
  const path = withoutEquals(text);
  return path === "" ? { ok: false, expected: EXPECTED.path } : { ok: true, value: { from: "path", path } };
};

/** A process by its number, and where it is given by the inode of its pidfd, which no other process ever has. */
export interface Target {
  readonly pid: Pid;
  readonly inode?: bigint;
}

export const targetProcess: Reader<Target> = (text) => {
  const [digits = "", inodeDigits, ...rest] = text.split(":");
  const pid = pidOf(digits);
  const inode = inodeDigits === undefined ? undefined : wholeNumber(inodeDigits, 1n, U64_MAX);
  if (pid === undefined || rest.length > 0 || (inodeDigits !== undefined && inode === undefined)) {
    return { ok: false, expected: ENTER_EXPECTED.target };
  }
  return { ok: true, value: { pid, ...(inode !== undefined && { inode }) } };
};

/** An id, or a name to look up, or that of the target. */
export type IdWish = number | { readonly name: string } | "follow";

export const idOrName: Reader<IdWish> = (text) => {
  const id = idIn(text);
  return id === undefined ? { ok: false, expected: ENTER_EXPECTED.id } : { ok: true, value: id };
};

export type GroupsWish = "follow" | "keep" | readonly (number | { readonly name: string })[];

export const groupList: Reader<GroupsWish> = (text) => {
  if (text === "follow" || text === "keep") return { ok: true, value: text };
  if (text === "none") return { ok: true, value: [] };
  const ids: (number | { readonly name: string })[] = [];
  for (const word of text.split(",")) {
    const id = idIn(word);
    if (id === undefined || id === "follow") return { ok: false, expected: ENTER_EXPECTED.groups };
    ids.push(id);
  }
  return { ok: true, value: ids };
};

/** The names that useradd(8) makes, and more: whatever passwd(5) can hold. */
const NAME = /^[^\d\s:,=-][^\s:,]*$/u;

function idIn(text: string): IdWish | undefined {
  if (text === "follow") return text;
  const number = wholeNumber(text, 0n, MOST_ID);
  if (number !== undefined) return Number(number);
  return NAME.test(text) ? { name: text } : undefined;
}

export const descriptorNumber: Reader<number> = (text) => {
  const fd = wholeNumber(text, 0n, MOST_FD);
  return fd === undefined ? { ok: false, expected: ENTER_EXPECTED.descriptor } : { ok: true, value: Number(fd) };
};

const withoutEquals = (text: string): string => (text.startsWith("=") ? text.slice(1) : text);
