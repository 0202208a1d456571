/** A whole number as people read it: 100,000. */
export const thousands = (number: number): string => number.toLocaleString("en");
