import { changed } from "../../rules/reserved.ts";
import { NumberMap } from "./persistent.ts";
import {
  differing,
  find,
  Leaf,
  leaves,
  nearest,
  put,
  remove,
  sizeOf,
  GREATEST_KEY,
  type Node,
  type Owner,
} from "./trie.ts";

/** How many hold a thing whose holders nobody has counted: more than any calls give up, so that it never ends. */
export const UNCOUNTED = 2 ** 40;

/** A thing, and how many hold it: apart, so that counting copies nothing of the thing. */
type Held<V> = Pick<Leaf<V>, "value" | "references">;

/** A number that some things have besides their key, and how many things have each. */
interface Index<V> {
  numberOf(value: V): number | undefined;
  readonly counts: NumberMap<number, number>;
}

/** Things that several may hold at once, each with how many do; it never changes: see `NumberMap`. */
export class CountedMap<K extends number, V> implements Iterable<[K, V]> {
  readonly #root: Node<V> | undefined;
  readonly #index: Index<V> | undefined;
  readonly #nextKey: number;

  constructor(root?: Node<V>, index?: Index<V>, nextKey = 1) {
    this.#root = root;
    this.#index = index;
    this.#nextKey = nextKey;
  }
  /** An empty one that also counts, by a number of theirs, the things it comes to have. */
  static indexedBy<K extends number, V>(numberOf: (value: V) => number | undefined): CountedMap<K, V> {
    return new CountedMap<K, V>(undefined, { numberOf, counts: new NumberMap<number, number>() });
  }
  /** How many things have a number. */
  countOf(number: number): number {
    if (this.#index === undefined) throw new Error("these things are counted by nothing else");
    return this.#index.counts.get(number) ?? 0;
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
  held(key: K): Held<V> | undefined {
    return find(this.#root, key);
  }
  /** The same things, with this one in the place of what the key led to; who holds it goes on holding it. */
  set(key: K, value: V, owner?: Owner): CountedMap<K, V> {
    return this.count(key, value, this.held(key)?.references ?? 0, owner);
  }
  count(key: K, value: V, references: number, owner?: Owner): CountedMap<K, V> {
    // Before it is put: with an owner, that may change the tree in place.
    const index = this.#index && moved(this.#index, this.get(key), value);
    const root = put(this.#root, new Leaf(key, value, references), owner);
    return new CountedMap(root, index, key < this.#nextKey ? this.#nextKey : key + 1);
  }
  delete(key: K, owner?: Owner): CountedMap<K, V> {
    const index = this.#index && moved(this.#index, this.get(key), undefined);
    const root = remove(this.#root, key, owner);
    return root === this.#root && index === this.#index ? this : new CountedMap(root, index, this.#nextKey);
  }
  /** A key that nothing here has or had. Keys of each kind that are counted up make a tree of few and full branches. */
  freeKey(): K {
    return this.#nextKey as K;
  }
  after(key: number): K | undefined {
    return key < GREATEST_KEY ? (nearest(this.#root, key + 1, "up")?.key as K | undefined) : undefined;
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
  /** The keys in which this map and another differ, be it in how many hold a thing. */
  differing(other: CountedMap<K, V>): ReadonlySet<K> {
    return new Set(Array.from(differing(this.#root, other.#root), ({ key }) => key as K));
  }
}

/** The index after one thing took the place of another; undefined: of nothing, or nothing took it. */
function moved<V>(index: Index<V>, before: V | undefined, after: V | undefined): Index<V> {
  if (before === after) return index;
  const from = before === undefined ? undefined : index.numberOf(before);
  const to = after === undefined ? undefined : index.numberOf(after);
  if (from === to) return index;
  let next = index.counts;
  if (from !== undefined) {
    const left = (next.get(from) ?? 0) - 1;
    next = left === 0 ? next.delete(from) : next.set(from, left);
  }
  if (to !== undefined) next = next.set(to, (next.get(to) ?? 0) + 1);
  return { ...index, counts: next };
}

/** One kind of counted things while a call works on them. What nothing holds any more is gone from `map`. */
export class CountedStore<K extends number, V extends object> {
  map: CountedMap<K, V>;
  readonly #what: string;
  readonly #owner: Owner;

  constructor(map: CountedMap<K, V>, what: string, owner: Owner) {
    this.map = map;
    this.#what = what;
    this.#owner = owner;
  }
  get(key: K): V {
    return this.#held(key).value;
  }
  /** How many hold it. */
  references(key: K): number {
    return this.#held(key).references;
  }
  /** Not finding what something refers to means that the model itself is broken. */
  #held(key: K): Held<V> {
    const found = this.map.held(key);
    if (found === undefined) throw new Error(`the model lost ${this.#what} ${key}`);
    return found;
  }
  /** A new thing, which `references` hold already: whoever makes it. */
  add(key: K, value: V, references = 1): K {
    this.map = this.map.count(key, value, references, this.#owner);
    return key;
  }
  /** The same under a key of its own. */
  make(value: V): K {
    return this.add(this.map.freeKey(), value);
  }
  set(key: K, value: V): void {
    this.map = this.map.set(key, value, this.#owner);
  }
  change(key: K, change: Partial<V>): void {
    const before = this.get(key);
    this.set(key, changed(before, change));
  }
  hold(key: K): K {
    const { value, references } = this.#held(key);
    return this.add(key, value, references + 1);
  }
  /** Gives up one reference. Gives the thing where that was the last: whoever knows it gives up what it held. */
  letGo(key: K): V | undefined {
    const { value, references } = this.#held(key);
    if (references > 1) {
      this.add(key, value, references - 1);
      return undefined;
    }
    this.map = this.map.delete(key, this.#owner);
    return value;
  }
}
