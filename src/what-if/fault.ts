import type { WhatIfExpected, WhatIfFault } from "../messages/what-if.ts";

/** A word of the calls as they were typed, and where in the text it stands. */
export interface Word {
  /** Without its quotes, escapes resolved. */
  readonly text: string;
  readonly from: number;
  /** The place behind it. */
  readonly to: number;
}

/** What else there is to say of a fault. */
interface More {
  /** What should have stood there. */
  readonly expected?: WhatIfExpected;
  /** How the call is written. */
  readonly form?: string;
  /** What could have been meant. */
  readonly candidates?: readonly string[];
}

/** The words are off: which, and what should have been there. Thrown by the grammar, caught by whoever read the words. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly fault: WhatIfFault;
  readonly word: Word;
  readonly more: More;

  constructor(fault: WhatIfFault, word: Word, more: More = {}) {
    super(`${fault}: ${word.text}`);
    this.fault = fault;
    this.word = word;
    this.more = more;
  }
}
