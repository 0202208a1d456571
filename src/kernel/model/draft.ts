import { persistentMap, type PersistentMap } from "./persistent.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { nests } from "../../abi/namespace-kinds.ts";
import type { TaskName } from "../call.ts";
import { CountedStore } from "./counted.ts";
import type {
  Bind,
  FileKey,
  FileTarget,
  Fs,
  FsKey,
  Memory,
  MemoryKey,
  Namespace,
  Numbering,
  NsKey,
  OpenFile,
  PidState,
  Resources,
  Table,
  TableKey,
  Task,
  UserState,
  World,
} from "./world.ts";

/** The nsfs devices a world may have. */
const DEVICES = [4n, 61n] as const;
/** The first inode number for namespaces that are not initial. Source: include/linux/proc_ns.h, fs/proc/generic.c. */
export const FIRST_DYNAMIC_INODE = 0xf0000000;

/** What a new namespace is made of. */
export interface NewNamespace {
  readonly kind: NamespaceKind;
  readonly owner: NsKey | undefined;
  readonly parent?: NsKey | undefined;
  readonly user?: UserState;
  readonly label?: string;
  /** The mount namespace that a new one starts as a copy of. */
  readonly like?: NsKey;
  /** Given by the kernel to its first namespaces; else the next free one. */
  readonly inode?: number;
}

/**
 * A world while one call works on it. Only `world()` makes the changes real, so a call that fails half-way leaves nothing
 * behind: its draft is dropped. References are counted here and nowhere else; what nothing holds any more goes, and gives
 * back what it held.
 */
export class Draft {
  readonly #base: World;
  readonly #namespaces: CountedStore<NsKey, Namespace>;
  readonly files: CountedStore<FileKey, OpenFile>;
  readonly tables: CountedStore<TableKey, Table>;
  readonly fss: CountedStore<FsKey, Fs>;
  readonly memories: CountedStore<MemoryKey, Memory>;
  tasks: World["tasks"];
  #numbering: Numbering;
  #nextKey: number;
  #nextUniqueId: bigint;
  #ticks: number;

  constructor(base: World) {
    this.#base = base;
    this.#namespaces = new CountedStore(base.namespaces, "namespace");
    this.files = new CountedStore(base.files, "open file");
    this.tables = new CountedStore(base.tables, "table of descriptors");
    this.fss = new CountedStore(base.fss, "root and cwd");
    this.memories = new CountedStore(base.memories, "memory");
    this.tasks = base.tasks;
    this.#numbering = base.numbering;
    this.#nextKey = base.nextKey;
    this.#nextUniqueId = base.nextUniqueId;
    this.#ticks = base.ticks + 1;
  }

  get release(): string {
    return this.#base.release;
  }
  get initial(): World["initial"] {
    return this.#base.initial;
  }
  get ticks(): number {
    return this.#ticks;
  }
  get namespaces(): World["namespaces"] {
    return this.#namespaces.map;
  }

  world(): World {
    return {
      ...this.#base,
      namespaces: this.#namespaces.map,
      tasks: this.tasks,
      files: this.files.map,
      tables: this.tables.map,
      fss: this.fss.map,
      memories: this.memories.map,
      numbering: this.#numbering,
      nextKey: this.#nextKey,
      nextUniqueId: this.#nextUniqueId,
      ticks: this.#ticks,
    };
  }

  namespace(key: NsKey): Namespace {
    return this.#namespaces.get(key);
  }
  changeNamespace(key: NsKey, change: Partial<Namespace>): void {
    this.#namespaces.change(key, change);
  }
  task(name: TaskName): Task {
    const task = this.tasks.get(name);
    if (task === undefined) throw new Error(`the model has no task ${name}`);
    return task;
  }
  put(task: Task): void {
    this.tasks = this.tasks.set(task.name, task);
  }
  /** A key that nothing had before. */
  newKey(): number {
    return this.#nextKey++;
  }

  /** Makes a namespace that nothing holds yet: the caller gives it its first reference. It holds its owner and parent. */
  create(wish: NewNamespace): NsKey {
    const key = this.newKey() as NsKey;
    const { device, inode } = wish.inode === undefined ? this.#takeInode() : { device: DEVICES[0], inode: wish.inode };
    this.#namespaces.set(key, {
      key,
      kind: wish.kind,
      device,
      inode,
      uniqueId: this.#nextUniqueId++,
      owner: wish.owner,
      parent: wish.parent,
      level: wish.parent === undefined ? 0 : this.namespace(wish.parent).level + 1,
      references: 0,
      ...(wish.user === undefined ? {} : { user: wish.user }),
      ...(wish.kind === "pid" ? { pid: UNBORN } : {}),
      ...(wish.kind === "mnt" ? { binds: this.#copyBinds(wish.like) } : {}),
      ...(wish.label === undefined ? {} : { label: wish.label }),
    });
    if (wish.owner !== undefined) this.hold(wish.owner);
    if (nests(wish.kind) && wish.kind !== "user" && wish.parent !== undefined) this.hold(wish.parent);
    return key;
  }

