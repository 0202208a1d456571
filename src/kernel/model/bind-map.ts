import { NameMap, NumberMap, type PersistentMap } from "./persistent.ts";

type Ids = NumberMap<number, true>;

/**
 * The bind mounts of a mount namespace, by mount id, and by path as well, for several may cover each other there. It never
 * changes: see `PersistentMap`.
 */
export class BindMap<B extends { readonly path: string }> implements PersistentMap<number, B> {
  readonly #binds: NumberMap<number, B>;
  readonly #ids: NameMap<string, Ids>;

  constructor(binds = new NumberMap<number, B>(), ids = new NameMap<string, Ids>()) {
    this.#binds = binds;
    this.#ids = ids;
  }
  get size(): number {
    return this.#binds.size;
  }
  get(mountId: number): B | undefined {
    return this.#binds.get(mountId);
  }
  has(mountId: number): boolean {
    return this.#binds.has(mountId);
  }
  /** The last one that was made at a path covers the others. */
  topmost(path: string): B | undefined {
    const mountId = this.#ids.get(path)?.greatest();
    return mountId === undefined ? undefined : this.#binds.get(mountId);
  }
  set(mountId: number, bind: B): BindMap<B> {
    const others = this.delete(mountId);
    const ids = others.#ids.get(bind.path) ?? new NumberMap<number, true>();
    return new BindMap<B>(others.#binds.set(mountId, bind), others.#ids.set(bind.path, ids.set(mountId, true)));
  }
  delete(mountId: number): BindMap<B> {
    const bind = this.#binds.get(mountId);
    if (bind === undefined) return this;
    const left = this.#ids.get(bind.path)?.delete(mountId);
    const isLast = left === undefined || left.size === 0;
    const ids = isLast ? this.#ids.delete(bind.path) : this.#ids.set(bind.path, left);
    return new BindMap(this.#binds.delete(mountId), ids);
  }
  keys(): IterableIterator<number> {
    return this.#binds.keys();
  }
  values(): IterableIterator<B> {
    return this.#binds.values();
  }
  [Symbol.iterator](): IterableIterator<[number, B]> {
    return this.#binds[Symbol.iterator]();
  }
  differing(other: PersistentMap<number, B>): ReadonlySet<number> {
    if (!(other instanceof BindMap)) throw new TypeError("the other map is of binds too");
    return this.#binds.differing(other.#binds);
  }
}
