import { expect, test } from "vitest";
import { mountTree } from "../../src/procfs/mount-tree.ts";
import { GLYPHS } from "../../src/render/glyphs.ts";
import { mountTreeText } from "../../src/render/mount-tree.ts";
import { fromRecord } from "../../src/snapshot/mount-trees.ts";

const mount = (id: number, parent: number, mountPoint: string) =>
  fromRecord({
    id,
    parent,
    mountPoint,
    fsType: "tmpfs",
    source: "none",
    root: "/",
    device: "0:9",
    options: [],
    propagation: [],
  });

const nodes = mountTree([
  mount(1, 1, "/"),
  mount(1187, 1, "/var/lib/containers/storage/overlay/merged"),
  mount(1189, 1187, "/var/lib/containers/storage/overlay/merged"),
]);
const text = (width: number) => mountTreeText(nodes, { width, glyphs: GLYPHS["utf-8"], language: "en", outOfReach: 0 });

test("a narrow terminal cuts paths, with a mark, and never a number", () => {
  expect(text(60)).toBe(`\
MOUNTED ON                      ID TYPE  WHAT PROPAGATION
/                                1 tmpfs none
└─/var/lib/containers/storag… 1187 tmpfs none hidden by 1189
  └─/var/lib/containers/stor… 1189 tmpfs none
3 mounts, 1 hidden
`);
});
