/** The list of a key, which it has from then on. */
export function listAt<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const before = lists.get(key);
  if (before !== undefined) return before;
  const list: V[] = [];
  lists.set(key, list);
  return list;
}

/** Puts a value at the end of the list of a key. */
export function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
