import type { Charset } from "../messages/safe-text.ts";
import type { Language } from "../messages/sentence.ts";
import { palette, type Paint, type Palette } from "../render/palette.ts";
import { wrap } from "../render/wrap.ts";

export interface TextOptions {
  readonly width: number;
  readonly color: boolean;
  readonly charset: Charset;
  readonly language: Language;
}

/** Where a text stands on its line. */
interface Place {
  /** In front of its first line. */
  readonly indent?: string;
  /** Columns in front of the others, where that is not the indent. */
  readonly hanging?: number;
  readonly paint?: Paint;
}

/** Lines of at most so many columns. */
export class Page {
  readonly paint: Palette;
  readonly #width: number;
  text = "";

  constructor({ width, color }: Pick<TextOptions, "width" | "color">) {
    this.#width = width;
    this.paint = palette(color);
  }
  say(text: string, { indent = "", hanging = indent.length, paint = (plain) => plain }: Place = {}): void {
    const indentOfOthers = " ".repeat(Math.max(0, hanging - indent.length));
    const lines = wrap(text, { width: Math.max(1, this.#width - indent.length), indent: indentOfOthers });
    for (const line of lines) this.text += `${indent}${paint(line)}\n`;
  }
  heading(text: string): void {
    this.text += "\n";
    this.say(text);
  }
  item(text: string): void {
    this.say(`- ${text}`, { indent: "  ", hanging: "  - ".length });
  }
}
