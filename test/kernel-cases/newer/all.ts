import { LISTING } from "./listing.ts";
import type { NewerCase } from "./newer-case.ts";
import { SLEEPING } from "./sleeping.ts";

/** Every case of calls that came after the kernel of the facts. */
export const NEWER_CASES: readonly NewerCase[] = [...LISTING, ...SLEEPING];
