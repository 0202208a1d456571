import type { Output } from "./context.ts";
import { wrap } from "./wrap.ts";

/** Says something beside the answer, on standard error: at 80 columns, since it is for people. */
export function note(err: Pick<Output, "write">, sentence: string): void {
  err.write(`${wrap(sentence, { first: "nsatlas: ", indent: "  " }).join("\n")}\n`);
}
