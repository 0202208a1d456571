import { describe, expect, test } from "vitest";
import { KINDS } from "../../../src/abi/namespace-kinds.ts";
import { MOST_DRAWN } from "../../../src/render/alike.ts";
import { drawPicture } from "../../../src/render/picture/draw.ts";
import { pictureText } from "../../../src/render/picture/forms.ts";
import { KIND_SIGNS } from "../../../src/render/picture/kind-signs.ts";
import { layOut, type Rectangle } from "../../../src/render/picture/lay-out.ts";
import type { Box, Picture } from "../../../src/render/picture/picture.ts";
import { PAGE_COLORS } from "../../../src/render/picture/svg-style.ts";
import { indexSnapshot } from "../../../src/snapshot/index-snapshot.ts";
import type { Snapshot } from "../../../src/snapshot/types.ts";
import { anySnapshot } from "../../support/arbitrary-snapshot.ts";
import { AA, contrast } from "../../support/contrast.ts";
import fc from "../../support/property.ts";
import { containerHost, largeMachine, smallMachine } from "../machines.ts";

const draw = (seen: Snapshot, all = true): Picture =>
  drawPicture(indexSnapshot(seen), { language: "en", charset: "utf-8", all });

function boxesOf({ boxes }: Picture): Box[] {
  const found: Box[] = [];
  const open = [...boxes];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    found.push(at);
    open.push(...at.boxes);
  }
  return found;
}

describe("a picture", () => {
  test("has every namespace once, a user namespace as a box, any other as a card in its owner's", () => {
    fc.assert(
      fc.property(anySnapshot(), (seen) => {
        const boxes = boxesOf(draw(seen));
        const cards = boxes.flatMap(({ rows }) => rows.flatMap(({ cards: ours }) => ours));
        const others = seen.namespaces.filter(({ kind }) => kind !== "user");
        expect(cards.map(({ namespace }) => namespace).toSorted()).toEqual(others.map(({ id }) => id).toSorted());
        const users = seen.namespaces.filter(({ kind }) => kind === "user").length;
        expect(boxes.length).toBeGreaterThanOrEqual(users);
      }),
      { numRuns: 60 },
    );
  });

  test("is the same in whatever order the records come", () => {
    const seen = containerHost().seen();
    const turned = {
      ...seen,
      namespaces: seen.namespaces.toReversed(),
      processes: seen.processes.toReversed(),
      pins: seen.pins.toReversed(),
    };
    expect(pictureText(draw(turned), "svg", "en")).toBe(pictureText(draw(seen), "svg", "en"));
  });

  test("links lead from what is drawn to what is drawn", () => {
    fc.assert(
      fc.property(anySnapshot(), fc.boolean(), (seen, all) => {
        const picture = draw(seen, all);
        const ids = new Set(
          boxesOf(picture).flatMap((box) => [
            box.id,
            ...box.rows.flatMap(({ lead, cards }) => [lead.id, ...cards.map(({ id }) => id)]),
          ]),
        );
        for (const { from, to } of picture.links) expect([ids.has(from), ids.has(to)]).toEqual([true, true]);
      }),
      { numRuns: 40 },
    );
  });

  test("of thousands of namespaces draws alike ones once, with their number, and loses none", () => {
    const seen = largeMachine().seen();
    expect(seen.namespaces.length).toBeGreaterThan(MOST_DRAWN);
    const picture = draw(seen, false);
    let total = 0;
    const open = picture.boxes.map((box) => ({ box, times: box.times }));
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const { box, times } = at;
      total += times + times * box.rows.reduce((sum, row) => sum + row.cards.length * row.times, 0);
      open.push(...box.boxes.map((inner) => ({ box: inner, times: times * inner.times })));
    }
    expect(total).toBe(seen.namespaces.length);
    expect(boxesOf(picture).length).toBeLessThan(MOST_DRAWN);
  });

  test("says in words what a small machine has", () => {
    const [initial] = draw(smallMachine().seen()).boxes;
    expect(initial?.title).toBe("user:[4026531837]");
    expect(initial?.own).toBe(true);
    expect(initial?.rows.map(({ lead, cards }) => [lead.lines, cards.map(({ kind }) => kind)])).toEqual([
      [
        ["1 init", "+2 more"],
        ["cgroup", "ipc", "mnt", "net", "pid", "time", "uts"],
      ],
      [["61 kdevtmpfs"], ["mnt"]],
    ]);
  });
});

describe("the layout", () => {
  test("puts everything into its box, and nothing over another", () => {
    fc.assert(
      fc.property(anySnapshot(), (seen) => {
        const layout = layOut(draw(seen));
        const pieces = [...layout.leads, ...layout.cards];
        for (const [nth, one] of pieces.entries()) {
          for (const other of pieces.slice(nth + 1)) expect(meet(one, other)).toBe(false);
        }
        for (const box of layout.boxes) {
          const inside = new Set(box.of.rows.flatMap(({ lead, cards }) => [lead.id, ...cards.map(({ id }) => id)]));
          for (const inner of box.of.boxes) inside.add(inner.id);
          const its = [...pieces, ...layout.boxes].filter(({ of }) => inside.has(of.id));
          expect(its).toHaveLength(inside.size);
          for (const one of its) expect(contains(box, one)).toBe(true);
          expect(contains({ x: 0, y: 0, width: layout.width, height: layout.height }, box)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });
});

const meet = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const contains = (outer: Rectangle, inner: Rectangle): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

describe("an SVG", () => {
  test("has a title and a description, and is one whatever names processes have", () => {
    fc.assert(
      fc.property(anySnapshot(), (seen) => {
        const text = pictureText(draw(seen), "svg", "fr");
        expect(text).toMatch(/^<svg [^>]*role="img" aria-labelledby="title desc">\n<title id="title">[^<]+<\/title>/);
        expect(unclosed(text)).toEqual([]);
        expect(text).not.toMatch(/<(?:script|image|foreignObject|a)\b|href|url\((?!#tip\))/);
      }),
      { numRuns: 40 },
    );
  });

  test("tells no kind by colour alone, and can be read by who sees little contrast (WCAG AA)", () => {
    expect(new Set(KINDS.map((kind) => KIND_SIGNS[kind].letter)).size).toBe(KINDS.length);
    for (const kind of KINDS) expect(contrast(KIND_SIGNS[kind].color, "#ffffff")).toBeGreaterThanOrEqual(AA.words);
    for (const theme of Object.values(PAGE_COLORS)) {
      for (const ground of [theme.page, theme.even, theme.odd, theme.card]) {
        expect(contrast(theme.words, ground)).toBeGreaterThanOrEqual(AA.words);
        expect(contrast(theme.faint, ground)).toBeGreaterThanOrEqual(AA.words);
        for (const line of [theme.line, theme.own, theme.link])
          expect(contrast(line, ground)).toBeGreaterThanOrEqual(AA.lines);
      }
    }
  });
});

/** The elements that are not closed, or closed out of turn. */
function unclosed(text: string): string[] {
  const open: string[] = [];
  for (const [tag, closing, name = "", closed] of text.matchAll(/<(\/?)([a-zA-Z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (closing === "/") {
      if (open.pop() !== name) return [tag];
    } else if (closed !== "/") open.push(name);
  }
  return open;
}
