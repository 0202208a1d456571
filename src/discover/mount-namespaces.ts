import type { NamespaceId } from "../abi/ids.ts";
import type { ShownTable } from "../kernel/mounting.ts";
import type { NsFile, Observer } from "../kernel/observer.ts";
import type { Outcome } from "../rules/outcome.ts";
import type { KnownMounts } from "../procfs/mountinfo.ts";
import { toRecord } from "../snapshot/mount-trees.ts";
import type { Answer, HoldingMount, MountTable, PinRecord } from "../snapshot/types.ts";
import { folderOf } from "./descriptors.ts";
import { Door, type TableOf } from "./door.ts";
import type { Doorway } from "./doorway.ts";
import { FileSystems } from "./file-systems.ts";
import { MountLines, toldBy, type MountsTold } from "./mount-lines.ts";
import { readTable, type SeenMount } from "./mount-table.ts";
import { membersOf, strangersOf, type MountSources } from "./mount-sources.ts";
import { Pins } from "./pins.ts";
import type { Registry } from "./registry.ts";
import { Tally } from "./tally.ts";

/** What was found mounted, in all mount namespaces that could be read. */
export interface Mounted {
  readonly pins: readonly PinRecord[];
  readonly mounts: readonly HoldingMount[];
  /** How far the mounts of each mount namespace were read. */
  readonly tables: ReadonlyMap<NamespaceId, Answer<MountTable>>;
  /** The viewer's own. */
  readonly own: readonly SeenMount[];
  readonly tallies: readonly Tally[];
}

/** What is read with. */
export interface MountReader {
  readonly observer: Observer;
  readonly registry: Registry;
  readonly doorway: Doorway;
}

/** How many tables are read, and whether the mounts themselves are kept. */
export interface MountWish {
  readonly most: number;
  readonly trees: boolean;
}

/**
 * What is mounted in every mount namespace: the viewer's own, those of processes and threads, those that the kernel lists
 * (NS_MNT_GET_NEXT), those that only a descriptor holds, and those that are pinned in one of these, and so on. At most `most`
 * are read; of 0, the viewer's own is, for how /proc is mounted.
 */
export async function discoverMounts(
  reader: MountReader,
  sources: MountSources,
  { most, trees }: MountWish,
): Promise<Mounted> {
  const walk = new Walk(reader, sources, { most, trees });
  try {
    walk.own();
    if (most > 0) await walk.others();
  } finally {
    walk[Symbol.dispose]();
  }
  const { doorway } = reader;
  if (doorway.declined > 0) walk.tally.skip("entering", doorway.declined);
  const mounts = walk.fileSystems.records;
  return {
    pins: walk.pins.records,
    mounts,
    tables: walk.tables,
    own: walk.ownMounts,
    tallies: [walk.pins.tally, walk.tally, walk.fileSystems.tally],
  };
}

/** Mount namespaces that are read at a time. */
const TOGETHER = 128;

class Walk implements Disposable {
  readonly #reader: MountReader;
  readonly #sources: MountSources;
  readonly #members: ReadonlyMap<NamespaceId, readonly number[]>;
  /** Mount namespaces that were found pinned, open, until they are read. */
  readonly #waiting: NsFile[] = [];
  /** The mounts that hold namespaces, of all that were seen. */
  readonly #met = new Set<number>();
  /** The numbers of all that were seen, table by table. */
  readonly #seen: Iterable<number>[] = [];
  /** What the tables before had; most are alike. */
  readonly #known: KnownMounts = new Map();
  readonly #lines = new MountLines(this.#known);
  #left: number;
  readonly #trees: boolean;
  readonly tables = new Map<NamespaceId, Answer<MountTable>>();
  readonly tally = new Tally("mount-tables");
  readonly pins: Pins;
  readonly fileSystems: FileSystems;
  ownMounts: readonly SeenMount[] = [];

