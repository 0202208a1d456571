/** All below some tops and they themselves, each behind what it holds. No recursion: nothing decides how deep they may nest. */
export function innermostFirst<T>(tops: readonly T[], below: (one: T) => readonly T[]): T[] {
  const order: T[] = [];
  const open = [...tops];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    order.push(at);
    open.push(...below(at));
  }
  return order.toReversed();
}
