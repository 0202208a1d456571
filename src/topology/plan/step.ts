import type { NamespaceId } from "../../abi/ids.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { ProcLink } from "../../abi/proc-links.ts";
import type { Call, CredentialCall, MapFile, SysctlName, TaskName } from "../../kernel/call.ts";
import type { AddressOrder, LinkChange, LinkOrder, NewLink, RouteOrder } from "../../netlink/orders.ts";
import type { Label, Reference } from "../reference.ts";
import type { MapProgram } from "./map-programs.ts";

/**
 * One thing that one process does. Whoever takes part shares one table of descriptors until it comes to rest: what one
 * keeps, all others can join. Nothing that a step names is a number that only a kernel could tell.
 */
export type Step = Deed & {
  readonly by: TaskName;
  /** The element of the topology that it is done for; absent: the restore as a whole. */
  readonly for?: Label;
};

export type Deed =
  /**
   * clone3(2), CLONE_FILES. `numbers`: those of the child, innermost first; without them whichever are free. `sibling`: the
   * parent is the caller's own (CLONE_PARENT).
   */
  | { readonly do: "fork"; readonly as: TaskName; readonly numbers?: readonly number[]; readonly sibling?: true }
  /**
   * unshare(2), of one or several kinds. `later`: mount namespaces that the new one has to be later than, since it is to be
   * bound in them.
   */
  | { readonly do: "unshare"; readonly kinds: readonly NamespaceKind[]; readonly later?: readonly Reference[] }
  /** Opens a link of its own, under a name by which all can join it. */
  | { readonly do: "keep"; readonly link: ProcLink; readonly as: Reference }
  /** The same of the pid namespace for its children, which no link shows before somebody was born there. */
  | { readonly do: "keep-unborn"; readonly as: Label }
  /** Opens a namespace that was named, by a path of whoever restores; `id`: the one it was when it was named. */
  | { readonly do: "open"; readonly path: string; readonly id: NamespaceId; readonly as: Reference }
  | { readonly do: "setns"; readonly kind: NamespaceKind; readonly namespace: Reference }
  | MapDeed
  | { readonly do: "offsets"; readonly text: string }
  /** user.max_* of its own user namespace. */
  | { readonly do: "limit"; readonly name: SysctlName; readonly text: string }
  | { readonly do: "credentials"; readonly call: CredentialCall | Extract<Call, { readonly op: "set-dumpable" }> }
  | { readonly do: "exit" }
  /** Waits for a child that has ended. `number`: as whoever waits numbers it; absent: as the restorer does. */
  | { readonly do: "wait"; readonly child: TaskName; readonly number?: number }
  | Setting
  | Place
  | ({ readonly do: "network" } & NetworkDeed)
  | { readonly do: "rest"; readonly descriptors: readonly KeptDescriptor[]; readonly command?: string };

/** `through`: a program writes the map for whoever has it done. */
export interface MapDeed {
  readonly do: "map";
  readonly of: TaskName;
  readonly file: MapFile;
  readonly text: string;
  readonly through?: MapProgram;
}

/** What a namespace says of itself; each is set by a process in it. */
export type Setting =
  | { readonly do: "hostname" | "domainname"; readonly text: string }
  /** Below /proc/sys: `kernel.shmmax`. */
  | { readonly do: "sysctl"; readonly name: string; readonly text: string }
  /** No mount of its own mount namespace is another's from now on. */
  | { readonly do: "own-mounts" }
  | { readonly do: "comm"; readonly text: string }
  /** setsid(2). */
  | { readonly do: "session" }
  /** setpgid(2) of itself; 0: a group of its own. */
  | { readonly do: "group"; readonly number: number }
  /** The same, into the group of somebody of its own pid namespace, whose number there shows only then. */
  | { readonly do: "group"; readonly of: TaskName }
  /** PR_SET_CHILD_SUBREAPER: whether it becomes the parent of those below it whose parent ends. */
  | { readonly do: "adopt"; readonly orphans: boolean };

/** What lies in a file system, and outlasts every process. */
export type Place =
  /** Moves a process to a control group: a path below the root of the hierarchy. */
  { readonly do: "cgroup"; readonly of: TaskName; readonly path: string } | Pin;
/** Mounts a namespace's file over a path of its own mount namespace. */
export interface Pin {
  readonly do: "pin";
  readonly namespace: Reference;
  readonly path: string;
}

/** What rtnetlink(7) is asked to make or change in the network namespace that the process is in. */
export type NetworkDeed =
  | { readonly make: "netnsid"; readonly id: number; readonly namespace: Reference }
  /** `across`: a vlan is made where what it lies on is, for another namespace. */
  | {
      readonly make: "link";
      readonly link: Exclude<LinkOrder, { readonly kind: "veth" }>;
      readonly across?: { readonly from: Reference; readonly to: Label };
    }
  /** `end`: the other one, in another namespace or the same; absent where whatever is free there will do. */
  | { readonly make: "veth"; readonly link: NewLink; readonly end: NewLink | undefined; readonly in: Reference }
  | ({ readonly make: "change" } & LinkChange)
  | ({ readonly make: "address" } & AddressOrder)
  | ({ readonly make: "route" } & RouteOrder);

export interface KeptDescriptor {
  readonly fd: number;
  readonly namespace: Reference;
  readonly closeOnExec: boolean;
}

/** Of the deeds, those that the model knows: which namespaces there are, who is in them, who may do what. */
export type ModelledDeed = Exclude<Deed, Setting | Place | { readonly do: "network" | "open" | "rest" }>;
