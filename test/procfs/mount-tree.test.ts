import { expect, test } from "vitest";
import { parseMountinfo } from "../../src/procfs/mountinfo.ts";
import { mountTree } from "../../src/procfs/mount-tree.ts";

/** `ID on PARENT at PATH`, hidden mounts with what hides them. */
function drawn(lines: readonly (readonly [id: number, parent: number, path: string])[]): string[] {
  const text = lines.map(([id, parent, path]) => `${id} ${parent} 0:9 / ${path} rw - tmpfs x rw\n`).join("");
  const mounts = parseMountinfo(text);
  if (!mounts.ok) throw new Error(mounts.expected);
  return mountTree(mounts.value).map(({ mount, parent, hiddenBy }) => {
    const on = parent === undefined ? "" : ` on ${parent.id}`;
    return `${mount.id}${on} at ${mount.mountPoint}${hiddenBy === undefined ? "" : ` hidden by ${hiddenBy.id}`}`;
  });
}

test("mounts come after the one that they lie on, by path", () => {
  expect(
    drawn([
      [4, 2, "/b/c"],
      [3, 1, "/a"],
      [2, 1, "/b"],
      [1, 0, "/"],
    ]),
  ).toEqual(["1 at /", "3 on 1 at /a", "2 on 1 at /b", "4 on 2 at /b/c"]);
});

test("what is mounted on the root of a mount hides it, and what else lies on it", () => {
  expect(
    drawn([
      [1, 0, "/"],
      [2, 1, "/a"],
      [3, 2, "/a/x"],
      [4, 2, "/a"],
      [5, 4, "/a/x"],
    ]),
  ).toEqual(["1 at /", "2 on 1 at /a hidden by 4", "4 on 2 at /a", "5 on 4 at /a/x", "3 on 2 at /a/x hidden by 4"]);
});

test("what is mounted on a folder hides what was mounted below it before", () => {
  expect(
    drawn([
      [1, 0, "/"],
      [2, 1, "/a/b"],
      [3, 2, "/a/b/c"],
      [4, 1, "/a"],
      [5, 1, "/ab"],
    ]),
  ).toEqual(["1 at /", "4 on 1 at /a", "2 on 1 at /a/b hidden by 4", "3 on 2 at /a/b/c hidden by 4", "5 on 1 at /ab"]);
});

test("a mount that is its own parent, or lies on one that is not shown, stands at the top", () => {
  expect(
    drawn([
      [1, 1, "/"],
      [7, 99, "/x"],
    ]),
  ).toEqual(["1 at /", "7 at /x"]);
});

test("a table whose parents go round loses nothing else, and comes to an end", () => {
  expect(
    drawn([
      [1, 0, "/"],
      [2, 3, "/a"],
      [3, 2, "/a/b"],
    ]),
  ).toEqual(["1 at /"]);
});
