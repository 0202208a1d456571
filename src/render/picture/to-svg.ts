import { KINDS } from "../../abi/namespace-kinds.ts";
import { KIND_WORDS, PICTURE_TEXTS } from "../../messages/picture.ts";
import type { Language } from "../../messages/sentence.ts";
import { columnsOf, cut } from "../width.ts";
import { xmlText } from "../xml.ts";
import { KIND_SIGNS } from "./kind-signs.ts";
import { layOut, SIZE, type Layout, type Placed, type Rectangle } from "./lay-out.ts";
import type { Box, Card, Lead, Picture } from "./picture.ts";
import { SVG_STYLE } from "./svg-style.ts";

/** Above the boxes: the title and the notes. */
const HEAD = 26;
const LEGEND_COLUMN = 400;

/**
 * A picture as one SVG 1.1 document by itself: light and dark by the reader's wish, light on paper; kinds by letter as well as by
 * colour; title and description for who does not see it. The same snapshot gives the same bytes.
 */
export function toSvg(picture: Picture, language: Language): string {
  const layout = layOut(picture);
  const top = SIZE.pad + HEAD + picture.notes.length * SIZE.line + SIZE.pad;
  const legend = legendOf(language);
  const words = picture.notes.map((note) => columnsOf(note) * SIZE.letter);
  const width = Math.max(layout.width, LEGEND_COLUMN * 2, ...words) + SIZE.pad * 4;
  const height = top + layout.height + SIZE.pad * 2 + legend.height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"` +
      ` role="img" aria-labelledby="title desc">`,
    `<title id="title">${xmlText(picture.title)}</title>`,
    `<desc id="desc">${xmlText(picture.notes.join(" "))}</desc>`,
    `<style>${SVG_STYLE}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">' +
      '<path d="M0 0L8 4L0 8z" class="tip"/></marker></defs>',
    `<rect class="page" width="${width}" height="${height}"/>`,
    text(SIZE.pad, SIZE.pad + 14, picture.title, "title"),
    ...picture.notes.map((note, nth) => text(SIZE.pad, SIZE.pad + HEAD + 10 + nth * SIZE.line, note, "note")),
    `<g transform="translate(${SIZE.pad} ${top})">`,
    ...layout.boxes.map(boxOf),
    ...tiesOf(layout),
    ...linksOf(picture, layout),
    ...layout.leads.map(leadOf),
    ...layout.cards.map(cardOf),
    "</g>",
    `<g transform="translate(${SIZE.pad} ${top + layout.height + SIZE.pad})">${legend.text}</g>`,
    "</svg>",
    "",
  ].join("\n");
}

const text = (x: number, y: number, content: string, name: string): string =>
  `<text x="${x}" y="${y}" class="${name}">${xmlText(content)}</text>`;
const rectangle = ({ x, y, width, height }: Rectangle, name: string): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4" class="${name}"/>`;
/** As much of a line as fits between the margins. */
const fitted = (line: string, width: number): string => cut(line, Math.floor(width / SIZE.letter));

function boxOf({ of, depth, ...at }: Placed<Box> & { depth: number }): string {
  const name = `box ${depth % 2 === 0 ? "even" : "odd"}${of.own ? " own" : ""}`;
  const { title, lines, times, namespace } = of;
  const data = namespace === undefined ? "" : ` data-namespace="${xmlText(namespace)}"`;
  const badge = { x: at.x + SIZE.pad, y: at.y + 7 };
  const room = at.width - SIZE.pad * 2 - SIZE.card.badge;
  return [
    `<g${data}><title>${xmlText([title, ...lines].join("\n"))}</title>`,
    ...(times > 1 ? [rectangle({ ...at, x: at.x + 4, y: at.y + 4 }, `${name} behind`)] : []),
    rectangle(at, name),
    sign("user", badge),
    text(badge.x + SIZE.card.badge + 6, at.y + 20, fitted(`${title}${of.own ? " ●" : ""}`, room), "strong"),
    ...lines.map((line, nth) =>
      text(at.x + SIZE.pad, at.y + SIZE.pad + SIZE.title + 8 + nth * SIZE.line, fitted(line, room), "faint"),
    ),
    "</g>",
  ].join("");
}

function sign(kind: Card["kind"], { x, y }: { x: number; y: number }): string {
  const { letter, color } = KIND_SIGNS[kind];
  const { badge } = SIZE.card;
  return (
    `<rect x="${x}" y="${y}" width="${badge}" height="${badge}" rx="3" fill="${color}" class="sign"/>` +
    `<text x="${x + badge / 2}" y="${y + 13}" class="letter">${letter}</text>`
  );
}

function leadOf({ of, ...at }: Placed<Lead>): string {
  const room = at.width - SIZE.pad;
  const shares = of.shares.map((kind) => KIND_SIGNS[kind].letter).join(" ");
  const lines = [...of.lines, ...(shares === "" ? [] : [`= ${shares}`])];
  const name = of.what === "process" ? "lead" : of.what === "elsewhere" ? "lead elsewhere" : "lead held";
  return [
    `<g${of.pid === undefined ? "" : ` data-pid="${of.pid}"`}><title>${xmlText([...of.lines, ...of.shares].join("\n"))}</title>`,
    rectangle(at, name),
    ...lines.map((line, nth) =>
      text(at.x + 6, at.y + 16 + nth * SIZE.line, fitted(line, room), nth === 0 ? "words" : "faint"),
    ),
    "</g>",
  ].join("");
}

function cardOf({ of, times, x, y, width, height }: Layout["cards"][number]): string {
  const { kind, title, line, own } = of;
  const at = { x, y, width, height };
  const name = `card${own ? " own" : ""}`;
  const left = at.x + SIZE.card.badge + 12;
  const room = at.width - SIZE.card.badge - 14;
  return [
    `<g data-namespace="${xmlText(of.namespace)}"><title>${xmlText(`${title}\n${line}`)}</title>`,
    ...(times > 1 ? [rectangle({ ...at, x: at.x + 3, y: at.y + 3 }, `${name} behind`)] : []),
    rectangle(at, name),
    sign(kind, { x: at.x + 6, y: at.y + 6 }),
    text(left, at.y + 17, fitted(`${title}${own ? " ●" : ""}`, room), "words"),
    text(left, at.y + 32, fitted(line, room), "faint"),
    "</g>",
  ].join("");
}

/** From who stands before a row to what stands in it. */
function tiesOf({ cards }: Layout): string[] {
  return cards.map(({ x, y, height, lead }) => {
    const [middle, right] = [y + height / 2, lead.x + lead.width];
    const bend = right + SIZE.gap;
    return `<path d="M${right} ${lead.y + 20}H${bend}V${middle}H${x}" class="tie"/>`;
  });
}

function linksOf({ links }: Picture, { leads, cards, boxes }: Layout): string[] {
  const places = new Map<string, Rectangle>();
  for (const one of [...leads, ...cards, ...boxes]) places.set(one.of.id, one);
  return links.flatMap(({ what, from, to }) => {
    const [a, b] = [places.get(from), places.get(to)];
    if (a === undefined || b === undefined) return [];
    // Out to the right and back in: between the rows stand other cards.
    const [x1, y1, x2, y2] = [a.x + a.width, a.y + a.height / 2, b.x + b.width, b.y + b.height / 2];
    const out = Math.max(x1, x2) + 30;
    return [
      `<path d="M${x1} ${y1}C${out} ${y1} ${out} ${y2} ${x2 + 5} ${y2}" class="link ${what}" marker-end="url(#tip)"/>`,
    ];
  });
}

function legendOf(language: Language): { readonly text: string; readonly height: number } {
  const line = 24;
  const kinds = KINDS.map((kind, nth) => {
    const [x, y] = [(nth % 2) * LEGEND_COLUMN, SIZE.title + Math.floor(nth / 2) * line];
    return sign(kind, { x, y }) + text(x + 26, y + 13, `${kind}: ${KIND_WORDS[kind][language]}`, "note");
  });
  const signs = (["member", "holder", "elsewhere"] as const).map((what, nth) => {
    const y = SIZE.title + (KINDS.length / 2 + nth) * line;
    const name = { member: "lead", holder: "lead held", elsewhere: "lead elsewhere" }[what];
    const word = what === "elsewhere" ? PICTURE_TEXTS.elsewhere : PICTURE_TEXTS[what];
    return rectangle({ x: 0, y, width: 18, height: 18 }, name) + text(26, y + 13, word[language], "note");
  });
  const own = SIZE.title + (KINDS.length / 2) * line;
  const rest = [
    text(LEGEND_COLUMN, own + 13, `● ${PICTURE_TEXTS.own[language]}`, "note"),
    text(LEGEND_COLUMN, own + line + 13, `= n ${PICTURE_TEXTS.shares[language]} net …`, "note"),
    `<path d="M${LEGEND_COLUMN} ${own + line * 2 + 9}h18" class="link parent"/>` +
      text(LEGEND_COLUMN + 26, own + line * 2 + 13, `pid: ${PICTURE_TEXTS.parent[language]}`, "note"),
  ];
  return {
    text: [text(0, 12, PICTURE_TEXTS.legend[language], "strong"), ...kinds, ...signs, ...rest].join(""),
    height: SIZE.title + (KINDS.length / 2 + 3) * line + SIZE.pad,
  };
}
