import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DrawnNamespace } from "../../src/kernel/drawing.ts";
import { carryOut } from "../../src/what-if/carry-out.ts";
import { drawingText, drawWorld } from "../../src/what-if/draw-world.ts";
import { readCalls } from "../../src/what-if/grammar.ts";
import { situationOf } from "../../src/what-if/situation.ts";
import { drawn } from "../support/drawn-machine.ts";

const WORLD =
  "user:outer by 1000\n  user:inner\npid:box of user:outer\nnet:blue of user:inner empty pin /run/netns/blue\n";
const byName = (namespaces: readonly DrawnNamespace[]) => new Map(namespaces.map((one) => [one.name, one]));

const WHO = ["shell", "user:outer", "user:inner", "pid:box"] as const;
const anyCall = fc.oneof(
  fc
    .tuple(fc.constantFrom(...WHO), fc.subarray(["user", "net", "uts", "mnt", "ipc", "pid"], { minLength: 1 }))
    .map(([who, kinds]) => `${who}: unshare ${kinds.join(" ")}`),
  fc
    .tuple(fc.constantFrom(...WHO), fc.subarray(["user", "net", "pid"]), fc.nat({ max: 99 }))
    .map(([who, kinds, nth]) => `${who}: clone3 ${kinds.join(" ")} as c${nth}`),
  fc.constantFrom("umount -l /run/netns/blue", "mount net:blue /run/b", "mount net:init /run/n", "setns net:blue"),
);

describe("the world behind the last call, as a drawing", () => {
  test("of no call is what was drawn", () => {
    const { world, names } = situationOf(drawn(WORLD));
    const drawing = drawWorld(world, names);
    expect(drawingText(drawing)).toContain("net:blue of user:inner empty pin /run/netns/blue\n");
    const again = byName(drawn(drawingText(drawing)));
    for (const [name, one] of byName(drawn(WORLD))) {
      // Who made a user namespace is always said.
      expect(again.get(name)).toEqual({
        ...one,
        by: one.kind === "user" ? (one.by ?? again.get(name)?.by) : undefined,
      });
    }
    // The descriptor by which the first process holds what nobody is in.
    expect([...drawing.leftOut]).toEqual([["files", 1]]);
  });
  test("is read back as the same namespaces, whatever calls were made", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyCall, { maxLength: 8, selector: (call) => call.split(" as ")[1] ?? call }),
        (calls) => {
          const situation = situationOf(drawn(WORLD));
          const { world } = carryOut(situation, readCalls(["getpid", ...calls].join("; ")), situation.world.first);
          const drawing = drawWorld(world, situation.names);
          expect(byName(drawn(drawingText(drawing)))).toEqual(byName(drawing.namespaces));
          expect(drawing.namespaces.length).toBe(world.namespaces.size - 8);
        },
      ),
    );
  });
});
