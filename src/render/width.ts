/**
 * Code points that take two columns and are no emoji: first and last of each range; unassigned ones between two ranges are
 * counted in. Source: Unicode 17, EastAsianWidth.txt, values W and F, less Emoji_Presentation (emoji-data.txt).
 */
const WIDE = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2630, 0x2637],
  [0x268a, 0x268f],
  [0x2e80, 0x303e],
  [0x3041, 0x3247],
  [0x3250, 0xa4c6],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x1b2fb],
  [0x1d300, 0x1d376],
  [0x1f1ae, 0x1f1ae],
  [0x1f200, 0x1f265],
  [0x1f6d9, 0x1f6d9],
  [0x1f7da, 0x1f7da],
  [0x1fa8b, 0x1fafa],
  [0x20000, 0x3fffd],
] as const;

const ASCII = /^[ -~]*$/;
/** How many terminal columns a safe text takes (see `safeText`; an unsafe one may do anything to a terminal). */
export function columnsOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOfCharacter(character);
  return columns;
}

function columnsOfCharacter(character: string): 0 | 1 | 2 {
  const code = character.codePointAt(0) ?? 0;
  // Latin, and the lines of our trees.
  if (code < 0x300 || (code >= 0x2500 && code <= 0x257f)) return 1;
  const { noRoom, flagHalf, emoji } = (properties ??= characterProperties());
  if (noRoom.test(character)) return 0;
  if (isWide(code)) return 2;
  return emoji.test(character) && !flagHalf.test(character) ? 2 : 1;
}

/** Made where a text is not Latin: sets of characters take a quarter of a millisecond each. */
let properties: ReturnType<typeof characterProperties> | undefined;
const characterProperties = () => ({
  /** Marks that sit on the character before them. Spacing marks (Mc) take a column of their own. */
  noRoom: /^[\p{Mn}\p{Me}]$/u,
  /** Two of these make a flag, which takes two columns; each is an emoji by itself for Unicode. */
  flagHalf: /^\p{Regional_Indicator}$/u,
  emoji: /^\p{Emoji_Presentation}$/u,
});

function isWide(code: number): boolean {
  for (const [first, last] of WIDE) {
    if (code < first) return false;
    if (code <= last) return true;
  }
  return false;
}

/** Made where a text is not ASCII and too long; a character and its marks stay together. */
let graphemes: Intl.Segmenter | undefined;
const graphemesOf = (text: string): Iterable<Intl.SegmentData> =>
  (graphemes ??= new Intl.Segmenter("und", { granularity: "grapheme" })).segment(text);

/** The beginning of a safe text, at most `columns` wide; where something is missing it ends in `mark`. */
export function cut(text: string, columns: number, mark = "…"): string {
  // Each UTF-16 unit takes at most two columns: a text this short fits, whatever it is made of.
  if (text.length * 2 <= columns || columnsOf(text) <= columns) return text;
  const room = columns - columnsOf(mark);
  if (room < 0) return cut(mark, columns, "");
  let used = 0;
  let end = 0;
  if (ASCII.test(text)) return text.slice(0, room) + mark;
  for (const { segment, index } of graphemesOf(text)) {
    used += columnsOf(segment);
    if (used > room) break;
    end = index + segment.length;
  }
  return text.slice(0, end) + mark;
}

/** The end of a safe text, at most `columns` wide; where something is missing it begins with `mark`. For paths. */
export function cutStart(text: string, columns: number, mark = "…"): string {
  const total = columnsOf(text);
  if (total <= columns) return text;
  const room = columns - columnsOf(mark);
  if (room < 0) return cut(mark, columns, "");
  let left = total;
  let start = 0;
  for (const { segment, index } of graphemesOf(text)) {
    if (left <= room) break;
    left -= columnsOf(segment);
    start = index + segment.length;
  }
  return mark + text.slice(start);
}

const blanks = (text: string, columns: number): string => " ".repeat(Math.max(0, columns - columnsOf(text)));
export const padEnd = (text: string, columns: number): string => text + blanks(text, columns);
export const padStart = (text: string, columns: number): string => blanks(text, columns) + text;
