import { describe, expect, test } from "vitest";
import { differ, differences } from "../../src/snapshot/compare/differences.ts";
import { readSnapshot } from "../../src/snapshot/decode.ts";
import { encodeSnapshot } from "../../src/snapshot/encode.ts";
import { namespacesInUse } from "../../src/snapshot/in-use.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import { redact } from "../../src/snapshot/redact.ts";
import type { Attributes, NamespaceRecord, Snapshot } from "../../src/snapshot/types.ts";
import { diffText } from "../../src/render/diff.ts";
import { namesIn } from "../../src/render/namespace-name.ts";
import { GLYPHS } from "../../src/render/glyphs.ts";
import { idOf, namespace, snapshot } from "../support/small-snapshot.ts";

const uts: Attributes = { of: "uts", hostname: "blue", domainname: "(none)" };
const veth = {
  index: 2,
  name: "eth0",
  kind: "veth",
  type: 1,
  flags: 4163,
  state: "up",
  mtu: 1500,
  mac: "02:00:00:00:00:01",
  addresses: [
    { address: "192.0.2.2", prefix: 24 },
    { address: "2001:db8::2", prefix: 64, peer: "2001:db8::1" },
  ],
  link: { index: 7, netnsid: 0, namespace: idOf(3) },
} as const;
const saying = (record: NamespaceRecord, value: Attributes): NamespaceRecord => ({ ...record, attributes: { value } });
const user = namespace("user", 1);
const all: NamespaceRecord[] = [
  saying(namespace("cgroup", 4, { owner: 1 }), { of: "cgroup", root: "/a/b" }),
  saying(namespace("ipc", 5, { owner: 1 }), {
    of: "ipc",
    segments: 1,
    pages: 2,
    semaphoreSets: 0,
    semaphores: 0,
    queues: 0,
    messages: 0,
    messageBytes: 0,
  }),
  saying(namespace("net", 2, { owner: 1 }), { of: "net", interfaces: [veth] }),
  namespace("net", 3, { owner: 1 }),
  saying(namespace("time", 6, { owner: 1 }), {
    of: "time",
    monotonic: { seconds: -5, nanoseconds: 1 },
    boottime: { seconds: 0, nanoseconds: 0 },
  }),
  saying(user, { of: "user", limits: { net: 7 } }),
  saying(namespace("uts", 7, { owner: 1 }), uts),
];
const full = snapshot({ namespaces: all });

describe("in a file", () => {
  test("attributes are read as they were written", async () => {
    for (const seen of [full, redact(full)])
      expect(await readSnapshot(encodeSnapshot(seen))).toEqual({ ok: true, snapshot: indexSnapshot(seen).snapshot });
  });
  test("a redacted one has neither names nor addresses, and none that has is taken for redacted", async () => {
    const text = encodeSnapshot(redact(full));
    for (const secret of ["blue", "eth0", "192.0.2", "2001:db8", "02:00", "/a/b"]) expect(text).not.toContain(secret);
    for (const [nth, record] of all.entries()) {
      const isSecret = ["cgroup", "net", "uts"].includes(record.kind) && record.attributes !== undefined;
      const read = await readSnapshot(
        encodeSnapshot({
          ...redact(full),
          namespaces: redact(full).namespaces.map((one, at) => (at === nth ? record : one)),
        }),
      );
      expect([record.kind, read.ok]).toEqual([record.kind, !isSecret]);
    }
  });
  test.each([
    ["of another kind", { ...all[6], attributes: { value: { of: "cgroup", root: "/" } } }],
    [
      "that lead to nobody",
      saying(namespace("uts", 7), { of: "net", interfaces: [{ ...veth, link: { index: 1, namespace: idOf(99) } }] }),
    ],
  ])("attributes %s are none", async (_, record) => {
    const damaged = { ...full, namespaces: [...all.slice(0, 6), record] } as Snapshot;
    expect((await readSnapshot(encodeSnapshot(damaged))).ok).toBe(false);
  });
});

