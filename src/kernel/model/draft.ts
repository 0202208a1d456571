import { Map as PersistentMap } from "immutable";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { nests } from "../../abi/namespace-kinds.ts";
import type { TaskName } from "../call.ts";
import { namespaceOf } from "./view.ts";
import type {
  Bind,
  FileKey,
  Namespace,
  Numbering,
  NsKey,
  OpenFile,
  PidState,
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
  namespaces: World["namespaces"];
  tasks: World["tasks"];
  files: World["files"];
  #numbering: Numbering;
  #nextKey: number;
  #nextUniqueId: bigint;
  #ticks: number;

  constructor(base: World) {
    this.#base = base;
    ({ namespaces: this.namespaces, tasks: this.tasks, files: this.files } = base);
    this.#numbering = base.numbering;
    this.#nextKey = base.nextKey;
    this.#nextUniqueId = base.nextUniqueId;
    this.#ticks = base.ticks + 1;
  }

  get release(): string {
    return this.#base.release;
  }
  get ticks(): number {
    return this.#ticks;
  }

  world(): World {
    return {
      ...this.#base,
      namespaces: this.namespaces,
      tasks: this.tasks,
      files: this.files,
      numbering: this.#numbering,
      nextKey: this.#nextKey,
      nextUniqueId: this.#nextUniqueId,
      ticks: this.#ticks,
    };
  }

  namespace(key: NsKey): Namespace {
    return namespaceOf(this, key);
  }
  task(name: TaskName): Task {
    const task = this.tasks.get(name);
    if (task === undefined) throw new Error(`the model has no task ${name}`);
    return task;
  }
  put(task: Task): void {
    this.tasks = this.tasks.set(task.name, task);
  }

  /** Makes a namespace that nothing holds yet: the caller gives it its first reference. It holds its owner and parent. */
  create(wish: NewNamespace): NsKey {
    const key = this.#nextKey++ as NsKey;
    const { device, inode } = wish.inode === undefined ? this.#takeInode() : { device: DEVICES[0], inode: wish.inode };
    const namespace: Namespace = {
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
    };
    this.namespaces = this.namespaces.set(key, namespace);
    if (wish.owner !== undefined) this.hold(wish.owner);
    if (nests(wish.kind) && wish.kind !== "user" && wish.parent !== undefined) this.hold(wish.parent);
    return key;
  }

  #copyBinds(like: NsKey | undefined): PersistentMap<number, Bind> {
    const binds = like === undefined ? undefined : this.namespace(like).binds;
    let copy = PersistentMap<number, Bind>();
    for (const { path, namespace } of binds?.values() ?? []) {
      const mountId = this.#nextKey++;
      copy = copy.set(mountId, { mountId, path, namespace: this.hold(namespace) });
    }
    return copy;
  }
  /** Mounts a namespace file over a path. */
  bind(mnt: NsKey, path: string, namespace: NsKey): void {
    const mountId = this.#nextKey++;
    const bind = { mountId, path, namespace: this.hold(namespace) };
    this.#changeBinds(mnt, (binds) => binds.set(mountId, bind));
  }
  unbind(mnt: NsKey, { mountId, namespace }: Bind): void {
    this.#changeBinds(mnt, (binds) => binds.delete(mountId));
    this.letGo(namespace);
  }
  #changeBinds(mnt: NsKey, change: (binds: PersistentMap<number, Bind>) => PersistentMap<number, Bind>): void {
    const namespace = this.namespace(mnt);
    const binds = change(namespace.binds ?? PersistentMap<number, Bind>());
    this.namespaces = this.namespaces.set(mnt, { ...namespace, binds });
  }

  hold(key: NsKey): NsKey {
    const namespace = this.namespace(key);
    this.namespaces = this.namespaces.set(key, { ...namespace, references: namespace.references + 1 });
    return key;
  }

  /** Gives up one reference. The last one ends the namespace, and its hold on owner and parent with it. */
  letGo(key: NsKey): void {
    const going: NsKey[] = [key];
    for (let next = going.pop(); next !== undefined; next = going.pop()) {
      const namespace = this.namespace(next);
      if (namespace.references > 1) {
        this.namespaces = this.namespaces.set(next, { ...namespace, references: namespace.references - 1 });
        continue;
      }
      this.namespaces = this.namespaces.delete(next);
      this.#giveBackInode(namespace);
      for (const bind of namespace.binds?.values() ?? []) going.push(bind.namespace);
      if (namespace.owner !== undefined) going.push(namespace.owner);
      if (namespace.kind === "pid" && namespace.parent !== undefined) going.push(namespace.parent);
    }
  }

  /** Opens a namespace: a file that holds it, held by one descriptor. */
  openFile(namespace: NsKey, flags: number): FileKey {
    const key = this.#nextKey++ as FileKey;
    this.files = this.files.set(key, { key, namespace: this.hold(namespace), flags, references: 1 });
    return key;
  }
  file(key: FileKey): OpenFile {
    const file = this.files.get(key);
    if (file === undefined) throw new Error(`the model lost open file ${key}`);
    return file;
  }
  holdFile(key: FileKey): void {
    const file = this.file(key);
    this.files = this.files.set(key, { ...file, references: file.references + 1 });
  }
  releaseFile(key: FileKey): void {
    const file = this.file(key);
    if (file.references > 1) {
      this.files = this.files.set(key, { ...file, references: file.references - 1 });
      return;
    }
    this.files = this.files.delete(key);
    this.letGo(file.namespace);
  }

  changePid(key: NsKey, change: (state: PidState) => PidState): void {
    const namespace = this.namespace(key);
    if (namespace.pid === undefined) throw new Error(`namespace ${key} is no pid namespace`);
    this.namespaces = this.namespaces.set(key, { ...namespace, pid: change(namespace.pid) });
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

const UNBORN: PidState = { init: "unborn", lastPid: 0, tasks: PersistentMap<number, TaskName>() };
