import {
  differing,
  find,
  GREATEST_KEY,
  firstMissing,
  Leaf,
  leaves,
  nearest,
  outermost,
  put,
  remove,
  sizeOf,
  type Node,
  type Owner,
} from "./trie.ts";

/**
 * A map that never changes: `set` and `delete` give a new one, which shares with this one whatever stayed the same, so
 * that a world of thousands of processes is cheap to change and every old one stays valid. Whoever passes an owner gives
 * up the map it changes: the new one may have been made of the old one in place, as far as the same owner made that.
 */
export interface PersistentMap<K, V> extends Iterable<[K, V]> {
  readonly size: number;
  get(key: K): V | undefined;
  has(key: K): boolean;
  set(key: K, value: V, owner?: Owner): PersistentMap<K, V>;
  delete(key: K, owner?: Owner): PersistentMap<K, V>;
  keys(): IterableIterator<K>;
  values(): IterableIterator<V>;
  /** The keys in which this map and another of its kind differ: found in as many steps as there are. */
  differing(other: PersistentMap<K, V>): ReadonlySet<K>;
}

/** A set that never changes: see `PersistentMap`. */
export interface PersistentSet<T> extends Iterable<T> {
  readonly size: number;
  has(value: T): boolean;
  add(value: T): PersistentSet<T>;
  delete(value: T): PersistentSet<T>;
}

/** By whole numbers from 0 to 2^32 - 1, in their order. */
export class NumberMap<K extends number, V> implements PersistentMap<K, V> {
  readonly #root: Node<V> | undefined;

