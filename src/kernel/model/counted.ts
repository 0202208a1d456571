import { changed } from "../../rules/reserved.ts";
import type { NumberMap } from "./persistent.ts";
import type { Owner } from "./trie.ts";
import type { Counted } from "./world.ts";

/** One kind of counted things while a call works on them. What nothing holds any more is gone from `map`. */
export class CountedStore<K extends number, V extends Counted> {
  map: NumberMap<K, V>;
  readonly #what: string;
  readonly #owner: Owner;

  constructor(map: NumberMap<K, V>, what: string, owner: Owner) {
    this.map = map;
    this.#what = what;
    this.#owner = owner;
  }
  /** Not finding what something refers to means that the model itself is broken. */
  get(key: K): V {
    const found = this.map.get(key);
    if (found === undefined) throw new Error(`the model lost ${this.#what} ${key}`);
    return found;
  }
  set(key: K, value: V): K {
    this.map = this.map.set(key, value, this.#owner);
    return key;
  }
  change(key: K, change: Partial<V>): void {
    this.set(key, changed(this.get(key), change));
  }
  hold(key: K): K {
    const value = this.get(key);
    return this.set(key, changed(value, { references: value.references + 1 }));
  }
  /** Gives up one reference. Gives the thing where that was the last: whoever knows it gives up what it held. */
  letGo(key: K): V | undefined {
    const value = this.get(key);
    if (value.references > 1) {
      this.set(key, changed(value, { references: value.references - 1 }));
      return undefined;
    }
    this.map = this.map.delete(key, this.#owner);
    return value;
  }
}
