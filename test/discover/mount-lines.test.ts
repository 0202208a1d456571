import { expect, test } from "vitest";
import { namespaceId } from "../../src/abi/ids.ts";
import { MountLines, toldBy } from "../../src/discover/mount-lines.ts";
import type { ShownTable } from "../../src/kernel/mounting.ts";
import { ok } from "../../src/rules/outcome.ts";

const line = (path: string): string => `0:4 / ${path} rw - nsfs nsfs rw\n`;
/** The mounts of a table, as `number on number`. */
const tableOf = (paths: readonly string[], placed: readonly (readonly [number, number])[]): ShownTable => ({
  id: namespaceId(4n, 1n),
  count: ok(placed.length),
  rest: paths.map(line).join(""),
  numbers: Int32Array.from(placed.flat()),
});

test("what hides a mount is found in copies of a table as in the first, and anew where they are nested otherwise", () => {
  const lines = new MountLines(new Map());
  const paths = ["/", "/run", "/run/pin", "/run/pin", "/srv"];
  const hiddenIn = (placed: readonly (readonly [number, number])[]) => {
    const told = lines.tell(tableOf(paths, placed), 1);
    if (told === undefined) throw new Error("not a table");
    const alone = toldBy({ mounts: [...told.mounts], member: 1, answer: told.answer });
    expect(told.hidden()).toEqual(alone.hidden());
    return Object.fromEntries(told.hidden());
  };
  const first = [
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
    [5, 1],
  ] as const;
  expect(hiddenIn(first)).toEqual({ 3: "/run/pin" });
  expect(hiddenIn(first.map(([id, on]) => [id + 40, on + 40] as const))).toEqual({ 43: "/run/pin" });
  // The pin was mounted before what lies on its folder.
  expect(
    hiddenIn([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 2],
      [5, 1],
    ]),
  ).toEqual({ 3: "/run" });
});
