import type { LinkColumn } from "./link-column.ts";

/**
 * Of each row a number that it shares with those whose links say the same; they count from 0, in the order of rows. On most machines
 * nearly all rows have the same, so that what follows from links is found once for many.
 */
export function linkSets(count: number, columns: readonly LinkColumn[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from({ length: count }, (_, row) => {
    const key = columns.map(({ inode, errno, device }) => `${inode[row]} ${errno[row]} ${device?.[row]}`).join();
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  });
}
