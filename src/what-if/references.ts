import { isLink, LINKS, type ProcLink } from "../abi/proc-links.ts";
import type { Arguments } from "./arguments.ts";
import type { Word } from "./fault.ts";

/**
 * The file that a call is made on: a descriptor of the caller, a link under /proc that the caller opens first, or a
 * namespace by its name, of which the caller is taken to have been passed a descriptor.
 */
export type FileReference =
  | { readonly is: "descriptor"; readonly fd: number }
  | { readonly is: "link"; readonly of: Word; readonly link: ProcLink }
  | { readonly is: "namespace"; readonly name: Word };

const DESCRIPTOR = /^(?:fd:)?(?<fd>\d{1,9})$/;

export function fileReference(args: Arguments): FileReference {
  const word = args.word("file");
  const fd = DESCRIPTOR.exec(word.text)?.groups?.["fd"];
  if (fd !== undefined) return { is: "descriptor", fd: Number(fd) };
  if (!word.text.includes("/")) return { is: "namespace", name: word };
  const { of, file } = inProc(word);
  if (!isLink(file.text)) throw args.unlike(file, "link", LINKS);
  return { is: "link", of, link: file.text };
}

/** A descriptor alone: `fd:3` or `3`. */
export function descriptor(args: Arguments): number {
  const word = args.word("descriptor");
  const fd = DESCRIPTOR.exec(word.text)?.groups?.["fd"];
  if (fd === undefined) throw args.unlike(word, "descriptor");
  return Number(fd);
}

/** `PROCESS/FILE`, with or without /proc before and ns/ between; without a process (`FILE`) it is the caller's own: an empty word. */
export function inProc(word: Word): { readonly of: Word; readonly file: Word } {
  const { before = "", of = "", between = "", file = "" } = PROC_FILE.exec(word.text)?.groups ?? { file: word.text };
  const from = word.from + before.length;
  const fileFrom = from + of.length + between.length;
  return { of: { text: of, from, to: from + of.length }, file: { text: file, from: fileFrom, to: word.to } };
}
const PROC_FILE = /^(?<before>\/proc\/)?(?:(?<of>[^/]+)(?<between>\/(?:ns\/)?))?(?<file>[^/]*)$/;

/** A link of a process and nothing else: `PROCESS/LINK`. */
export function procLink(args: Arguments): { readonly of: Word; readonly link: ProcLink } {
  const { of, file } = inProc(args.word("link"));
  if (!isLink(file.text)) throw args.unlike(file, "link", LINKS);
  return { of, link: file.text };
}

export const isDescriptor = (text: string): boolean => DESCRIPTOR.test(text);

/** `PROCESS/fd/N`; undefined for any other word. */
export function procDescriptor(word: Word): { readonly of: Word; readonly fd: number } | undefined {
  const { before = "", of, fd } = PROC_DESCRIPTOR.exec(word.text)?.groups ?? {};
  if (of === undefined) return undefined;
  const from = word.from + before.length;
  return { of: { text: of, from, to: from + of.length }, fd: Number(fd) };
}
const PROC_DESCRIPTOR = /^(?<before>\/proc\/)?(?<of>[^/]+)\/fd\/(?<fd>\d{1,9})$/;