describe("between two looks", () => {
  const between = (before: Snapshot, after: Snapshot) => differences(indexSnapshot(before), indexSnapshot(after));
  const words = (before: Snapshot, after: Snapshot, language: "en" | "fr" = "en"): string =>
    diffText(between(before, after), { nameOf: namesIn(after), glyphs: GLYPHS["utf-8"], language });
  const otherwise = (kind: string, attributes: Attributes): Snapshot => ({
    ...full,
    namespaces: all.map((one) => (one.kind === kind && one.attributes !== undefined ? saying(one, attributes) : one)),
  });
  test("the same is no difference, nor what only one of them was told", () => {
    expect(differ(between(full, full))).toBe(false);
    const untold = { ...full, namespaces: all.map(({ attributes: _attributes, ...one }) => one) };
    expect([differ(between(full, untold)), differ(between(untold, full))]).toEqual([false, false]);
    expect(differ(between(full, redact(full)))).toBe(false);
  });
  test("what a namespace says otherwise is told", () => {
    expect(words(full, otherwise("uts", { ...uts, hostname: "red" }))).toBe(
      "~ uts:[7] has the hostname red, which was blue\n",
    );
    expect(words(full, otherwise("uts", { ...uts, domainname: "x" }), "fr")).toBe(
      "~ uts:[7] a pour nom de domaine x, qui était (none)\n",
    );
    const interfaces = [
      { ...veth, index: 9, name: "new" },
      { ...veth, mtu: 9000 },
    ].toSorted((a, b) => a.index - b.index);
    expect(words(full, otherwise("net", { of: "net", interfaces }))).toBe(
      "~ net:[2] has its interface eth0 set up otherwise\n~ net:[2] has a new interface new\n",
    );
    expect(words(full, otherwise("net", { of: "net", interfaces: [] }))).toBe(
      "~ net:[2] has no interface eth0 any more\n",
    );
    expect(words(full, otherwise("cgroup", { of: "cgroup", root: "/" }))).toContain("has another root");
    expect(words(full, otherwise("user", { of: "user", limits: {} }))).toContain("has other limits");
  });
  test("numbers and names are told, numbers where both looked from one network namespace", () => {
    const own = { ...full, viewpoint: { ...full.viewpoint, namespaces: { net: idOf(3) } } };
    const numbered = (netnsid: number, name: string): Snapshot => ({
      ...own,
      namespaces: all.map((one) => (one.id === idOf(2) ? { ...one, netnsid } : one)),
      names: [{ namespace: idOf(2), name }],
    });
    expect(words(numbered(1, "a"), numbered(2, "b"))).toBe(
      "~ net:[2] has number 2 in your network namespace, which was 1\n~ net:[2] is no longer named a\n~ net:[2] is named b\n",
    );
    const elsewhere = { ...numbered(2, "a"), viewpoint: { ...own.viewpoint, namespaces: { net: idOf(2) } } };
    expect(differ(between(numbered(1, "a"), elsewhere))).toBe(false);
  });
});

test("what counts against limits: for whoever made it, and for whoever made what it is in, all the way up", () => {
  const by = (record: NamespaceRecord, uid: number): NamespaceRecord => ({ ...record, creatorUid: { value: uid } });
  const seen = snapshot({
    namespaces: [
      namespace("net", 20, { owner: 1 }),
      namespace("net", 21, { owner: 2 }),
      namespace("net", 22, { owner: 3 }),
      user,
      by(namespace("user", 2, { parent: 1 }), 1000),
      by(namespace("user", 3, { parent: 2 }), 1001),
    ],
  });
  const index = indexSnapshot(seen);
  const plain = (id: number) => {
    const { byUid, unattributed } = namespacesInUse(index, idOf(id));
    return { byUid: [...byUid].map(([uid, counts]) => [uid, ...counts]), unattributed: [...unattributed] };
  };
  expect(plain(1)).toEqual({ byUid: [[1000, ["net", 2], ["user", 2]]], unattributed: [["net", 1]] });
  expect(plain(2)).toEqual({ byUid: [[1001, ["net", 1], ["user", 1]]], unattributed: [["net", 1]] });
  expect(plain(3)).toEqual({ byUid: [], unattributed: [["net", 1]] });
});
