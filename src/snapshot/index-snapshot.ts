import { inodeOf, type NamespaceId } from "../abi/ids.ts";
import { kindOfLink, LINKS } from "../abi/proc-links.ts";
import { leadsTo } from "./leads-to.ts";
import { inOrder } from "./order.ts";
import type {
  DescriptorRecord,
  HoldingMount,
  NameRecord,
  NamespaceRecord,
  PinRecord,
  ProcessRecord,
  Snapshot,
  ThreadRecord,
} from "./types.ts";
import { listAt, push } from "./push.ts";

/** A snapshot with its look-ups, each built in one pass: every question afterwards is a map access. */
export interface SnapshotIndex {
  /** Its records in order, as all lists below have them. */
  readonly snapshot: Snapshot;
  readonly namespaces: ReadonlyMap<NamespaceId, NamespaceRecord>;
  readonly processes: ReadonlyMap<number, ProcessRecord>;
  /** Namespaces by inode number alone, as text: more than one where devices differ. */
  readonly byInode: ReadonlyMap<string, readonly NamespaceRecord[]>;
  /** The processes in a namespace (not those that only have it for their children), by ascending pid. */
  readonly members: ReadonlyMap<NamespaceId, readonly ProcessRecord[]>;
  /** The processes whose children will be in it and who are not in it themselves. */
  readonly forChildren: ReadonlyMap<NamespaceId, readonly ProcessRecord[]>;
  /** The threads in a namespace that their process is not in. */
  readonly threads: ReadonlyMap<NamespaceId, readonly ThreadRecord[]>;
  /** The threads whose children will be in it, who are not in it themselves, and whose process has another. */
  readonly threadsForChildren: ReadonlyMap<NamespaceId, readonly ThreadRecord[]>;
  /** The descriptors that keep it alive. */
  readonly descriptors: ReadonlyMap<NamespaceId, readonly DescriptorRecord[]>;
  readonly pins: ReadonlyMap<NamespaceId, readonly PinRecord[]>;
  /** The mounts of file systems that belong to it. */
  readonly mounts: ReadonlyMap<NamespaceId, readonly HoldingMount[]>;
  readonly names: ReadonlyMap<NamespaceId, readonly NameRecord[]>;
  /** What a user namespace owns, user namespaces (its children) left out. */
  readonly owned: ReadonlyMap<NamespaceId, readonly NamespaceRecord[]>;
  /** The children of user and pid namespaces. */
  readonly children: ReadonlyMap<NamespaceId, readonly NamespaceRecord[]>;
}

/** The order in which records come makes no difference. */
export function indexSnapshot(seen: Snapshot): SnapshotIndex {
  const snapshot = inOrder(seen);
  const { namespaces } = snapshot;
  const members = new Map<NamespaceId, ProcessRecord[]>();
  const forChildren = new Map<NamespaceId, ProcessRecord[]>();
  const pins = new Map<NamespaceId, PinRecord[]>();
  const mounts = new Map<NamespaceId, HoldingMount[]>();
  const names = new Map<NamespaceId, NameRecord[]>();
  const threads = new Map<NamespaceId, ThreadRecord[]>();
  const threadsForChildren = new Map<NamespaceId, ThreadRecord[]>();
  const descriptors = new Map<NamespaceId, DescriptorRecord[]>();
  const processes = late(() => new Map(Array.from(snapshot.processes, (process) => [process.pid, process])));

  // Those that share what they are in are in the same lists.
  const listsOf = new Map<ProcessRecord["namespaces"], ProcessRecord[][]>();
  for (const process of snapshot.processes) {
    const { namespaces } = process;
    let lists = listsOf.get(namespaces);
    if (lists === undefined) listsOf.set(namespaces, (lists = listsIn(namespaces, { members, forChildren })));
    // By number: most of what is done here.
    for (let nth = 0; nth < lists.length; nth++) lists[nth]?.push(process);
  }
  for (const thread of snapshot.threads) {
    const leader = processes().get(thread.pid)?.namespaces ?? {};
    for (const link of LINKS) {
      const id = thread.namespaces[link];
      if (id === undefined) continue;
      const own = kindOfLink(link);
      if (link === own) push(threads, id, thread);
      else if ((thread.namespaces[own] ?? leader[own]) !== id) push(threadsForChildren, id, thread);
    }
  }
  for (const descriptor of snapshot.descriptors) {
    if (descriptor.namespace !== undefined) push(descriptors, descriptor.namespace, descriptor);
  }
  for (const pin of snapshot.pins) push(pins, pin.namespace, pin);
  for (const mount of snapshot.mounts) push(mounts, mount.namespace, mount);
  for (const name of snapshot.names) push(names, name.namespace, name);

  // What not all ask for is made when somebody does.
  const byId = late(() => new Map(namespaces.map((namespace) => [namespace.id, namespace])));
  const byInode = late(() => grouped(namespaces, ({ id }) => inodeOf(id)));
  const owned = late(() => grouped(namespaces, ({ kind, owner }) => (kind === "user" ? undefined : leadsTo(owner))));
  const children = late(() => grouped(namespaces, ({ parent }) => leadsTo(parent)));
  return {
    snapshot,
    get namespaces() {
      return byId();
    },
    get processes() {
      return processes();
    },
    get byInode() {
      return byInode();
    },
    members,
    forChildren,
    threads,
    threadsForChildren,
    descriptors,
    pins,
    mounts,
    names,
    get owned() {
      return owned();
    },
    get children() {
      return children();
    },
  };
}

/** Made once, when it is first asked for. */
function late<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function grouped<K>(
  namespaces: readonly NamespaceRecord[],
  keyOf: (namespace: NamespaceRecord) => K | undefined,
): Map<K, NamespaceRecord[]> {
  const groups = new Map<K, NamespaceRecord[]>();
  for (const namespace of namespaces) {
    const key = keyOf(namespace);
    if (key !== undefined) push(groups, key, namespace);
  }
  return groups;
}

/** The lists of what processes with these links are in, and of what they have for their children alone. */
function listsIn(
  namespaces: ProcessRecord["namespaces"],
  { members, forChildren }: Readonly<Record<"members" | "forChildren", Map<NamespaceId, ProcessRecord[]>>>,
): ProcessRecord[][] {
  const lists: ProcessRecord[][] = [];
  for (const link of LINKS) {
    const id = namespaces[link];
    if (id === undefined) continue;
    const own = kindOfLink(link);
    if (link === own) lists.push(listAt(members, id));
    else if (namespaces[own] !== id) lists.push(listAt(forChildren, id));
  }
  return lists;
}
