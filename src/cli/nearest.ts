/**
 * The candidate a misspelt word most likely stands for, or undefined where none is near: at most a third of the letters
 * may be wrong, a swap of neighbours counting once. A candidate that the word begins counts as near.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word === "" || word.length > LONGEST) return undefined;
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const edits = candidate.startsWith(word) ? 0 : distance(word.toLowerCase(), candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}

/** Nobody misspells a longer word; and the work stays small for a hostile one. */
const LONGEST = 64;

/** Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours. */
function distance(left: string, right: string): number {
  let [beforeLast, last] = [new Array<number>(), Array.from({ length: right.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= left.length; row++) {
    const now = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      const edits = [at(last, column) + 1, at(now, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1)];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped && row > 1 && column > 1) edits.push(at(beforeLast, column - 2) + 1);
      now.push(Math.min(...edits));
    }
    [beforeLast, last] = [last, now];
  }
  return at(last, right.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Infinity;
