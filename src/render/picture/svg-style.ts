/**
 * The colours of the page, by name; those of the kinds are in `kind-signs.ts`. Words on the page and on cards meet WCAG AA
 * (4.5 to 1) in both, which a test computes.
 */
export const PAGE_COLORS = {
  light: {
    page: "#ffffff",
    even: "#f4f6f8",
    odd: "#ffffff",
    card: "#ffffff",
    line: "#75808b",
    words: "#14181d",
    faint: "#4a5560",
    own: "#0a7a2f",
    link: "#5a6672",
  },
  dark: {
    page: "#101418",
    even: "#181e25",
    odd: "#101418",
    card: "#212933",
    line: "#6d7986",
    words: "#eef2f6",
    faint: "#b3bec9",
    own: "#57d47f",
    link: "#93a0ad",
  },
} as const;

type Theme = Readonly<Record<keyof typeof PAGE_COLORS.light, string>>;

/** Plain values and no custom properties: converters of SVG to print know no others. */
const colors = ({ page, even, odd, card, line, words, faint, own, link }: Theme): string =>
  [
    `.page{fill:${page}}.even{fill:${even}}.odd{fill:${odd}}.card,.lead{fill:${card}}`,
    `.box,.card,.lead,.sign,.tie{stroke:${line}}.own{stroke:${own}}.link{stroke:${link}}.tip{fill:${link}}`,
    `text{fill:${words}}.faint,.note{fill:${faint}}.letter{fill:#fff}`,
  ].join("");

const FONT = "DejaVu Sans Mono,Menlo,Consolas,monospace";

export const SVG_STYLE = [
  `text{font-family:${FONT};font-size:11px}.strong,.title{font-weight:bold}.title{font-size:15px}`,
  ".letter{font-weight:bold;text-anchor:middle}",
  ".link,.tie{fill:none}.own{stroke-width:2}",
  ".held{stroke-dasharray:5 3}.elsewhere{stroke-dasharray:1 3}.parent{stroke-dasharray:6 3}",
  colors(PAGE_COLORS.light),
  `@media screen and (prefers-color-scheme:dark){${colors(PAGE_COLORS.dark)}}`,
].join("");
