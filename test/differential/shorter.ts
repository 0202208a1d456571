/**
 * The shortest list found that still fails, by leaving out: halves first, then ever smaller pieces down to single items,
 * again and again until nothing can be spared.
 */
export function shorter<T>(items: readonly T[], fails: (items: readonly T[]) => boolean): readonly T[] {
  let kept = items;
  for (let size = Math.ceil(kept.length / 2); size >= 1;) {
    const before = kept.length;
    for (let at = 0; at < kept.length;) {
      const without = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (fails(without)) kept = without;
      else at += size;
    }
    if (size > 1) size = Math.ceil(size / 2);
    else if (kept.length === before) return kept;
  }
  return kept;
}