  hold(key: NsKey): NsKey {
    return this.#namespaces.hold(key);
  }

  /** Gives up one reference. The last one ends the namespace, and its hold on owner, parent and what is mounted in it. */
  letGo(key: NsKey): void {
    const going: NsKey[] = [key];
    for (let next = going.pop(); next !== undefined; next = going.pop()) {
      const ended = this.#namespaces.letGo(next);
      if (ended === undefined) continue;
      this.#giveBackInode(ended);
      for (const bind of ended.binds?.values() ?? []) going.push(bind.namespace);
      if (ended.owner !== undefined) going.push(ended.owner);
      if (ended.kind === "pid" && ended.parent !== undefined) going.push(ended.parent);
    }
  }

  #copyBinds(like: NsKey | undefined): PersistentMap<number, Bind> {
    const binds = like === undefined ? undefined : this.namespace(like).binds;
    let copy = persistentMap<number, Bind>();
    for (const { path, namespace } of binds?.values() ?? []) {
      const mountId = this.newKey();
      copy = copy.set(mountId, { mountId, path, namespace: this.hold(namespace) });
    }
    return copy;
  }
  /** Mounts a namespace file over a path. */
  bind(mnt: NsKey, path: string, namespace: NsKey): void {
    const mountId = this.newKey();
    const bind = { mountId, path, namespace: this.hold(namespace) };
    this.#changeBinds(mnt, (binds) => binds.set(mountId, bind));
  }
  unbind(mnt: NsKey, { mountId, namespace }: Bind): void {
    this.#changeBinds(mnt, (binds) => binds.delete(mountId));
    this.letGo(namespace);
  }
  #changeBinds(mnt: NsKey, change: (binds: PersistentMap<number, Bind>) => PersistentMap<number, Bind>): void {
    const binds = this.namespace(mnt).binds ?? persistentMap<number, Bind>();
    this.#namespaces.change(mnt, { binds: change(binds) });
  }

  /** Opens a file, held by one descriptor; it holds the namespace it leads to. */
  openFile(target: FileTarget, flags: number): FileKey {
    const held = heldBy(target);
    if (held !== undefined) this.hold(held);
    return this.files.set(this.newKey() as FileKey, { target, flags, references: 1 });
  }
  letGoOfFile(key: FileKey): void {
    const closed = this.files.letGo(key);
    const held = closed === undefined ? undefined : heldBy(closed.target);
    if (held !== undefined) this.letGo(held);
  }
  letGoOfResources({ table, fs, memory }: Resources): void {
    const closed = this.tables.letGo(table);
    for (const file of closed?.descriptors.values() ?? []) this.letGoOfFile(file);
    this.fss.letGo(fs);
    this.memories.letGo(memory);
  }

  changePid(key: NsKey, change: (state: PidState) => PidState): void {
    const { pid } = this.namespace(key);
    if (pid === undefined) throw new Error(`namespace ${key} is no pid namespace`);
    this.#namespaces.change(key, { pid: change(pid) });
  }

  #takeInode(): { device: bigint; inode: number } {
    const { devices, free, nextInode } = this.#numbering;
    // With two devices, numbers are handed out in pairs: every inode number stands for two namespaces.
    if (devices === "two") {
      this.#numbering = { ...this.#numbering, nextInode: nextInode + 1 };
      const turn = nextInode - FIRST_DYNAMIC_INODE;
      return { device: DEVICES[turn % 2 === 0 ? 1 : 0], inode: FIRST_DYNAMIC_INODE + Math.floor(turn / 2) };
    }
    if (free !== undefined) {
      this.#numbering = { ...this.#numbering, free: free.rest };
      return { device: DEVICES[0], inode: free.inode };
    }
    this.#numbering = { ...this.#numbering, nextInode: nextInode + 1 };
    return { device: DEVICES[0], inode: nextInode };
  }
  #giveBackInode({ inode }: Namespace): void {
    if (this.#numbering.devices === "two") return;
    this.#numbering = { ...this.#numbering, free: { inode, rest: this.#numbering.free } };
  }
}

/** The namespace that an open file keeps alive. */
function heldBy(target: FileTarget): NsKey | undefined {
  switch (target.type) {
    case "namespace":
      return target.namespace;
    case "socket":
      return target.net;
    case "map":
      return target.user;
    case "pidfd":
    case "other":
      return undefined;
  }
}

const UNBORN: PidState = { init: "unborn", lastPid: 0, tasks: persistentMap<number, TaskName>() };
