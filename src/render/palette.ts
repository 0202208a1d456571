import { createColors } from "picocolors";

/**
 * Colours by their number among 256: every terminal shows these alike, while the first 16 are as its theme has them. They are
 * six of the few that can be read (WCAG AA, 4.5 to 1) on black as well as on white; a test computes it.
 */
export const COLORS = { green: 29, blue: 63, purple: 98, rose: 131, magenta: 163, gray: 243 } as const;

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
  const { bold } = createColors(color);
  const of = (name: keyof typeof COLORS): Paint => (color ? (text) => inColor(COLORS[name], text) : String);
  const [blue, green] = [of("blue"), of("green")];
  return {
    heading: of("gray"),
    faint: of("gray"),
    kind: of("purple"),
    frame: (text) => bold(blue(text)),
    own: (text) => bold(green(text)),
    strong: bold,
    held: of("magenta"),
    missing: of("rose"),
  };
}

/** SGR 38;5 and 39, which takes the terminal's own again (ITU-T T.416; xterm's ctlseqs). */
const inColor = (number: number, text: string): string => `\u001b[38;5;${number}m${text}\u001b[39m`;
