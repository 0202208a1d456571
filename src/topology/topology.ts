import type { CgroupNode, IpcNode, MountNode, NetworkNode, PidNode, TimeNode, UserNode, UtsNode } from "./nodes.ts";
import type { ProcLink } from "../abi/proc-links.ts";
import type { Ids } from "../procfs/status.ts";
import type { Finding } from "./findings.ts";
import type { Label, Reference } from "./reference.ts";

/** The newest format of an image that this nsatlas writes and reads. */
export const TOPOLOGY_FORMAT = "nsatlas-topology";
export const TOPOLOGY_VERSION = 1;

/**
 * T = (N, P, H, E) of one checkpoint, or of a text written by hand: namespaces, processes that stand in them, and what else
 * holds them. Closed under owner, parent, member and pin, up to the boundary. Ids are numbers in the user namespace that the
 * field names, never in that of whoever looked; so two looks at the same thing from different places are equal.
 */
export interface Topology {
  readonly format: typeof TOPOLOGY_FORMAT;
  readonly version: typeof TOPOLOGY_VERSION;
  /** For people: where and when it was taken. Never compared. Absent in a text written by hand. */
  readonly origin?: Origin;
  /** Owners before what they own, parents before children. */
  readonly namespaces: readonly NamespaceNode[];
  /** Parents before children. */
  readonly processes: readonly ProcessNode[];
  readonly pins: readonly PinNode[];
  /** What the image does not hold, or not surely, by class; never two of one element and fact. */
  readonly findings: readonly Finding[];
}

export interface Origin {
  readonly producer: { readonly name: string; readonly version: string };
  /** UTC, ISO 8601. */
  readonly takenAt: string;
  readonly kernel: { readonly release: string; readonly machine: string };
  readonly bootId?: string;
}

export type NamespaceNode = UserNode | PidNode | MountNode | UtsNode | IpcNode | NetworkNode | CgroupNode | TimeNode;

/** A process as far as its namespaces and credentials go: restored, it does nothing, under the same name. */
export interface ProcessNode {
  readonly label: Label;
  readonly comm: string;
  /** Absent: its parent is not captured. */
  readonly parent?: Label;
  /**
   * Its numbers, from the outermost captured pid namespace that has it down to its own. Empty where its pid namespace is at the
   * boundary: the number there is anybody's.
   */
  readonly numbers: readonly number[];
  /** By link. A `*_for_children` that is the same as the process's own is left out, and so is a link the kernel has not. */
  readonly namespaces: Readonly<Partial<Record<ProcLink, Reference>>>;
  readonly credentials: Credentials;
  /**
   * As its own pid namespace numbers them; absent where it leads its own, or they are not in it. Where that pid namespace is at
   * the boundary, who leads them, be it itself; absent: nobody says, and restored it leads its own.
   */
  readonly session?: number | Label;
  readonly group?: number | Label;
  /** Descriptors of namespace files, by number. */
  readonly descriptors: readonly {
    readonly fd: number;
    readonly namespace: Reference;
    /** Absent: it outlasts execve(2), or nobody knows. */
    readonly closeOnExec?: true;
  }[];
  /** For people: the number that whoever looked had for it. Never compared. */
  readonly identity?: { readonly pid: number };
}

/** Ids as the process's own user namespace numbers them; one that has no number there is absent (and a finding). */
export interface Credentials {
  readonly uid: Readonly<Partial<Ids>>;
  readonly gid: Readonly<Partial<Ids>>;
  /** In ascending order. */
  readonly groups: readonly number[];
  /** Hexadecimal digits, as CapPrm and its like have them. */
  readonly capabilities: Readonly<Record<"inheritable" | "permitted" | "effective" | "bounding" | "ambient", string>>;
  readonly noNewPrivs: boolean;
}

/** A bind mount of a namespace file. */
export interface PinNode {
  readonly namespace: Reference;
  /** The mount namespace it lies in: captured, or `ambient:mnt`. */
  readonly in: Reference;
  /** From the root of that mount namespace. */
  readonly path: string;
}
