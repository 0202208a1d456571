/**
 * What a guest writes, one line of JSON each: who it is, what each case gave (where no model can be asked for it, with what it
 * should give), how long some of it took, and that it came to its end.
 */
export type Line =
  | { readonly kernel: string; readonly version: string; readonly capabilities: string }
  | { readonly took: string; readonly seconds: number }
  | { readonly id: string; readonly says: string; readonly should?: string }
  | { readonly finished: number };

/** What a case is said to have given where the machinery around it gave up. */
export const broken = (error: unknown): string => `broken: ${error instanceof Error ? error.name : String(error)}`;
