import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { NamespaceId } from "../../abi/ids.ts";
import type { NamespaceDescriptor, ThreadRecord } from "../../snapshot/types.ts";
import { groundOf, HIDDEN, type Ground } from "../ground.ts";
import { kindredOf, type Kindred } from "./actors.ts";
import { pidViewOf } from "./pid-view.ts";
import { once } from "../../snapshot/once.ts";
import { push } from "../../snapshot/push.ts";

/** What of a snapshot the walk asks for again and again; made in one pass over each list. */
export interface Terrain {
  readonly index: SnapshotIndex;
  readonly ground: Ground;
  readonly people: ReadonlyMap<number, Kindred>;
  /** The user namespaces right below one, by their numbers in the `Ground`. */
  readonly children: ReadonlyMap<number, readonly number[]>;
  /** User namespaces whose parent is hidden, and that are not the first. */
  readonly strays: readonly number[];
  /** The namespace files that a process has open. */
  readonly files: ReadonlyMap<number, readonly NamespaceDescriptor[]>;
  /** What is mounted in a mount namespace, from the root of it. */
  readonly pins: ReadonlyMap<NamespaceId, readonly PinnedAt[]>;
  /** The further threads of a process that are in other namespaces than it. */
  readonly threads: ReadonlyMap<number, readonly ThreadRecord[]>;
  readonly sees: ReturnType<typeof pidViewOf>;
}

export interface PinnedAt {
  readonly namespace: NamespaceId;
  readonly path: string;
}

/** Made once for a snapshot. */
export const terrainOf = once(survey);

function survey(index: SnapshotIndex): Terrain {
  const ground = groundOf(index);
  const children = new Map<number, number[]>();
  const strays: number[] = [];
  for (let node = 0; node < ground.nodes.length; node++) {
    const up = ground.parent[node] ?? HIDDEN;
    if (up === HIDDEN) strays.push(node);
    push(children, up, node);
  }
  const files = new Map<number, NamespaceDescriptor[]>();
  for (const one of index.snapshot.descriptors) {
    // A thread's own table is not its process's.
    if (one.what !== "namespace" || one.tid !== undefined) continue;
    push(files, one.pid, one);
  }
  const own = index.snapshot.viewpoint.namespaces.mnt;
  const pins = new Map<NamespaceId, PinnedAt[]>();
  for (const { namespace, mountNamespace = own, path, through } of index.snapshot.pins) {
    // A path from another root than that of the mount namespace leads elsewhere for whoever joins that.
    if (mountNamespace === undefined || mountNamespace === "unknown" || path === undefined || through !== undefined)
      continue;
    push(pins, mountNamespace, { namespace, path });
  }
  const threads = new Map<number, ThreadRecord[]>();
  for (const thread of index.snapshot.threads) push(threads, thread.pid, thread);
  const sees = pidViewOf(index);
  return { index, ground, people: kindredOf(index), children, strays, files, pins, threads, sees };
}
