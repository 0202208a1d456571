import type { OperationName } from "../../../src/caps/operations.ts";
import type { Compared } from "./compare.ts";

/** How often each operation was answered how, where the kernel said something. */
export interface Row {
  yes: number;
  no: number;
  unknown: number;
  /** The kernel refused for what the answer said that it takes for granted. */
  otherwise: number;
}

export class Tally {
  readonly rows = new Map<OperationName, Row>();
  /** Tried, with something to hear. */
  compared = 0;

  add({ trial: { operation }, answer: { verdict }, heard }: Compared): void {
    if (heard === "nothing") return;
    const row = this.rows.get(operation) ?? { yes: 0, no: 0, unknown: 0, otherwise: 0 };
    this.rows.set(operation, row);
    row[verdict === "yes" && heard === "no" ? "otherwise" : verdict] += 1;
    this.compared += 1;
  }

  /** Operations that were answered yes and no, and the kernel said the same. */
  get bothWays(): readonly OperationName[] {
    return [...this.rows].filter(([, { yes, no }]) => yes > 0 && no > 0).map(([operation]) => operation);
  }
}
