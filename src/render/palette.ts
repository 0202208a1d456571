import { createColors } from "picocolors";

/** What a piece of text is, for the eye. Colour repeats what the words and signs already say. */
export interface Palette {
  readonly heading: Paint;
  /** Lines of trees, units, whatever only guides the eye, and what repeats the line above. */
  readonly faint: Paint;
  readonly kind: Paint;
  /** A user namespace: the frame that others hang in. */
  readonly frame: Paint;
  /** The viewer's own. */
  readonly own: Paint;
  readonly strong: Paint;
  /** Held by something that is not a process. */
  readonly held: Paint;
  /** Refused, unknown, not shown. */
  readonly missing: Paint;
}
export type Paint = (text: string) => string;

/** Colours, or none: whether to use them is the caller's decision (`--color`, NO_COLOR, a terminal). */
export function palette(color: boolean): Palette {
  const colors = createColors(color);
  return {
    heading: colors.dim,
    faint: colors.dim,
    kind: colors.cyan,
    frame: (text) => colors.bold(colors.blue(text)),
    own: (text) => colors.bold(colors.green(text)),
    strong: colors.bold,
    held: colors.magenta,
    missing: colors.yellow,
  };
}
