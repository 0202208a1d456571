/** A number and its noun in English. */
export const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
/** In French: nothing counts as one. */
export const pluriel = (count: number, one: string, many: string): string => `${count} ${count < 2 ? one : many}`;
