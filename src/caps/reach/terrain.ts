import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { NamespaceDescriptor } from "../../snapshot/types.ts";
import { groundOf, HIDDEN, type Ground } from "../ground.ts";
import { kindredOf, type Kindred } from "./actors.ts";
import { pidViewOf } from "./pid-view.ts";

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
  readonly sees: ReturnType<typeof pidViewOf>;
}

const made = new WeakMap<SnapshotIndex, Terrain>();

/** Made once for a snapshot. */
export function terrainOf(index: SnapshotIndex): Terrain {
  const terrain = made.get(index) ?? survey(index);
  made.set(index, terrain);
  return terrain;
}

function survey(index: SnapshotIndex): Terrain {
  const ground = groundOf(index);
  const children = new Map<number, number[]>();
  const strays: number[] = [];
  for (let node = 0; node < ground.nodes.length; node++) {
    const up = ground.parent[node] ?? HIDDEN;
    if (up === HIDDEN) strays.push(node);
    const siblings = children.get(up);
    if (siblings === undefined) children.set(up, [node]);
    else siblings.push(node);
  }
  const files = new Map<number, NamespaceDescriptor[]>();
  for (const one of index.snapshot.descriptors) {
    // A thread's own table is not its process's.
    if (one.what !== "namespace" || one.tid !== undefined) continue;
    const open = files.get(one.pid);
    if (open === undefined) files.set(one.pid, [one]);
    else open.push(one);
  }
  return { index, ground, people: kindredOf(index), children, strays, files, sees: pidViewOf(index) };
}
