const UNSIGNED = /^(?:0|[1-9]\d{0,15})$/;

/** The highest value of the kernel's `unsigned int`, and so of uids, gids and their counts. */
export const U32_MAX = 0xffffffff;
/** The highest value of the kernel's `int`, and so of pids and mount ids. */
export const S32_MAX = 0x7fffffff;

/** A whole number as printf's %u and %d write one from 0 on: no sign, no leading zeros, at most `max`. */
export function unsigned(word: string | undefined, max: number): number | undefined {
  if (word === undefined || !UNSIGNED.test(word)) return undefined;
  const value = Number(word);
  return value <= max ? value : undefined;
}
