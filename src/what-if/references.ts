import { isLink, LINKS, type ProcLink } from "../abi/proc-links.ts";
import { CONSTANTS, CLONE_FLAGS } from "../abi/constants.ts";
import { KINDS, NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
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

/** Kinds of namespaces by both of their names: `user` and CLONE_NEWUSER. */
const KIND_FLAGS: ReadonlyMap<string, number> = new Map(
  KINDS.flatMap((kind) => {
    const { flag, flagName } = NAMESPACE_KINDS[kind];
    return [
      [kind, flag],
      [flagName, flag],
    ];
  }),
);
const ALL_CLONE_FLAGS: ReadonlyMap<string, number> = new Map([...KIND_FLAGS, ...Object.entries(CLONE_FLAGS)]);
const PIDFD_FLAGS: ReadonlyMap<string, number> = new Map([
  ["PIDFD_THREAD", CONSTANTS.PIDFD_THREAD],
  ["PIDFD_NONBLOCK", CONSTANTS.O_NONBLOCK],
]);

const flagsFrom =
  (table: ReadonlyMap<string, number>, expected: "kind" | "clone-flag" | "pidfd-flag") =>
  /** Flags up to the end, or up to the word `until`; as one number. */
  (args: Arguments, until?: string): number => {
    let flags = 0;
    for (let word = args.peek(); word !== undefined && word.text !== until; word = args.peek()) {
      args.word(expected);
      for (const name of word.text.split("|")) {
        const flag = /^(\d+|0x[\da-f]+)$/i.test(name) ? Number(name) >>> 0 : table.get(name);
        if (flag === undefined) throw args.unlike({ ...word, text: name }, expected, [...table.keys()]);
        flags = (flags | flag) >>> 0;
      }
    }
    return flags;
  };
export const kindFlags = flagsFrom(KIND_FLAGS, "kind");
export const cloneFlags = flagsFrom(ALL_CLONE_FLAGS, "clone-flag");
export const pidfdFlags = flagsFrom(PIDFD_FLAGS, "pidfd-flag");
