import { changed } from "../../rules/reserved.ts";
import { persistentMap, type PersistentMap } from "./persistent.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { nests } from "../../abi/namespace-kinds.ts";
import { GREATEST_PID_MAX } from "../../rules/sysctl.ts";
import type { TaskName } from "../call.ts";
import { AllocationFailed, type AllocationFailure } from "./allocation.ts";
import { CountedStore } from "./counted.ts";
import { heldBy } from "./held-by.ts";
import { Lasting } from "./lasting.ts";
import { fixedNumber, giveBackInode, takeInode } from "./numbering.ts";
import { pay } from "./ucounts.ts";
import type {
  Bind,
  FileKey,
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
  TimeState,
  UserState,
  World,
} from "./world.ts";

/** What a new namespace is made of. */
export interface NewNamespace {
  readonly kind: NamespaceKind;
  readonly owner: NsKey | undefined;
  readonly parent?: NsKey | undefined;
  /** The effective uid that makes it; without it nobody is charged. */
  readonly creator?: number;
  readonly user?: UserState;
  readonly label?: string;
  /** The mount or time namespace that a new one starts as a copy of. */
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
  readonly #failure: AllocationFailure | undefined;
  #allocations = 0;
  /** What stays although the call is refused. */
  readonly lasting = new Lasting();
  readonly #namespaces: CountedStore<NsKey, Namespace>;
  readonly files: CountedStore<FileKey, OpenFile>;
  readonly tables: CountedStore<TableKey, Table>;
  readonly fss: CountedStore<FsKey, Fs>;
  readonly memories: CountedStore<MemoryKey, Memory>;
  tasks: World["tasks"];
  #ids: World["ids"];
  #numbering: Numbering;
  #nextKey: number;
  #nextUniqueId: bigint;
  #ticks: number;

  /** `failure`: one of the allocations of the call finds no memory. */
  constructor(base: World, failure?: AllocationFailure) {
    this.#base = base;
    this.#failure = failure;
    this.#namespaces = new CountedStore(base.namespaces, "namespace");
    this.files = new CountedStore(base.files, "open file");
    this.tables = new CountedStore(base.tables, "table of descriptors");
    this.fss = new CountedStore(base.fss, "root and cwd");
    this.memories = new CountedStore(base.memories, "memory");
    this.tasks = base.tasks;
    this.#ids = base.ids;
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
      ids: this.#ids,
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
  /** The namespace of a NS_GET_ID. */
  namespaceOfId(id: bigint): NsKey | undefined {
    return this.#ids.get(Number(id));
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
  /** A key that nothing had before: something is allocated for whatever gets it. */
  newKey(): number {
    this.allocate();
    return this.#nextKey++;
  }
  /** Whatever the kernel finds memory for during a call passes here, so that each can be made to fail. */
  allocate(): void {
    this.#allocations++;
    if (this.#failure?.at === this.#allocations) throw new AllocationFailed(this.#failure.errno);
  }
  /** How many there were so far. */
  get allocations(): number {
    return this.#allocations;
  }

  /** Makes a namespace that nothing holds yet: the caller gives it its first reference. It holds its owner and parent. */
  create(wish: NewNamespace): NsKey {
    const key = this.newKey() as NsKey;
    const { device, inode, next } =
      wish.inode === undefined ? takeInode(this.#numbering) : fixedNumber(this.#numbering, wish.inode);
    this.#numbering = next;
    this.#namespaces.set(key, {
      key,
      kind: wish.kind,
      device,
      inode,
      creator: wish.creator,
      uniqueId: this.#nextUniqueId++,
      owner: wish.owner,
      parent: wish.parent,
      level: wish.parent === undefined ? 0 : this.namespace(wish.parent).level + 1,
      references: 0,
      ...(wish.user === undefined ? {} : { user: wish.user }),
      ...(wish.kind === "pid" ? { pid: UNBORN } : {}),
      ...(wish.kind === "time" ? { time: this.#copyOffsets(wish.like) } : {}),
      ...(wish.kind === "mnt" ? { binds: this.#copyBinds(wish) } : {}),
      ...(wish.label === undefined ? {} : { label: wish.label }),
    });
    if (wish.creator !== undefined) pay(this, { ...wish, creator: wish.creator }, 1);
    this.#ids = this.#ids.set(Number(this.namespace(key).uniqueId), key);
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
      this.#ids = this.#ids.delete(Number(ended.uniqueId));
      this.#numbering = giveBackInode(this.#numbering, ended.inode);
      if (ended.creator !== undefined) pay(this, { ...ended, creator: ended.creator }, -1);
      for (const bind of ended.binds?.values() ?? []) going.push(bind.namespace);
      if (ended.owner !== undefined) going.push(ended.owner);
      if (ended.kind === "pid" && ended.parent !== undefined) going.push(ended.parent);
    }
  }

  /** The initial one is frozen; any other is not before somebody enters it. */
  #copyOffsets(like: NsKey | undefined): TimeState {
    const from = like === undefined ? undefined : this.namespace(like).time;
    return from === undefined ? UNSHIFTED : changed(from, { frozen: false });
  }
  #copyBinds({ like, owner }: NewNamespace): PersistentMap<number, Bind> {
    const original = like === undefined ? undefined : this.namespace(like);
    let copy = persistentMap<number, Bind>();
    for (const { path, namespace, ...bind } of original?.binds?.values() ?? []) {
      // Files of mount namespaces stay behind: two namespaces could keep each other alive. fs/namespace.c copy_tree.
      if (this.namespace(namespace).kind === "mnt") continue;
      const mountId = this.newKey();
      // What another user namespace's mounts hide stays hidden. Source: fs/namespace.c lock_mnt_tree.
      const locked = bind.locked || original?.owner !== owner;
      copy = copy.set(mountId, { mountId, path, namespace: this.hold(namespace), locked });
    }
    return copy;
  }
  /** Mounts a namespace file over a path. */
  bind(mnt: NsKey, path: string, namespace: NsKey): void {
    const mountId = this.newKey();
    const bind = { mountId, path, namespace: this.hold(namespace), locked: false };
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

  /** Opens a file, held by one descriptor; it holds the namespaces it leads to and the opener's user namespace. */
  openFile(file: Omit<OpenFile, "references">): FileKey {
    for (const held of heldBy(file)) this.hold(held);
    return this.files.set(this.newKey() as FileKey, { ...file, references: 1 });
  }
  letGoOfFile(key: FileKey): void {
    const closed = this.files.letGo(key);
    for (const held of closed === undefined ? [] : heldBy(closed)) this.letGo(held);
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
}

const ZERO = { seconds: 0, nanoseconds: 0 };
const UNSHIFTED: TimeState = { monotonic: ZERO, boottime: ZERO, frozen: true };
const UNBORN: PidState = {
  init: "unborn",
  lastPid: -1,
  max: GREATEST_PID_MAX,
  tasks: persistentMap<number, TaskName>(),
};
