import { NumberMap } from "../../kernel/model/persistent.ts";

/** A map of which one entry was not seen: reading that runs a function. */
export class MapWithHole<K extends number, V> extends NumberMap<K, V> {
  readonly #inner: NumberMap<K, V>;
  readonly #hole: K;
  readonly #read: () => never;

  constructor(inner: NumberMap<K, V>, hole: K, read: () => never) {
    super();
    this.#inner = inner;
    this.#hole = hole;
    this.#read = read;
  }
  override get size(): number {
    return this.#inner.size;
  }
  override get(key: K): V | undefined {
    return key === this.#hole ? this.#read() : this.#inner.get(key);
  }
  override has(key: K): boolean {
    return key === this.#hole ? this.#read() : this.#inner.has(key);
  }
  override set(key: K, value: V): MapWithHole<K, V> {
    return new MapWithHole(this.#inner.set(key, value), this.#hole, this.#read);
  }
  override delete(key: K): MapWithHole<K, V> {
    return new MapWithHole(this.#inner.delete(key), this.#hole, this.#read);
  }
  override after(key: number): K | undefined {
    return this.#inner.after(key);
  }
  override before(key: number): K | undefined {
    return this.#inner.before(key);
  }
  override firstMissing(from: number): number {
    return this.#inner.firstMissing(from);
  }
  override *keys(): IterableIterator<K> {
    yield* this.#inner.keys();
  }
  override *values(): IterableIterator<V> {
    yield* this.#inner.values();
  }
  override *[Symbol.iterator](): IterableIterator<[K, V]> {
    yield* this.#inner;
  }
}
