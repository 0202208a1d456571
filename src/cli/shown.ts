import { safeText } from "../messages/safe-text.ts";
import { cut } from "../render/width.ts";

/** As much of a name as a message repeats, in columns. */
const LONGEST_SHOWN = 100;

/** A text from outside as a message quotes it: safe on a terminal, and not longer than it is worth. */
export const shown = (text: string): string => cut(safeText(text), LONGEST_SHOWN);
