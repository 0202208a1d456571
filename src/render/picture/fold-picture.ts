import { PICTURE_SENTENCES } from "../../messages/picture.ts";
import type { Language } from "../../messages/sentence.ts";
import { butNumbers } from "../alike.ts";
import { innermostFirst } from "./innermost-first.ts";
import type { Box, Link, Picture, Row } from "./picture.ts";

/**
 * Alike rows of a box, and alike boxes in a box, become one with their number; what it says is the first one's. Alike: the
 * same sort of holder of the same name, the same kinds, and for boxes the same inside. Nothing of the viewer's own goes.
 */
export function foldPicture(picture: Picture, language: Language): Picture {
  const shapes = new Map<string, number>();
  const boxes = foldBoxes(picture.boxes, shapes, language);
  const drawn = idsOf(boxes);
  const links = picture.links.filter(({ from, to }: Link) => drawn.has(from) && drawn.has(to));
  return { ...picture, boxes, links };
}

interface Folded {
  readonly box: Box;
  readonly shape: number;
}

function foldBoxes(tops: readonly Box[], shapes: Map<string, number>, language: Language): Box[] {
  const done = new Map<Box, Folded>();
  for (const box of innermostFirst(tops, ({ boxes }) => boxes)) {
    const inner = together(box.boxes, done, language);
    const rows = foldRows(box.rows, language);
    const text = JSON.stringify([
      box.own,
      rows.map((row) => [rowShape(row), row.times]),
      inner.map(({ box: one, shape }) => [shape, one.times]),
    ]);
    const shape = shapes.get(text) ?? shapes.size;
    shapes.set(text, shape);
    done.set(box, { box: { ...box, rows, boxes: inner.map((one) => one.box) }, shape });
  }
  return together(tops, done, language).map(({ box }) => box);
}

function together(boxes: readonly Box[], done: ReadonlyMap<Box, Folded>, language: Language): Folded[] {
  const first = new Map<number, Folded>();
  const times = new Map<number, number>();
  const kept: Folded[] = [];
  for (const box of boxes) {
    const folded = done.get(box);
    if (folded === undefined) continue;
    const { shape } = folded;
    times.set(shape, (times.get(shape) ?? 0) + 1);
    if (first.has(shape) && !box.own) continue;
    first.set(shape, folded);
    kept.push(folded);
  }
  return kept.map(({ box, shape }) => {
    const count = times.get(shape) ?? 1;
    const lines = count > 1 ? [PICTURE_SENTENCES.alike[language]({ count }), ...box.lines] : box.lines;
    return { shape, box: { ...box, times: count, lines } };
  });
}

function foldRows(rows: readonly Row[], language: Language): Row[] {
  const kept = new Map<string, { row: Row; times: number }>();
  for (const [nth, row] of rows.entries()) {
    const own = row.cards.some((card) => card.own);
    const key = own ? `own ${nth}` : rowShape(row);
    const before = kept.get(key);
    if (before === undefined) kept.set(key, { row, times: 1 });
    else before.times += 1;
  }
  return [...kept.values()].map(({ row, times }) => {
    if (times === 1) return row;
    const lines = [PICTURE_SENTENCES.alike[language]({ count: times }), ...row.lead.lines];
    return { ...row, times, lead: { ...row.lead, lines } };
  });
}

const rowShape = ({ lead, cards }: Row): string =>
  JSON.stringify([lead.what, butNumbers(lead.lines[0] ?? ""), lead.shares, cards.map(({ kind }) => kind)]);

function idsOf(tops: readonly Box[]): Set<string> {
  const ids = new Set<string>();
  for (const { id, rows } of innermostFirst(tops, ({ boxes }) => boxes)) {
    ids.add(id);
    for (const { lead, cards } of rows) {
      ids.add(lead.id);
      for (const card of cards) ids.add(card.id);
    }
  }
  return ids;
}
