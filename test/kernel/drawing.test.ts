import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { parseDrawing, type DrawnNamespace } from "../../src/kernel/drawing.ts";
import { saysWholeWorld } from "../../src/kernel/model/text/parse-world.ts";
import { printDrawing } from "../../src/kernel/print-drawing.ts";
import { DRAWING_ERRORS } from "../../src/messages/drawing.ts";
import { anyDrawing } from "../support/arbitrary-drawing.ts";
import { drawn } from "../support/drawn-machine.ts";
import { EXAMPLES } from "../support/examples.ts";

const example = (name: string): string => readFileSync(join(EXAMPLES, "worlds", name), "utf8");

const byName = (namespaces: readonly DrawnNamespace[]): readonly DrawnNamespace[] =>
  namespaces.toSorted((a, b) => (a.name < b.name ? -1 : 1));

describe("a printed drawing", () => {
  test("is read back as the same namespaces", () => {
    fc.assert(
      fc.property(anyDrawing, (world) => {
        expect(byName(drawn(printDrawing(world)))).toEqual(byName(world));
      }),
    );
  });
  test("of what was read is read back in the same order, and is printed the same", () => {
    fc.assert(
      fc.property(anyDrawing, (world) => {
        const text = printDrawing(world);
        expect(drawn(printDrawing(drawn(text)))).toEqual(drawn(text));
        expect(printDrawing(drawn(text))).toBe(text);
      }),
    );
  });
  test("shows children below their parents, and what is owned below its owner", () => {
    const world = drawn("user:a\n  user:b by 7\npid:p of user:b\n  pid:q empty\nnet:n pin /run/netns/n pin /n");
    expect(printDrawing(world.toReversed())).toMatchInlineSnapshot(`
      "net:n pin /run/netns/n pin /n
      user:init
        user:a
          user:b by 7
      pid:init
        pid:p of user:b
          pid:q empty
      "
    `);
  });
  test("takes what it names, and nothing that is above itself", () => {
    const [one] = drawn("pid:p");
    if (one === undefined) throw new Error("a line is a namespace");
    expect(() => printDrawing([{ ...one, owner: "user:a" }])).toThrow(RangeError);
    expect(() => printDrawing([{ ...one, parent: "pid:a" }])).toThrow(RangeError);
    expect(() => printDrawing([{ ...one, parent: "pid:p" }])).toThrow(RangeError);
    expect(() => printDrawing([{ ...one, owner: "pid:p" }])).toThrow(RangeError);
  });
  const drawings = readdirSync(join(EXAMPLES, "worlds")).filter((name) => !saysWholeWorld(example(name)));
  test.each(drawings)("of examples/worlds/%s is that file without its remarks", (name) => {
    expect(printDrawing(drawn(example(name)))).toBe(example(name).replaceAll(/^#.*\n/gm, ""));
  });
});

describe("a drawing that is none says the line and the rule", () => {
  const rows = [
    ["user:a\nnonsense", 2, "no-line"],
    ["user:a by x", 1, "no-line"],
    ["\tuser:a", 1, "no-line"],
    ["net:a pin blue", 1, "no-line"],
    ["# a remark\n\nhouse:red", 3, "no-kind"],
    ["user:a by 4294967295", 1, "no-uid"],
    ["net:init pin /x", 1, "initial-takes-nothing"],
    ["user:a\n  user:init", 2, "initial-takes-nothing"],
    ["user:a\nuser:a", 2, "drawn-twice"],
    ["user:a\n  net:a", 2, "no-child"],
    ["user:a\n  pid:a", 2, "no-child"],
    ["user:a\n  user:b of user:a", 2, "owner-is-parent"],
    ["net:a of user:a\nuser:a", 1, "owner-not-above"],
    ["net:a pin /x\nuts:a pin /x", 2, "pinned-twice"],
  ] as const;
  test.each(rows)("%j: line %i, %s", (text, line, rule) => {
    const [english, french] = [parseDrawing(text), parseDrawing(text, "fr")];
    expect(english).toMatchObject({ ok: false, line, rule });
    expect(french).toMatchObject({ ok: false, line, rule });
    if (english.ok || french.ok) throw new Error("both are refused");
    expect(english.message).not.toBe(french.message);
  });
  test("and each rule is in the rows above", () => {
    expect(new Set(rows.map(([, , rule]) => rule))).toEqual(new Set(Object.keys(DRAWING_ERRORS)));
  });
});