  constructor(root?: Node<V>) {
    this.#root = root;
  }
  get size(): number {
    return sizeOf(this.#root);
  }
  get(key: K): V | undefined {
    return find(this.#root, key)?.value;
  }
  has(key: K): boolean {
    return find(this.#root, key) !== undefined;
  }
  /** RangeError: no such key. */
  set(key: K, value: V, owner?: Owner): NumberMap<K, V> {
    return this.#with(put(this.#root, new Leaf(key, value), owner));
  }
  delete(key: K, owner?: Owner): NumberMap<K, V> {
    return this.#with(remove(this.#root, key, owner));
  }
  /** The next greater key, whether the map has this one or not. */
  after(key: number): K | undefined {
    return key < GREATEST_KEY ? (nearest(this.#root, key + 1, "up")?.key as K | undefined) : undefined;
  }
  /** The next smaller one. */
  before(key: number): K | undefined {
    return key > 0 ? (nearest(this.#root, key - 1, "down")?.key as K | undefined) : undefined;
  }
  greatest(): K | undefined {
    return outermost(this.#root, "down")?.key as K | undefined;
  }
  /** The least number from `from` on that is no key. */
  firstMissing(from: number): number {
    return firstMissing(this.#root, from);
  }
  *keys(): IterableIterator<K> {
    for (const { key } of leaves(this.#root)) yield key as K;
  }
  *values(): IterableIterator<V> {
    for (const { value } of leaves(this.#root)) yield value;
  }
  *[Symbol.iterator](): IterableIterator<[K, V]> {
    for (const { key, value } of leaves(this.#root)) yield [key as K, value];
  }
  differing(other: PersistentMap<K, V>): ReadonlySet<K> {
    if (!(other instanceof NumberMap)) throw new TypeError("the other map is by numbers too");
    return new Set(Array.from(differing(this.#root, (other as NumberMap<K, V>).#root), ({ key }) => key as K));
  }
  #with(root: Node<V> | undefined): NumberMap<K, V> {
    return root === this.#root ? this : new NumberMap(root);
  }
}

/** One of the names that have the same hash, mostly the only one. */
interface Entry<K, V> {
  readonly name: K;
  readonly value: V;
  readonly next: Entry<K, V> | undefined;
}

/** By texts, in no order that means anything. */
export class NameMap<K extends string, V> implements PersistentMap<K, V> {
  readonly size: number;
  readonly #root: Node<Entry<K, V>> | undefined;

  constructor(root?: Node<Entry<K, V>>, size = 0) {
    this.#root = root;
    this.size = size;
  }
  get(name: K): V | undefined {
    return entryOf(find(this.#root, hashOf(name))?.value, name)?.value;
  }
  has(name: K): boolean {
    return entryOf(find(this.#root, hashOf(name))?.value, name) !== undefined;
  }
  set(name: K, value: V, owner?: Owner): NameMap<K, V> {
    const hash = hashOf(name);
    const same = find(this.#root, hash)?.value;
    const isNew = entryOf(same, name) === undefined;
    const entry = { name, value, next: isNew ? same : without(same, name) };
    return this.#with(put(this.#root, new Leaf(hash, entry), owner), isNew ? 1 : 0);
  }
  delete(name: K, owner?: Owner): NameMap<K, V> {
    const hash = hashOf(name);
    const same = find(this.#root, hash)?.value;
    if (entryOf(same, name) === undefined) return this;
    const others = without(same, name);
    const root =
      others === undefined ? remove(this.#root, hash, owner) : put(this.#root, new Leaf(hash, others), owner);
    return this.#with(root, -1);
  }
  *keys(): IterableIterator<K> {
    for (const [name] of this) yield name;
  }
  *values(): IterableIterator<V> {
    for (const [, value] of this) yield value;
  }
  *[Symbol.iterator](): IterableIterator<[K, V]> {
    for (const leaf of leaves(this.#root)) {
      for (let at: Entry<K, V> | undefined = leaf.value; at !== undefined; at = at.next) yield [at.name, at.value];
    }
  }
  /** Names that share a hash with one that differs are among them. */
  differing(other: PersistentMap<K, V>): ReadonlySet<K> {
    if (!(other instanceof NameMap)) throw new TypeError("the other map is by names too");
    const found = new Set<K>();
    for (const leaf of differing(this.#root, (other as NameMap<K, V>).#root)) {
      for (let at: Entry<K, V> | undefined = leaf.value; at !== undefined; at = at.next) found.add(at.name);
    }
    return found;
  }
  #with(root: Node<Entry<K, V>> | undefined, more: number): NameMap<K, V> {
    return root === this.#root && more === 0 ? this : new NameMap(root, this.size + more);
  }
}

function entryOf<K, V>(first: Entry<K, V> | undefined, name: K): Entry<K, V> | undefined {
  let at = first;
  while (at !== undefined && at.name !== name) at = at.next;
  return at;
}

function without<K, V>(first: Entry<K, V> | undefined, name: K): Entry<K, V> | undefined {
  if (first === undefined) return undefined;
  return first.name === name ? first.next : { ...first, next: without(first.next, name) };
}

/**
 * As String.hashCode of Java: names that are counted up lie beside each other, in few branches. Of its bits as many as six
 * branches decide by: two more would be a branch of four above all others.
 */
function hashOf(name: string): number {
  let hash = 0;
  for (let at = 0; at < name.length; at++) hash = (Math.imul(hash, 31) + name.charCodeAt(at)) | 0;
  return hash & 0x3fffffff;
}

class MapKeys<T> implements PersistentSet<T> {
  readonly #map: PersistentMap<T, true>;

  constructor(map: PersistentMap<T, true>) {
    this.#map = map;
  }
  get size(): number {
    return this.#map.size;
  }
  has(value: T): boolean {
    return this.#map.has(value);
  }
  add(value: T): PersistentSet<T> {
    return new MapKeys(this.#map.set(value, true));
  }
  delete(value: T): PersistentSet<T> {
    const left = this.#map.delete(value);
    return left === this.#map ? this : new MapKeys(left);
  }
  [Symbol.iterator](): IterableIterator<T> {
    return this.#map.keys();
  }
}

// The empty ones are the same for all: most tasks have no children and no further threads.
const NO_NUMBERS: PersistentSet<never> = new MapKeys(new NumberMap<never, true>());
const NO_NAMES: PersistentSet<never> = new MapKeys(new NameMap<never, true>());
export const setOfNumbers = <T extends number>(): PersistentSet<T> => NO_NUMBERS;
export const setOfNames = <T extends string>(): PersistentSet<T> => NO_NAMES;
