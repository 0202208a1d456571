/** What one program of bench/ measures. */
export interface Bench {
  /** Names it on the command line, and its part of docs/performance.md. */
  readonly name: string;
  measure(): Promise<Measured>;
}

export interface Measured {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Sentences below the table. */
  readonly remarks: readonly string[];
}

/** How often each thing is measured; the median counts. */
export const ROUNDS = 7;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** 12345 is "12,345". */
export const count = (value: number): string => value.toLocaleString("en");
