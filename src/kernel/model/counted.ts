import { changed, isReserved } from "../../rules/reserved.ts";
import { NumberMap } from "./persistent.ts";
import type { Owner } from "./trie.ts";

/** A thing, and how many hold it: apart, so that counting copies nothing of the thing. */
interface Held<V> {
  readonly value: V;
  readonly references: number;
}

/** Things that several may hold at once, each with how many do; it never changes: see `NumberMap`. */
export class CountedMap<K extends number, V> implements Iterable<[K, V]> {
  readonly #map: NumberMap<K, Held<V>>;

  constructor(map = new NumberMap<K, Held<V>>()) {
    this.#map = map;
  }
  get size(): number {
    return this.#map.size;
  }
  get(key: K): V | undefined {
    return this.#map.get(key)?.value;
  }
  has(key: K): boolean {
    return this.#map.has(key);
  }
  held(key: K): Held<V> | undefined {
    return this.#map.get(key);
  }
  /** The same things, with this one in the place of what the key led to; who holds it goes on holding it. */
  set(key: K, value: V, owner?: Owner): CountedMap<K, V> {
    return this.count(key, value, this.held(key)?.references ?? 0, owner);
  }
  count(key: K, value: V, references: number, owner?: Owner): CountedMap<K, V> {
    return this.#with(this.#map.set(key, { value, references }, owner));
  }
  delete(key: K, owner?: Owner): CountedMap<K, V> {
    return this.#with(this.#map.delete(key, owner));
  }
  after(key: number): K | undefined {
    return this.#map.after(key);
  }
  keys(): IterableIterator<K> {
    return this.#map.keys();
  }
  *values(): IterableIterator<V> {
    for (const { value } of this.#map.values()) yield value;
  }
  *[Symbol.iterator](): IterableIterator<[K, V]> {
    for (const [key, { value }] of this.#map) yield [key, value];
  }
  /** The keys in which this map and another differ, be it in how many hold a thing. */
  differing(other: CountedMap<K, V>): ReadonlySet<K> {
    return this.#map.differing(other.#map);
  }
  #with(map: NumberMap<K, Held<V>>): CountedMap<K, V> {
    return map === this.#map ? this : new CountedMap(map);
  }
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
  set(key: K, value: V): void {
    this.map = this.map.set(key, value, this.#owner);
  }
  change(key: K, change: Partial<V>): void {
    const before = this.get(key);
    this.set(key, isReserved(before) ? changed(before, change) : { ...before, ...change });
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
