import { isNetworkSysctl } from "../../abi/network-sysctls.ts";
import type { UserNode } from "../nodes.ts";
import { isBoundary, type Label, type Reference } from "../reference.ts";
import type { ProcessNode, Topology } from "../topology.ts";
import { Index } from "./index-topology.ts";
import { misfitsIn, type Misfit } from "./sessions.ts";
import { unheldIn } from "./unheld.ts";

/** What keeps an element from being restored, whoever restores, on whichever kernel. */
export interface Hindrance {
  readonly element: Label;
  readonly why:
    | "unheld"
    | "pending-time-shared"
    | "time-of-children"
    | "long-name"
    | "long-host-name"
    | "no-root"
    | "pid-max"
    | "network-sysctl"
    | "no-new-privs"
    | "bounding"
    | Misfit["why"];
  /** Another element, a sysctl, or capabilities, that it is about. */
  readonly other?: Label;
}

/** All of them, in the order of the topology; linear in it. */
export function hindrancesOf(topology: Topology): readonly Hindrance[] {
  const { namespaces, processes } = topology;
  const found: Hindrance[] = unheldIn(topology).map((element) => ({ element, why: "unheld" }));
  const nodes = new Map(namespaces.map((node) => [node.label, node]));
  for (const node of namespaces) {
    // Their files are the owner's root's, and no capability is asked of: ipc/ipc_sysctl.c ipc_permissions.
    const owner = nodes.get(node.owner);
    const isSet = node.kind === "ipc" && Object.keys(node.sysctls).length > 0;
    if (isSet && owner?.kind === "user" && !hasRoot(owner)) found.push({ element: node.label, why: "no-root" });
    // Who is born there sets it, and in these nobody is.
    if (node.kind === "pid" && node.pidMax !== undefined && node.state !== "alive")
      found.push({ element: node.label, why: "pid-max" });
    const strange = node.kind === "net" ? Object.keys(node.sysctls).find((name) => !isNetworkSysctl(name)) : undefined;
    if (strange !== undefined) found.push({ element: node.label, why: "network-sysctl", other: strange });
    if (node.kind !== "uts") continue;
    const names = [node.hostname, node.domainname];
    if (names.some((name) => name !== undefined && bytesOf(name) > HOST_NAME_BYTES)) {
      found.push({ element: node.label, why: "long-host-name" });
    }
  }
  const waiting = new Map<Reference, Label>();
  for (const process of processes) {
    if (bytesOf(process.comm) > COMM_BYTES) found.push({ element: process.label, why: "long-name" });
    found.push(...timeHindrances(process, waiting));
  }
  found.push(...misfitsIn(new Index(topology)));
  return found;
}

const hasRoot = ({ uidMap = [] }: UserNode): boolean => uidMap.some(({ inside }) => inside === 0);

/** TASK_COMM_LEN and __NEW_UTS_LEN without the NUL; longer names would be cut, or refused. */
const COMM_BYTES = 15;
const HOST_NAME_BYTES = 64;
/** U+FFFD stands for one byte that was no text. */
const bytesOf = (text: string): number => new TextEncoder().encode(text.replaceAll("\ufffd", "?")).length;

/**
 * A time namespace that is only for children is its maker's: setns(2) takes into it at once, and fork(2) passes it on only to
 * a child that shares the memory (CLONE_VM). Source: kernel/nsproxy.c copy_namespaces, kernel/time/namespace.c timens_install.
 */
function timeHindrances({ label, namespaces }: ProcessNode, waiting: Map<Reference, Label>): readonly Hindrance[] {
  const { time = "ambient:time", time_for_children: later } = namespaces;
  if (later === undefined || later === time) return [];
  if (isBoundary(later)) return [{ element: label, why: "time-of-children" }];
  const other = waiting.get(later);
  waiting.set(later, other ?? label);
  return other === undefined ? [] : [{ element: label, why: "pending-time-shared", other }];
}
