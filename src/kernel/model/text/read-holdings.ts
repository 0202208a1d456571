import { noOpenFiles } from "../open-files.ts";
import type { TaskName } from "../../call.ts";
import { taskName } from "../../call.ts";
import { CountedMap } from "../counted.ts";
import { NumberMap, setOfNumbers } from "../persistent.ts";
import type {
  FileKey,
  Fs,
  FsKey,
  Memberships,
  Memory,
  MemoryKey,
  NsKey,
  OpenFile,
  Resources,
  Table,
  TableKey,
  Task,
} from "../world.ts";
import type { Places } from "./places.ts";
import { plainFile } from "./read-files.ts";
import type { Statement } from "./statement.ts";
import { listed, numbers, yesOrNo } from "./values.ts";

/** What a key shares, and what only whoever had it first can say of it. */
const SHARED = {
  table: { key: "files", own: ["fds", "keep"] },
  fs: { key: "fs", own: ["chrooted", "root-in", "root-locked"] },
  memory: { key: "vm", own: ["dumpable", "mm-user"] },
} as const;
type Shared = keyof typeof SHARED;
/** Of a root whose mount namespace has ended. */
export const GONE = "gone";
const NOBODY = 0 as NsKey;
const MOST_FD = 0x7fffffff;

/** Descriptors, root and memory: of one task, or shared with those who name it. */
export class Holdings {
  tables = new CountedMap<TableKey, Table>();
  fss = new CountedMap<FsKey, Fs>();
  memories = new CountedMap<MemoryKey, Memory>();
  files = noOpenFiles();
  readonly #named = new Map<string, { readonly said: Statement; readonly key: FileKey }>();
  readonly #own = new Map<TaskName, Partial<Resources>>();
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  file(said: Statement, file: OpenFile): void {
    this.#named.set(said.subject, { said, key: this.#add(file) });
  }
  #add(file: OpenFile): FileKey {
    const key = this.files.freeKey();
    this.files = this.files.set(key, file);
    return key;
  }

  /** What a task has of its own. */
  own(said: Statement, name: TaskName, { credentials }: Task, { mnt }: Memberships): void {
    for (const { key, own } of Object.values(SHARED)) {
      const twice = said.has(key) ? own.find((word) => said.has(word)) : undefined;
      if (twice !== undefined) throw said.wrong("no-key", { text: twice, near: key });
    }
    const resources: { -readonly [R in Shared]?: Resources[R] } = {};
    if (!said.has(SHARED.table.key)) {
      resources.table = this.tables.freeKey();
      this.tables = this.tables.set(resources.table, this.#table(said, credentials.user));
    }
    if (!said.has(SHARED.fs.key)) {
      resources.fs = this.fss.freeKey();
      this.fss = this.fss.set(resources.fs, this.#root(said, mnt));
    }
    if (!said.has(SHARED.memory.key)) {
      resources.memory = this.memories.freeKey();
      const user = this.#places.one(said, "mm-user", "user");
      this.memories = this.memories.set(resources.memory, { dumpable: yesOrNo(said, "dumpable", true), user });
    }
    this.#own.set(name, resources);
  }

  #root(said: Statement, own: NsKey): Fs {
    const name = said.raw("root-in");
    const mnt = name === undefined ? own : name === GONE ? NOBODY : this.#places.ofKind(said, name, "mnt");
    return { chrooted: said.has("chrooted"), mnt, locked: said.has("root-locked") };
  }

  #table(said: Statement, user: Task["credentials"]["user"]): Table {
    let descriptors = new NumberMap<number, FileKey>();
    for (const entry of listed(said, "fds")) {
      const [, digits, name = ""] = /^(\d{1,10})=(.+)$/.exec(entry) ?? [];
      const fd = Number(digits ?? Number.NaN);
      if (!(fd <= MOST_FD)) throw said.unfit("fds", "0=FILE,3=net:blue,…");
      if (descriptors.has(fd)) throw said.wrong("said-twice", { text: `${fd}` });
      const key = this.#named.get(name)?.key ?? this.#add(plainFile(this.#places.named(said, name).key, user));
      this.files = oneMore(this.files, key);
      descriptors = descriptors.set(fd, key);
    }
    let kept = setOfNumbers<number>();
    for (const fd of numbers(said, "keep", MOST_FD)) kept = kept.add(fd);
    return { descriptors, kept };
  }

  /** What a living task has, of its own or shared; counts it as one more holder. */
  resourcesOf(said: Statement, name: TaskName): Resources {
    const held = <S extends Shared>(shared: S): Resources[S] => {
      const { key } = SHARED[shared];
      const holder = said.has(key) ? taskName(said.text(key) ?? "") : name;
      const own: Resources[S] | undefined = this.#own.get(holder)?.[shared];
      if (own === undefined) throw said.wrong("is-nowhere", { text: `${key} ${holder}` });
      return own;
    };
    const [table, fs, memory] = [held("table"), held("fs"), held("memory")];
    this.tables = oneMore(this.tables, table);
    this.fss = oneMore(this.fss, fs);
    this.memories = oneMore(this.memories, memory);
    return { table, fs, memory };
  }

  /** A file behind no descriptor would be closed. */
  mustBeHeld(): void {
    for (const { said, key } of this.#named.values()) {
      if (this.files.held(key)?.references === 0) throw said.wrong("nothing-keeps-it");
    }
  }
}

/** Another one holds it. */
function oneMore<K extends number, V>(map: CountedMap<K, V>, key: K): CountedMap<K, V> {
  const held = map.held(key);
  return held === undefined ? map : map.count(key, held.value, held.references + 1);
}
