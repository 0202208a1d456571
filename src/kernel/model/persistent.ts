import { Map as ImmutableMap, Set as ImmutableSet } from "immutable";

/**
 * A map that never changes: `set` and `delete` give a new one, which shares with this one whatever stayed the same, so
 * that a world of thousands of processes is cheap to change and every old one stays valid.
 */
export interface PersistentMap<K, V> extends Iterable<[K, V]> {
  readonly size: number;
  get(key: K): V | undefined;
  has(key: K): boolean;
  set(key: K, value: V): PersistentMap<K, V>;
  delete(key: K): PersistentMap<K, V>;
  keys(): IterableIterator<K>;
  values(): IterableIterator<V>;
}

/** A set that never changes: see `PersistentMap`. */
export interface PersistentSet<T> extends Iterable<T> {
  readonly size: number;
  has(value: T): boolean;
  add(value: T): PersistentSet<T>;
  delete(value: T): PersistentSet<T>;
}

export const persistentMap = <K, V>(): PersistentMap<K, V> => ImmutableMap<K, V>();
export const persistentSet = <T>(): PersistentSet<T> => ImmutableSet<T>();
