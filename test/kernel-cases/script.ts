import { capBit, type Capability } from "../../src/abi/capabilities.ts";
import type { PidfdIoctl } from "../../src/abi/ioctls.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import type { ProcLink } from "../../src/abi/proc-links.ts";
import { allIds, taskName, type Call, type MapFile, type TaskName, type Value } from "../../src/kernel/call.ts";
import type { ThreeIds } from "../../src/kernel/call.ts";
import type { IoctlArgument, IoctlRequest, OpenFlag, OtherFile } from "../../src/kernel/file-call.ts";
import type { KernelChange } from "../../src/rules/kernel-changes.ts";
import type { Refused } from "../../src/rules/outcome.ts";

/**
 * What a line expects: any success, a number, a refusal, something read, or a namespace: one that a line above named, or
 * a new one that gets the name here.
 */
export type LineExpected =
  | "done"
  | number
  | Refused
  | { readonly reads: Value }
  | { readonly is: string }
  | { readonly names: string };
export type Line = readonly [caller: string, call: Call, gives: LineExpected];

/** Calls one after the other, which every kernel must answer alike. */
export interface Script {
  readonly title: string;
  /** The uid and gid of the first task, which is called "shell". */
  readonly uid: number;
  readonly lines: readonly Line[];
  /** Other kernels are not asked: what it gives there depends on what else runs. */
  readonly needs?: KernelChange;
}

// The calls in short, as a script writes them.
export const SHELL = "shell";
const task = (name: string): TaskName => taskName(name);
const flags = (kinds: readonly NamespaceKind[]): number =>
  kinds.reduce((sum, kind) => sum | NAMESPACE_KINDS[kind].flag, 0);
export const open = (of: string, link: ProcLink, ...flags: OpenFlag[]): Call => ({
  op: "open",
  of: task(of),
  link,
  ...(flags.length === 0 ? {} : { flags }),
});
export const openOther = (what: OtherFile): Call => ({ op: "open-other", what });
export const fstat = (fd: number): Call => ({ op: "fstat", fd });
export const close = (fd: number): Call => ({ op: "close", fd });
export const ioctl = (fd: number, request: IoctlRequest, argument?: IoctlArgument): Call => ({
  op: "ioctl",
  fd,
  request,
  ...(argument === undefined ? {} : { argument }),
});
export const setns = (fd: number, kind?: NamespaceKind): Call => ({
  op: "setns",
  fd,
  nstype: kind === undefined ? 0 : NAMESPACE_KINDS[kind].flag,
});
export const unshare = (...kinds: NamespaceKind[]): Call => ({ op: "unshare", flags: flags(kinds) });
export const clone = (as: string, ...kinds: NamespaceKind[]): Call => ({
  op: "clone",
  as: task(as),
  flags: flags(kinds),
});
export const setresuid = (ids: number | ThreeIds): Call => ({
  op: "setresuid",
  ids: typeof ids === "number" ? allIds(ids) : ids,
});
export const setresgid = (ids: number | ThreeIds): Call => ({
  op: "setresgid",
  ids: typeof ids === "number" ? allIds(ids) : ids,
});
export const dumpable: Call = { op: "set-dumpable", dumpable: true };
export const write = (of: string, file: MapFile, text: string): Call => ({ op: "write", of: task(of), file, text });
export const capset = (...names: Capability[]): Call => {
  const set = names.reduce((sum, name) => sum | capBit(name), 0n);
  return { op: "capset", effective: set, permitted: set };
};
export const exit: Call = { op: "exit" };
export { refused } from "../../src/rules/outcome.ts";
export const openFolder = (of: string): Call => ({ op: "open-folder", of: task(of) });
export const openMap = (of: string, file: MapFile, access: "read" | "write" | "both"): Call => ({
  op: "open-map",
  of: task(of),
  file,
  access,
});
export const read = (fd: number): Call => ({ op: "read", fd });
export const writeFd = (fd: number, text: string): Call => ({ op: "write-fd", fd, text });
export const pwrite = (fd: number, text: string, offset: number): Call => ({ op: "pwrite", fd, text, offset });
export const setgroups = (...groups: number[]): Call => ({ op: "setgroups", groups });
export const status = (of: string): Call => ({ op: "status", of: task(of) });
export const pidfdOpen = (of: string | number, flags = 0): Call => ({
  op: "pidfd_open",
  of: typeof of === "number" ? { number: of } : task(of),
  flags,
});
export const pidfdIoctl = (fd: number, request: PidfdIoctl | number, argument = 0): Call => ({
  op: "pidfd-ioctl",
  fd,
  request,
  argument,
});
export const setnsFlags = (fd: number, nstype: number): Call => ({ op: "setns", fd, nstype });
export const send = (fd: number, to: string): Call => ({ op: "send", fd, to: task(to) });
