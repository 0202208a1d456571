import type { ErrnoName } from "../abi/errnos.ts";
import type { InterfaceName } from "../abi/interfaces.ts";
import type { NamespaceId } from "../abi/ids.ts";
import type { ProcLink } from "../abi/proc-links.ts";
import type { NotShown, Remedy } from "../messages/doctor.ts";

/**
 * What an interface is good for here. answers: it did what it is for. refused: it is there, and not for this caller.
 * missing: this kernel has none. filtered: this kernel has it, and something (a seccomp filter) answers in its place, or
 * ends the caller. untried: nothing can be said.
 */
export const ANSWERS = ["answers", "refused", "missing", "filtered", "untried"] as const;
export interface InterfaceAnswer {
  readonly name: InterfaceName;
  readonly since: string;
  readonly answer: (typeof ANSWERS)[number];
  readonly errno?: ErrnoName;
}

/** Something that was read, or why it was not. */
export type Reading = { readonly value: string } | { readonly refused: ErrnoName };

/** Who looks, and from where. */
export interface Caller {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
  /** Effective ones, by name; undefined where they could not be read. */
  readonly capabilities: readonly string[] | undefined;
  readonly noNewPrivs: boolean | undefined;
  readonly seccomp: "off" | "strict" | "filter" | undefined;
  readonly namespaces: readonly OwnNamespace[];
}
export interface OwnNamespace {
  readonly link: ProcLink;
  readonly id: NamespaceId;
  /** Whether it is the machine's first of its kind: by its inode number, which kernels fix. */
  readonly initial: boolean;
}

/** The /proc that is read. */
export interface ProcMount {
  readonly path: string;
  /** Whether it is there. */
  readonly found: boolean;
  /** As it was mounted; undefined where that is not told. */
  readonly hidepid: string | undefined;
  /** Whether its pids are those of the caller's own pid namespace. */
  readonly ownPids: boolean;
}

export interface Limit {
  readonly name: "nofile" | "nproc";
  /** Numbers in decimal, or "unlimited". */
  readonly soft: string;
  readonly hard: string;
}

/** Something that was not seen, and what would show it. */
export type Missing = NotShown & { readonly reveals: readonly Remedy[] };

/** All that `doctor` says. */
export interface Diagnosis {
  readonly source: "live" | "model" | "replay";
  /** Of a snapshot, when it was taken: nothing was tried then. UTC, ISO 8601. */
  readonly takenAt?: string;
  readonly kernel: { readonly name: string; readonly release: string; readonly machine: string };
  readonly caller: Caller;
  readonly proc: ProcMount;
  readonly settings: Readonly<Record<string, Reading>>;
  readonly limits: readonly Limit[];
  readonly interfaces: readonly InterfaceAnswer[];
  readonly missing: readonly Missing[];
}
