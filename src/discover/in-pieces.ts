/** So many namespaces are open at a time, to be asked by one process. */
export const AT_ONCE = 128;

export const inPieces = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, nth) => all.slice(nth * size, (nth + 1) * size));
