import type { FactCase } from "../fact-case.ts";
import { RELATION_FACTS } from "./relations.ts";
import { SETNS_MATRIX_FACTS } from "./setns-matrix.ts";

/** Every case that stands for a measured fact. */
export const FACT_CASES: readonly FactCase[] = [...RELATION_FACTS, ...SETNS_MATRIX_FACTS];
