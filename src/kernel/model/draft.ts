import type { NumberMap } from "./persistent.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { nests } from "../../abi/namespace-kinds.ts";
import type { TaskName } from "../call.ts";
import { AllocationFailed, type AllocationFailure } from "./allocation.ts";
import { BindMap } from "./bind-map.ts";
import { CountedStore } from "./counted.ts";
import { heldBy } from "./held-by.ts";
import { Lasting } from "./lasting.ts";
import { comesLocked, copiedOffsets, UNBORN, type NewNamespace } from "./new-namespace.ts";
import { fixedNumber, giveBackInode, takeInode } from "./numbering.ts";
import { changedKinds, changedNamespace, changedPid } from "./shapes.ts";
import type { Owner } from "./trie.ts";
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
  World,
} from "./world.ts";

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
  // Most calls touch few of these: each is made when it is asked for.
  #namespaceStore: CountedStore<NsKey, Namespace> | undefined;
  #files: CountedStore<FileKey, OpenFile> | undefined;
  #tables: CountedStore<TableKey, Table> | undefined;
  #fss: CountedStore<FsKey, Fs> | undefined;
  #memories: CountedStore<MemoryKey, Memory> | undefined;
  /** What the maps of this draft are changed under. */
  readonly #owner: Owner = {};
  #tasks: World["tasks"];
  #ofKind: World["ofKind"];
  #numbering: Numbering;
  #nextMount: number;
  #nextNamespace: number;
  #ticks: number;

  /** `failure`: one of the allocations of the call finds no memory. */
  constructor(base: World, failure?: AllocationFailure) {
    this.#base = base;
    this.#failure = failure;
    this.#tasks = base.tasks;
    this.#ofKind = base.ofKind;
    this.#numbering = base.numbering;
    this.#nextMount = base.nextMount;
    this.#nextNamespace = base.nextNamespace;
    this.#ticks = base.ticks + 1;
  }

  get #namespaces(): CountedStore<NsKey, Namespace> {
    return (this.#namespaceStore ??= new CountedStore(this.#base.namespaces, "namespace", this.#owner));
  }
  get files(): CountedStore<FileKey, OpenFile> {
    return (this.#files ??= new CountedStore(this.#base.files, "open file", this.#owner));
  }
  get tables(): CountedStore<TableKey, Table> {
    return (this.#tables ??= new CountedStore(this.#base.tables, "table of descriptors", this.#owner));
  }
  get fss(): CountedStore<FsKey, Fs> {
    return (this.#fss ??= new CountedStore(this.#base.fss, "root and cwd", this.#owner));
  }
  get memories(): CountedStore<MemoryKey, Memory> {
    return (this.#memories ??= new CountedStore(this.#base.memories, "memory", this.#owner));
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
    return this.#namespaceStore?.map ?? this.#base.namespaces;
  }

  /** The world after the call: the same as before where nothing was changed. */
  world(): World {
    if (!this.#hasChanges()) return this.#base;
    const { release, initial, first, files, tables, fss, memories } = this.#base;
    // One by one, since a spread of so many costs as much as a small call.
    return {
      release,
      initial,
      first,
      namespaces: this.namespaces,
      ofKind: this.#ofKind,
      tasks: this.#tasks,
      files: this.#files?.map ?? files,
      tables: this.#tables?.map ?? tables,
      fss: this.#fss?.map ?? fss,
      memories: this.#memories?.map ?? memories,
      numbering: this.#numbering,
      nextMount: this.#nextMount,
      nextNamespace: this.#nextNamespace,
      ticks: this.#ticks,
    };
  }

  #hasChanges(): boolean {
    const { namespaces, tasks, files, tables, fss, memories } = this.#base;
    const isAsBefore = <M>(store: { readonly map: M } | undefined, before: M): boolean =>
      store === undefined || store.map === before;
    return !(
      isAsBefore(this.#namespaceStore, namespaces) &&
      this.#tasks === tasks &&
      isAsBefore(this.#files, files) &&
      isAsBefore(this.#tables, tables) &&
      isAsBefore(this.#fss, fss) &&
      isAsBefore(this.#memories, memories)
    );
  }

  namespace(key: NsKey): Namespace {
    return this.#namespaces.get(key);
  }
  /** The namespace of a NS_GET_ID. */
  namespaceOfId(id: bigint): NsKey | undefined {
    const key = Number(id) as NsKey;
    return this.namespaces.has(key) ? key : undefined;
  }
  /** The namespaces of one kind, in the order of their ids. */
  ofKind(kind: NamespaceKind): NumberMap<NsKey, true> {
    return this.#ofKind[kind];
  }
  #putKind(kind: NamespaceKind, keys: NumberMap<NsKey, true>): void {
    this.#ofKind = changedKinds(this.#ofKind, kind, keys);
  }
  changeNamespace(key: NsKey, change: Partial<Namespace>): void {
    this.#namespaces.set(key, changedNamespace(this.namespace(key), change));
  }
  get tasks(): World["tasks"] {
    return this.#tasks;
  }
  task(name: TaskName): Task {
    const task = this.#tasks.get(name);
    if (task === undefined) throw new Error(`the model has no task ${name}`);
    return task;
  }
  put(task: Task): void {
    this.#tasks = this.#tasks.set(task.name, task, this.#owner);
  }
  removeTask(name: TaskName): void {
    this.#tasks = this.#tasks.delete(name, this.#owner);
  }
  /** Something new, held by whoever makes it. */
  make<K extends number, V extends object>(among: CountedStore<K, V>, value: V): K {
    this.allocate();
    return among.make(value);
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
    this.allocate();
    const key = (wish.key ?? this.#nextNamespace++) as NsKey;
    const { device, inode, next } =
      wish.inode === undefined ? takeInode(this.#numbering) : fixedNumber(this.#numbering, wish.inode);
    this.#numbering = next;
    const original = wish.like === undefined ? undefined : this.namespace(wish.like);
    const made: Namespace = {
      key,
      kind: wish.kind,
      device,
      inode,
      creator: wish.creator,
      uniqueId: BigInt(key),
      owner: wish.owner,
      parent: wish.parent,
      level: wish.parent === undefined ? 0 : this.namespace(wish.parent).level + 1,
      user: wish.user,
      pid: wish.kind === "pid" ? UNBORN : undefined,
      time: wish.kind === "time" ? copiedOffsets(original) : undefined,
      binds: wish.kind === "mnt" ? this.#copyBinds(original, wish.owner) : undefined,
      mountsLocked: wish.kind === "mnt" && comesLocked(original, wish.owner),
      label: wish.label,
    };
    this.#namespaces.add(key, made, 0);
    this.#putKind(wish.kind, this.#ofKind[wish.kind].set(key, true));
    const { kind, owner, creator, parent } = wish;
    if (creator !== undefined) pay(this, { kind, owner, creator }, 1);
    if (owner !== undefined) this.hold(owner);
    if (nests(kind) && kind !== "user" && parent !== undefined) this.hold(parent);
    return key;
  }
  hold(key: NsKey): NsKey {
    return this.#namespaces.hold(key);
  }
  /** Gives up one reference. The last one ends the namespace, and its hold on owner, parent and what is mounted in it. */
  letGo(key: NsKey): void {
    const ended = this.#namespaces.letGo(key);
    if (ended !== undefined) this.#end(ended);
  }
  #end(last: Namespace): void {
    const going = [last];
    for (let ended = going.pop(); ended !== undefined; ended = going.pop()) {
      this.#putKind(ended.kind, this.#ofKind[ended.kind].delete(ended.key));
      this.#numbering = giveBackInode(this.#numbering, ended.inode);
      const { kind, owner, creator, binds, parent } = ended;
      if (creator !== undefined) pay(this, { kind, owner, creator }, -1);
      const held = binds === undefined ? [] : Array.from(binds.values(), ({ namespace }) => namespace);
      if (owner !== undefined) held.push(owner);
      if (kind === "pid" && parent !== undefined) held.push(parent);
      for (const key of held) {
        const next = this.#namespaces.letGo(key);
        if (next !== undefined) going.push(next);
      }
    }
  }

  #copyBinds(original: Namespace | undefined, owner: NsKey | undefined): BindMap<Bind> {
    let copy = new BindMap<Bind>();
    for (const { path, namespace, locked } of original?.binds?.values() ?? []) {
      // Files of mount namespaces stay behind: two namespaces could keep each other alive. fs/namespace.c copy_tree.
      if (this.namespace(namespace).kind === "mnt") continue;
      this.allocate();
      const mountId = this.#nextMount++;
      // What another user namespace's mounts hide stays hidden. Source: fs/namespace.c lock_mnt_tree.
      const hidden = locked || original?.owner !== owner;
      copy = copy.set(mountId, { mountId, path, namespace: this.hold(namespace), locked: hidden });
    }
    return copy;
  }
  /** Mounts a namespace file over a path. */
  bind(mnt: NsKey, { path, namespace, locked }: Omit<Bind, "mountId">): void {
    this.allocate();
    const mountId = this.#nextMount++;
    const bind = { mountId, path, namespace: this.hold(namespace), locked };
    this.#changeBinds(mnt, (binds) => binds.set(mountId, bind));
  }
  unbind(mnt: NsKey, { mountId, namespace }: Bind): void {
    this.#changeBinds(mnt, (binds) => binds.delete(mountId));
    this.letGo(namespace);
  }
  /** Each bind mount becomes a new one in its place. */
  renewBinds(mnt: NsKey): void {
    for (const old of [...(this.namespace(mnt).binds?.values() ?? [])]) {
      this.bind(mnt, old);
      this.unbind(mnt, old);
    }
  }
  #changeBinds(mnt: NsKey, change: (binds: BindMap<Bind>) => BindMap<Bind>): void {
    const binds = this.namespace(mnt).binds ?? new BindMap<Bind>();
    this.changeNamespace(mnt, { binds: change(binds) });
  }

  /** Opens a file, held by one descriptor; it holds the namespaces it leads to and the opener's user namespace. */
  openFile(file: OpenFile): FileKey {
    for (const held of heldBy(file)) this.hold(held);
    return this.make(this.files, file);
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

  changePid(key: NsKey, change: Partial<PidState>): void {
    const { pid } = this.namespace(key);
    if (pid === undefined) throw new Error(`namespace ${key} is no pid namespace`);
    this.changeNamespace(key, { pid: changedPid(pid, change) });
  }
}
