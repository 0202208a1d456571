import { columnsOf } from "../width.ts";
import { innermostFirst } from "./innermost-first.ts";
import type { Box, Card, Lead, Picture, Row } from "./picture.ts";

/** All lengths in CSS pixels. `letter`: the width of a column of the monospaced 11 px letters. */
export const SIZE = {
  letter: 6.7,
  line: 14,
  pad: 10,
  gap: 8,
  title: 20,
  lead: { width: 190, least: 40 },
  card: { width: 186, height: 40, badge: 18 },
  /** Cards of a row beside each other. */
  cardsAcross: 4,
  /** Boxes stand beside each other up to this width. */
  shelf: 1240,
} as const;

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Placed<T> extends Rectangle {
  readonly of: T;
}
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Outer ones first. */
  readonly boxes: readonly (Placed<Box> & { readonly depth: number })[];
  readonly leads: readonly Placed<Lead>[];
  readonly cards: readonly (Placed<Card> & { readonly lead: Rectangle; readonly times: number })[];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where everything stands, in one pass from the inside out for sizes and one back for places. */
export function layOut({ boxes }: Picture): Layout {
  const sizes = sizesOf(boxes);
  const placed: (Placed<Box> & { depth: number })[] = [];
  const leads: Placed<Lead>[] = [];
  const cards: (Placed<Card> & { lead: Rectangle; times: number })[] = [];
  const outer = shelves(boxes.map((box) => sizeIn(sizes, box)));
  const open = boxes.map((box, nth) => ({ box, depth: 0, ...placeIn(outer.places, nth) })).toReversed();
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { box, depth, x, y } = at;
    placed.push({ of: box, depth, x, y, ...sizeIn(sizes, box) });
    let top = y + headOf(box);
    for (const row of box.rows) {
      placeRow(row, { x: x + SIZE.pad, y: top }, { leads, cards });
      top += rowSize(row).height + SIZE.gap;
    }
    const inner = shelves(box.boxes.map((child) => sizeIn(sizes, child)));
    for (const [nth, child] of [...box.boxes.entries()].toReversed()) {
      const place = placeIn(inner.places, nth);
      open.push({ box: child, depth: depth + 1, x: x + SIZE.pad + place.x, y: top + place.y });
    }
  }
  return { width: outer.width, height: outer.height, boxes: placed, leads, cards };
}

function sizesOf(tops: readonly Box[]): Map<Box, Size> {
  const sizes = new Map<Box, Size>();
  for (const box of innermostFirst(tops, ({ boxes }) => boxes)) {
    const inner = shelves(box.boxes.map((child) => sizeIn(sizes, child)));
    const rows = box.rows.map(rowSize);
    const words = [box.title, ...box.lines].map((line) => columnsOf(line) * SIZE.letter + 60);
    const width = Math.max(inner.width, ...rows.map((row) => row.width), ...words);
    const height = headOf(box) + rows.reduce((sum, row) => sum + row.height + SIZE.gap, 0) + inner.height;
    sizes.set(box, { width: Math.ceil(width + SIZE.pad * 2), height: height + SIZE.pad });
  }
  return sizes;
}

function sizeIn(sizes: ReadonlyMap<Box, Size>, box: Box): Size {
  const size = sizes.get(box);
  if (size === undefined) throw new RangeError(`box ${box.id} has no size`);
  return size;
}

const headOf = ({ lines }: Box): number => SIZE.pad + SIZE.title + lines.length * SIZE.line;

/** Side by side from the left, line after line, in their order. */
function shelves(sizes: readonly Size[]): { readonly places: readonly { x: number; y: number }[] } & Size {
  const places: { x: number; y: number }[] = [];
  let [x, y, tallest, widest] = [0, 0, 0, 0];
  for (const { width, height } of sizes) {
    if (x > 0 && x + width > SIZE.shelf) {
      y += tallest + SIZE.gap;
      [x, tallest] = [0, 0];
    }
    places.push({ x, y });
    widest = Math.max(widest, x + width);
    tallest = Math.max(tallest, height);
    x += width + SIZE.gap;
  }
  return { places, width: widest, height: y + tallest };
}

function placeIn(places: readonly { x: number; y: number }[], nth: number): { x: number; y: number } {
  const place = places[nth];
  if (place === undefined) throw new RangeError(`no place ${nth}`);
  return place;
}

const leadHeight = ({ lines, shares }: Lead): number =>
  Math.max(SIZE.lead.least, (lines.length + (shares.length > 0 ? 1 : 0)) * SIZE.line + SIZE.pad + 2);

function rowSize({ lead, cards }: Row): Size {
  const across = Math.min(cards.length, SIZE.cardsAcross);
  const down = Math.ceil(cards.length / SIZE.cardsAcross);
  return {
    width: SIZE.lead.width + across * (SIZE.card.width + SIZE.gap) + (across > 0 ? SIZE.gap : 0),
    height: Math.max(leadHeight(lead), down * (SIZE.card.height + SIZE.gap) - SIZE.gap),
  };
}

function placeRow(
  { lead, cards, times }: Row,
  { x, y }: { x: number; y: number },
  into: { leads: Placed<Lead>[]; cards: (Placed<Card> & { lead: Rectangle; times: number })[] },
): void {
  const at = { x, y, width: SIZE.lead.width, height: leadHeight(lead) };
  into.leads.push({ of: lead, ...at });
  for (const [nth, card] of cards.entries()) {
    into.cards.push({
      of: card,
      lead: at,
      times,
      x: x + SIZE.lead.width + SIZE.gap * 2 + (nth % SIZE.cardsAcross) * (SIZE.card.width + SIZE.gap),
      y: y + Math.floor(nth / SIZE.cardsAcross) * (SIZE.card.height + SIZE.gap),
      width: SIZE.card.width,
      height: SIZE.card.height,
    });
  }
}
