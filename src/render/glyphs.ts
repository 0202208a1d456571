/** The signs that draw trees and mark lines, each two columns wide where it is a branch. */
export interface Glyphs {
  readonly charset: "utf-8" | "ascii";
  readonly branch: string;
  readonly last: string;
  readonly line: string;
  readonly gap: string;
  /** Where text was left out. */
  readonly cut: string;
  readonly times: string;
  readonly own: string;
  readonly arrow: string;
  readonly separator: string;
}

/** By what the terminal's locale can show: box-drawing characters, or ASCII alone. */
export const GLYPHS = {
  "utf-8": {
    charset: "utf-8",
    branch: "├─",
    last: "└─",
    line: "│ ",
    gap: "  ",
    cut: "…",
    times: "×",
    own: "●",
    arrow: "→",
    separator: "·",
  },
  ascii: {
    charset: "ascii",
    branch: "|-",
    last: "`-",
    line: "| ",
    gap: "  ",
    cut: "...",
    times: "x",
    own: "*",
    arrow: "->",
    separator: "-",
  },
} as const satisfies Record<"utf-8" | "ascii", Glyphs>;
