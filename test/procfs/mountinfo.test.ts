import { readFileSync } from "node:fs";
import fc from "../support/property.ts";
import { expect, test } from "vitest";
import { formatMountinfo, parseMountinfo, type KnownMounts, type MountRecord } from "../../src/procfs/mountinfo.ts";
import { needs } from "../support/needs.ts";

/** Lines of real machines: a systemd desktop, a container, namespace files, odd names, an empty source. */
const REAL = String.raw`22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard,resv_strict
36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 propagate_from:2 - ext3 /dev/root rw,errors=continue
71 27 0:4 net:[4026532247] /run/netns/blue rw shared:5 - nsfs nsfs rw
72 27 0:4 mnt:[4026532300] /tmp/odd\040name\011tab\012line\134back rw - nsfs nsfs rw
73 27 0:50 / /mnt/a#b rw,nosuid,nodev unbindable - tmpfs my\043source rw,size=4k
74 27 0:51 / /mnt/none rw - tmpfs  rw
75 27 0:4 uts:[4026532248] /tmp/gone//deleted rw - nsfs nsfs rw
76 27 0:52 / /over rw - overlay overlay rw,lowerdir=/l\0541:/l2,upperdir=/u
`;

test("reads the mounts of namespace files with their escapes", () => {
  const mounts = parseMountinfo(REAL);
  expect(
    mounts.ok && mounts.value.filter(({ fsType }) => fsType === "nsfs").map((m) => [m.root, m.mountPoint]),
  ).toEqual([
    ["net:[4026532247]", "/run/netns/blue"],
    ["mnt:[4026532300]", "/tmp/odd name\ttab\nline\\back"],
    ["uts:[4026532248]", "/tmp/gone//deleted"],
  ]);
});

test("reads every field", () => {
  const mounts = parseMountinfo(REAL);
  expect(mounts.ok && mounts.value[2]).toEqual({
    id: 36,
    parent: 35,
    device: { major: 98, minor: 0 },
    root: "/mnt1",
    mountPoint: "/mnt2",
    options: ["rw", "noatime"],
    optional: ["master:1", "propagate_from:2"],
    fsType: "ext3",
    source: "/dev/root",
    superOptions: "rw,errors=continue",
  });
  expect(mounts.ok && mounts.value[5]?.source).toBe("my#source");
  expect(mounts.ok && mounts.value[6]?.source).toBe("");
  expect(mounts.ok && mounts.value[8]?.superOptions).toBe(String.raw`rw,lowerdir=/l\0541:/l2,upperdir=/u`);
});

test("writes a real text back byte for byte", () => {
  const mounts = parseMountinfo(REAL);
  expect(mounts.ok && formatMountinfo(mounts.value)).toBe(REAL);
});

test("reads this machine's own mounts and writes them back", needs(), () => {
  const text = readFileSync("/proc/self/mountinfo", "utf8");
  const mounts = parseMountinfo(text);
  expect(mounts.ok && formatMountinfo(mounts.value)).toBe(text);
});

test("an empty text has no mounts", () => expect(parseMountinfo("")).toEqual({ ok: true, value: [] }));

test.each([
  ["22 27 0:21 / /proc rw,relatime - proc proc rw", "cut off before the newline"],
  ["22 27 0:21 / /proc rw,relatime proc proc rw\n", "no dash"],
  ["22 27 0:21 / /proc rw,relatime - proc\n", "too few fields after the dash"],
  ["x 27 0:21 / /proc rw - proc proc rw\n", "an id that is no number"],
  ["22 27 21 / /proc rw - proc proc rw\n", "a device without a minor number"],
  ["22 27 0:4294967296 / /proc rw - proc proc rw\n", "a minor number beyond 32 bits"],
  ["22 27 0:21  /proc rw - proc proc rw\n", "an empty root"],
  ["\n", "an empty line"],
])("refuses %j: %s", (text) => {
  expect(parseMountinfo(`27 1 254:0 / / rw - ext4 /dev/vda rw\n${text}`)).toMatchObject({
    ok: false,
    file: "mountinfo",
    line: 2,
    text: text.replace("\n", ""),
  });
});

const word = fc.stringMatching(/^[a-z_=.0-9]{1,12}$/);
const id = fc.integer({ min: 0, max: 0x7fffffff });
const anyMount: fc.Arbitrary<MountRecord> = fc.record({
  id,
  parent: id,
  device: fc.record({ major: fc.integer({ min: 0, max: 0xfff }), minor: fc.integer({ min: 0, max: 0xffffffff }) }),
  root: fc.string({ minLength: 1, unit: "binary" }),
  mountPoint: fc.string({ minLength: 1, unit: "binary" }),
  options: fc.array(word, { minLength: 1, maxLength: 3 }),
  optional: fc.array(word, { maxLength: 3 }),
  fsType: word,
  source: fc.string({ unit: "binary" }),
  superOptions: word,
});

test("parse(format(mounts)) is mounts", () => {
  fc.assert(
    fc.property(fc.array(anyMount), (mounts) => {
      expect(parseMountinfo(formatMountinfo(mounts))).toEqual({ ok: true, value: mounts });
    }),
  );
});

test("any text gives mounts or a place", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => typeof parseMountinfo(text).ok === "boolean"));
});

test("what other texts had changes nothing of what a text says", () => {
  const known: KnownMounts = new Map();
  const copied = REAL.replaceAll(/^(\d+) (\d+)/gm, (_, id: string, parent: string) => `1${id} 1${parent}`);
  const torn = copied.replace("122 127", "x 127");
  for (const text of [REAL, copied, torn, `${copied}22`, "22\n", "22 27\n", " \n", REAL]) {
    expect(parseMountinfo(text, known)).toEqual(parseMountinfo(text));
  }
  expect(known.size).toBe(REAL.split("\n").length - 1);
});
