import { CONSTANTS } from "../abi/constants.ts";
import type { NamespaceId } from "../abi/ids.ts";
import type { ProcessScan } from "../kernel/observer.ts";
import type { NamespaceDescriptor, ThreadRecord } from "../snapshot/types.ts";
import { listAt } from "../snapshot/push.ts";
import type { Links } from "./links.ts";

/** What leads to mount namespaces. */
export interface MountSources {
  readonly scan: ProcessScan;
  readonly links: Links;
  readonly threads: readonly ThreadRecord[];
  readonly descriptors: readonly NamespaceDescriptor[];
  /** The viewer's own. */
  readonly own: NamespaceId | undefined;
}

/** More are not asked, if the first ones all have another root. */
const MOST_MEMBERS = 16;

/** The first processes and threads of each mount namespace, by their numbers: /proc takes those of threads too. */
export function membersOf({ scan, links, threads }: MountSources): ReadonlyMap<NamespaceId, readonly number[]> {
  const members = new Map<NamespaceId, number[]>();
  const listOf = (id: NamespaceId | undefined): number[] => (id === undefined ? [] : listAt(members, id));
  // Those of the same links are in the same one.
  const lists: number[][] = [];
  for (let row = 0; row < scan.count; row++) {
    const list = (lists[scan.linkSet[row] ?? 0] ??= listOf(links.namespace(row, "mnt")));
    if (list.length < MOST_MEMBERS) list.push(scan.pid[row] ?? 0);
  }
  for (const { tid, namespaces } of threads) {
    const list = listOf(namespaces.mnt);
    if (list.length < MOST_MEMBERS) list.push(tid);
  }
  return members;
}

/** Processes of which it was not told what mount namespace they are in. The kernel's own are in the first one. */
export function* strangersOf({ scan }: MountSources): Generator<number> {
  const { inode, errno } = scan.links.mnt;
  if (!errno.some((refusal) => refusal !== 0)) return;
  for (let row = 0; row < scan.count; row++) {
    const isKernel = ((scan.flags[row] ?? 0) & CONSTANTS.PF_KTHREAD) !== 0;
    const isRefused = (inode[row] ?? 0) === 0 && (errno[row] ?? 0) !== 0;
    if (isRefused && !isKernel && scan.state[row] !== ZOMBIE) yield scan.pid[row] ?? 0;
  }
}
const ZOMBIE = "Z".charCodeAt(0);