  constructor(reader: MountReader, sources: MountSources, { most, trees }: MountWish) {
    this.#reader = reader;
    this.#sources = sources;
    this.#members = membersOf(sources);
    this.#left = most;
    this.#trees = trees;
    this.pins = new Pins(reader.registry);
    this.fileSystems = new FileSystems(reader.registry);
  }

  [Symbol.dispose](): void {
    for (const file of this.#waiting) file[Symbol.dispose]();
  }

  own(): void {
    const { observer, registry, doorway } = this.#reader;
    const { own } = this.#sources;
    const opened = observer.open(`${observer.procRoot}/self/ns/mnt`);
    using file = opened.ok ? opened.value : undefined;
    const members = own === undefined ? [] : (this.#members.get(own) ?? []);
    const askedBefore = registry.asked;
    const table = readTable(observer, doorway, { file, members, isOwn: true, known: this.#known });
    this.ownMounts = table.mounts;
    if (this.#left === 0) return;
    if (own !== undefined) this.#keep(own, table);
    this.#take(toldBy(table), { id: undefined, file, askedBefore });
    this.#readWaiting();
  }

  async others(): Promise<void> {
    await this.members();
    this.listedByKernel();
    this.descriptors();
    this.strangers();
    this.fileSystems.tellMqueues(this.#reader.observer, this.#reader.doorway, this.#sources);
  }

  async members(): Promise<void> {
    const { observer, registry } = this.#reader;
    const unread = [...this.#members].filter(([id]) => !this.tables.has(id));
    // More are not read: their files need not be opened.
    const all = unread.splice(0, this.#left);
    const ask = (from: number) => {
      if (from >= all.length) return undefined;
      const some = all.slice(from, from + TOGETHER);
      const tables = observer.mountTables(Int32Array.from(some, ([, [pid = 0]]) => pid));
      return { some, askedBefore: registry.asked, tables };
    };
    let next = ask(0);
    for (let from = TOGETHER; next !== undefined; from += TOGETHER) {
      const { some, askedBefore, tables } = next;
      const shown = await tables;
      // Those that come then are read while these are looked through.
      next = ask(from);
      await this.#readOneByOne(
        some.filter(([id, [pid = 0]], nth) => !this.#tell(id, pid, { shown: shown[nth], askedBefore })),
      );
    }
    for (const [id] of unread) this.#read(id, undefined);
  }

  /** What was read with others at once. False: it was not, or not all of it. */
  #tell(
    id: NamespaceId,
    pid: number,
    { shown, askedBefore }: { shown: Outcome<ShownTable> | undefined; askedBefore: number },
  ): boolean {
    if (this.tables.has(id)) return true;
    if (shown?.ok !== true || shown.value.id !== id || this.#left <= 0) return false;
    const told = this.#lines.tell(shown.value, pid);
    if (told === undefined) return false;
    this.#left--;
    this.#keep(id, told);
    this.#take(told, { id, file: undefined, askedBefore });
    this.#readWaiting();
    return true;
  }

  async #readOneByOne(members: readonly (readonly [NamespaceId, readonly number[]])[]): Promise<void> {
    if (members.length === 0) return;
    const opened = await this.#reader.observer.openLinks(members.map(([, [pid = 0]]) => ({ pid, link: "mnt" })));
    for (const [nth, [id]] of members.entries()) {
      const first = opened[nth];
      using file = first?.ok === true ? first.value : undefined;
      this.#readBy(file, id);
    }
  }

  /** From the viewer's own in both directions. Who may not see all is told so at once. */
  listedByKernel(): void {
    const { observer, registry } = this.#reader;
    for (const step of ["next", "previous"] as const) {
      let at = observer.open(`${observer.procRoot}/self/ns/mnt`);
      while (at.ok) {
        using here = at.value;
        at = here.openNextMount(step);
        if (!at.ok) {
          if (at.errno === "EPERM") this.tally.note("mount-namespaces-not-listed");
          break;
        }
        registry.visit(at.value);
        this.#read(at.value.id, at.value);
        this.#readWaiting();
      }
    }
  }

  descriptors(): void {
    const { observer, registry } = this.#reader;
    for (const descriptor of this.#sources.descriptors) {
      const { namespace, fd } = descriptor;
      if (registry.kindOf(namespace) === "mnt") this.#readAt(`${folderOf(observer, descriptor)}/fd/${fd}`, namespace);
    }
  }

  /**
   * The processes whose links were refused: everybody may read what they see mounted, though not which mount namespace they
   * are in. One with a mount that nobody else has seen is in one that is not known.
   */
  strangers(): void {
    const { observer, registry, doorway } = this.#reader;
    const seen = new Set<number>();
    for (const pid of strangersOf(this.#sources)) {
      if (this.#left <= 0) return this.tally.skip("costly");
      this.#left--;
      const askedBefore = registry.asked;
      const table = readTable(observer, doorway, {
        file: undefined,
        members: [],
        isOwn: false,
        stranger: pid,
        known: this.#known,
      });
      for (const ids of this.#seen.splice(0)) for (const id of ids) seen.add(id);
      const mounts = table.mounts.filter(({ id }) => !seen.has(id));
      if (mounts.length > 0) this.#take(toldBy({ ...table, mounts }), { id: "unknown", file: undefined, askedBefore });
    }
  }

  #readAt(path: string, id: NamespaceId): void {
    if (this.tables.has(id)) return;
    const opened = this.#reader.observer.open(path);
    using file = opened.ok ? opened.value : undefined;
    this.#readBy(file, id);
  }

  #readBy(file: NsFile | undefined, id: NamespaceId): void {
    // Another one by now, if it is not the same.
    this.#read(id, file?.id === id ? file : undefined);
    this.#readWaiting();
  }

  #readWaiting(): void {
    for (let file = this.#waiting.pop(); file !== undefined; file = this.#waiting.pop()) {
      using here = file;
      this.#read(here.id, here);
    }
  }

  #read(id: NamespaceId, file: NsFile | undefined): void {
    if (this.tables.has(id)) return;
    const { observer, registry, doorway } = this.#reader;
    if (this.#left <= 0) {
      this.tables.set(id, { refused: "ECANCELED", call: "openat" });
      this.tally.skip("costly", ++this.#leftOut);
      return;
    }
    this.#left--;
    const askedBefore = registry.asked;
    const table = readTable(observer, doorway, {
      file,
      members: this.#members.get(id) ?? [],
      isOwn: false,
      known: this.#known,
    });
    this.#keep(id, table);
    this.#take(toldBy(table), { id, file, askedBefore });
  }
  #leftOut = 0;

  #keep(id: NamespaceId, { answer, mounts }: Pick<MountsTold, "answer" | "mounts">): void {
    const isKept = this.#trees && "value" in answer;
    this.tables.set(id, isKept ? { value: { ...answer.value, tree: Array.from(mounts, toRecord) } } : answer);
  }

  #take(table: MountsTold, of: TableOf): void {
    const { observer, doorway, registry } = this.#reader;
    const { answer } = table;
    if ("value" in answer) this.tally.saw();
    else if (!(answer.refused === "ECANCELED")) this.tally.refused(answer.refused);
    if (table.isChrooted) this.tally.note("chrooted-view");
    this.#seen.push(table.ids);
    using door = new Door(observer, doorway, table, of);
    for (const mount of table.holding) {
      if (this.#met.has(mount.id)) continue;
      this.#met.add(mount.id);
      this.fileSystems.take(mount, door);
      const file = this.pins.take(mount, door, { everyPath: of.id === undefined });
      if (file === undefined) continue;
      if (registry.kindOf(file.id) === "mnt" && !this.tables.has(file.id)) this.#waiting.push(file);
      else file[Symbol.dispose]();
    }
  }
}
