import { push } from "../snapshot/push.ts";

/** A list by key, each key's in the order of the list, the keys in the order in which they come up. */
export function groupBy<T, K>(list: Iterable<T>, keyOf: (one: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const one of list) push(groups, keyOf(one), one);
  return groups;
}

/** How many there are of each, in the order in which they come up. */
export function count<K>(keys: Iterable<K>): Map<K, number> {
  const counts = new Map<K, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
