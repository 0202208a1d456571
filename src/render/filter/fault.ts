import type { FILTER_FAULTS, PATTERN_FAULTS } from "../../messages/filter.ts";

/** What is wrong with a filter, and where: `at` counts its characters from 1. */
export interface FilterFault {
  readonly fault: keyof typeof FILTER_FAULTS;
  readonly at: number;
  /** The words it is about, as they were written: not yet safe to print. */
  readonly text: string;
  /** Of a bad pattern: what is wrong in it. */
  readonly pattern?: keyof typeof PATTERN_FAULTS;
}

/** Ends the reading of a filter, or its use on a row. */
export class FilterError extends Error {
  override readonly name = "FilterError";
  readonly fault: FilterFault;

  constructor(fault: FilterFault) {
    super(`${fault.fault} at ${fault.at}`);
    this.fault = fault;
  }
}
