import { deviceTextOf, inodeOf, type NamespaceId } from "../../abi/ids.ts";
import { KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { TaskName } from "../../kernel/call.ts";
import { boot } from "../../kernel/model/boot.ts";
import { CountedMap, UNCOUNTED } from "../../kernel/model/counted.ts";
import { NameMap, NumberMap, setOfNumbers, type PersistentMap } from "../../kernel/model/persistent.ts";
import type {
  FileKey,
  Fs,
  FsKey,
  Memory,
  MemoryKey,
  Namespace,
  NsKey,
  Table,
  TableKey,
  Task,
  World,
} from "../../kernel/model/world.ts";
import type { NamespaceRecord, ProcessRecord, Snapshot } from "../../snapshot/types.ts";
import { Names } from "../names.ts";
import type { Situation } from "../situation.ts";
import { BEYOND_IDS, BEYOND_INODES, WITHOUT_IDS } from "./beyond.ts";
import { seenDescriptors } from "./descriptors.ts";
import { Evidence } from "./evidence.ts";
import { isFirst, knownId, nameOf, pidState, seenNamespace, type Sight } from "./namespaces.ts";
import { seenFs, seenLinks, seenMemory, seenName, seenTask, seenThread, threadName } from "./tasks.ts";
import { push } from "../../snapshot/push.ts";

/**
 * The world that a snapshot shows. What it does not show is not made up: a call that needs it throws `EvidenceMissing`, and
 * what no file tells is taken to be as it mostly is, and noted. One pass over each list of the snapshot.
 */
export function situationSeen(snapshot: Snapshot, release: string = snapshot.viewpoint.kernel.release): Situation {
  const { viewpoint, namespaces: records, processes } = snapshot;
  const keys = new Map(records.map((record, nth) => [record.id, (knownId(record) ?? WITHOUT_IDS + nth) as NsKey]));
  const evidence = new Evidence();
  const { user: root, pid: proc } = viewpoint.namespaces;
  const byId = new Map(records.map((record) => [record.id, record]));
  const rootRecord = root === undefined ? undefined : byId.get(root);
  const sight: Sight = {
    evidence,
    keyOf: (id) => keys.get(id),
    root,
    proc: readsOwnProc(snapshot) ? proc : undefined,
    isInitial: rootRecord !== undefined && isFirst(rootRecord),
    depth: depths(byId, new Set([root, proc])),
  };
  const nothing = boot({ release });
  const people = populate(processes, sight, pidParents(byId, keys));
  const opened = seenDescriptors(snapshot.descriptors, sight, people.stores);
  let namespaces = new CountedMap<NsKey, Namespace>();
  const ofKind: Record<NamespaceKind, NumberMap<NsKey, true>> = { ...nothing.ofKind };
  for (const kind of KINDS) ofKind[kind] = new NumberMap<NsKey, true>();
  for (const record of records) {
    const key = keys.get(record.id);
    if (key === undefined) continue;
    const seen = seenNamespace(record, key, sight);
    if (record.kind === "pid") Object.assign(seen, { pid: pidState(record, people.numbers.get(key) ?? new Map()) });
    namespaces = namespaces.count(key, seen, UNCOUNTED);
    ofKind[record.kind] = ofKind[record.kind].set(key, true);
  }
  const world: World = {
    ...nothing,
    ...people.stores,
    namespaces,
    ofKind,
    files: opened.files,
    tables: opened.tables,
    initial: initialKeys(records, keys, viewpoint.namespaces),
    first: seenName(viewpoint.pid),
    numbering: { ...nothing.numbering, nextInode: BEYOND_INODES, free: undefined },
    nextNamespace: BEYOND_IDS,
  };
  return { world, names: namesOf(snapshot, keys), keepers: new Map(), evidence, snapshot };
}

/** Whether the numbers of the /proc are those of the viewer's own pid namespace. */
const readsOwnProc = ({ coverage }: Snapshot): boolean =>
  !coverage.some(({ notes }) => notes?.includes("proc-of-another-pid-namespace") === true);

/** The levels below the topmost namespaces; each is walked up from once. */
function depths(
  byId: ReadonlyMap<NamespaceId, NamespaceRecord>,
  tops: ReadonlySet<NamespaceId | undefined>,
): Sight["depth"] {
  const found = new Map<NamespaceId, number | undefined>();
  return (start) => {
    const trail: NamespaceRecord[] = [];
    let at: NamespaceRecord | undefined = start;
    while (at !== undefined && !found.has(at.id) && trail.length <= byId.size) {
      trail.push(at);
      if (isFirst(at) || tops.has(at.id) || (at.kind !== "user" && at.kind !== "pid")) {
        found.set(at.id, 0);
        break;
      }
      at = at.parent !== undefined && "to" in at.parent ? byId.get(at.parent.to) : undefined;
    }
    let level = at === undefined ? undefined : found.get(at.id);
    for (const record of trail.toReversed()) {
      if (!found.has(record.id)) found.set(record.id, (level = level === undefined ? undefined : level + 1));
      else level = found.get(record.id);
    }
    return found.get(start.id);
  };
}

/** The parent of a pid namespace, as keys; undefined where it is hidden. */
const pidParents =
  (byId: ReadonlyMap<NamespaceId, NamespaceRecord>, keys: ReadonlyMap<NamespaceId, NsKey>) =>
  (id: NamespaceId): NamespaceId | undefined => {
    const parent = byId.get(id)?.parent;
    return parent !== undefined && "to" in parent && keys.has(parent.to) ? parent.to : undefined;
  };

interface People {
  readonly stores: Pick<World, "tasks" | "tables" | "fss" | "memories">;
  /** Who has which number in a pid namespace. */
  readonly numbers: ReadonlyMap<NsKey, Map<number, TaskName>>;
}

/** The processes, each with descriptors, root and memory of its own. */
function populate(
  processes: readonly ProcessRecord[],
  sight: Sight,
  parentOf: (id: NamespaceId) => NamespaceId | undefined,
): People {
  let tasks: PersistentMap<TaskName, Task> = new NameMap<TaskName, Task>();
  let tables = new CountedMap<TableKey, Table>();
  let fss = new CountedMap<FsKey, Fs>();
  let memories = new CountedMap<MemoryKey, Memory>();
  const numbers = new Map<NsKey, Map<number, TaskName>>();
  const pids = new Set(processes.map(({ pid }) => pid));
  const children = new Map<number, TaskName[]>();
  for (const { pid, ppid } of processes) {
    push(children, ppid, seenName(pid));
  }
  for (const process of processes) {
    const { pid, ppid, status } = process;
    const of = String(pid);
    const links = seenLinks(process, sight);
    const sharers = (status?.threads ?? 1) > 1 ? 2 : 1;
    const resources = {
      table: tables.freeKey(),
      fs: fss.freeKey(),
      memory: memories.freeKey(),
    };
    const task = seenTask(process, links, sight, {
      parent: pids.has(ppid) ? seenName(ppid) : ppid === 0 ? undefined : "unseen",
      children: children.get(pid) ?? [],
      resources,
      pids: pidChain(process, sight, parentOf),
    });
    tasks = tasks.set(task.name, task);
    if (sharers > 1) tasks = tasks.set(threadName(pid), seenThread(task, pid));
    const table: Table = { descriptors: new NumberMap<number, FileKey>(), kept: setOfNumbers<number>() };
    // A further thread shares them.
    tables = tables.count(resources.table, table, sharers);
    fss = fss.count(resources.fs, seenFs(of, sight.evidence, links.mnt), sharers);
    memories = memories.count(resources.memory, seenMemory(of, sight.evidence, links.user), sharers);
    note(numbers, task, process, sight, parentOf);
  }
  return { stores: { tasks, tables, fss, memories }, numbers };
}

/** From a process's own pid namespace up to that of the /proc. */
function pidChain(
  { pid, namespaces }: ProcessRecord,
  { proc, keyOf }: Sight,
  parentOf: (id: NamespaceId) => NamespaceId | undefined,
): readonly NsKey[] | undefined {
  const chain: NsKey[] = [];
  for (let at = pid === 1 ? proc : namespaces.pid; at !== undefined && chain.length <= MOST_LEVELS; at = parentOf(at)) {
    const key = keyOf(at);
    if (key === undefined) return undefined;
    chain.push(key);
    if (at === proc) return chain;
  }
  return undefined;
}
const MOST_LEVELS = 33;

function note(
  numbers: Map<NsKey, Map<number, TaskName>>,
  { name }: Task,
  process: ProcessRecord,
  sight: Sight,
  parentOf: (id: NamespaceId) => NamespaceId | undefined,
): void {
  const chain = pidChain(process, sight, parentOf);
  const own = process.status?.numbers ?? (chain?.length === 1 ? [process.pid] : undefined);
  if (chain === undefined || own?.length !== chain.length) return;
  for (const [level, ns] of chain.entries()) {
    const number = own.at(-1 - level) ?? 0;
    const there = numbers.get(ns);
    if (there === undefined) numbers.set(ns, new Map([[number, name]]));
    else there.set(number, name);
  }
}

/** The namespaces that the viewer's own stand for; where one was not seen, a key that leads to nothing. */
function initialKeys(
  records: readonly NamespaceRecord[],
  keys: ReadonlyMap<NamespaceId, NsKey>,
  own: Snapshot["viewpoint"]["namespaces"],
): Record<NamespaceKind, NsKey> {
  const first = new Map(records.filter(isFirst).map(({ kind, id }) => [kind, id]));
  return Object.fromEntries(
    KINDS.map((kind) => {
      const id = kind === "user" || kind === "pid" ? own[kind] : (first.get(kind) ?? own[kind]);
      return [kind, (id === undefined ? undefined : keys.get(id)) ?? NOWHERE];
    }),
  ) as Record<NamespaceKind, NsKey>;
}
const NOWHERE = 0 as NsKey;

/** A namespace goes by its inode, as it is shown; a name, a pin and its 64-bit id lead to it as well. */
function namesOf({ namespaces, names, pins }: Snapshot, keys: ReadonlyMap<NamespaceId, NsKey>): Names {
  const found = new Names();
  for (const record of namespaces) {
    const { id, kind, uniqueId } = record;
    const key = keys.get(id);
    if (key === undefined) continue;
    found.add(key, nameOf(record));
    found.also(key, `${kind}:${inodeOf(id)}`);
    found.also(key, `${kind}:[${deviceTextOf(id)}/${inodeOf(id)}]`);
    if (uniqueId !== undefined) found.also(key, `${kind}:id:${uniqueId}`);
  }
  const also = (id: NamespaceId, name: string): void => {
    const key = keys.get(id);
    if (key !== undefined) found.also(key, name);
  };
  for (const { namespace, name } of names) also(namespace, `net:${name}`);
  for (const { namespace, path } of pins) if (path !== undefined) also(namespace, path);
  return found;
}
