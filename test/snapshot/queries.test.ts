import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { namespaceId, makedev } from "../../src/abi/ids.ts";
import { ownerChain, parentChain } from "../../src/snapshot/ancestors.ts";
import { findNamespace } from "../../src/snapshot/find-namespace.ts";
import { forestOf, walkForest } from "../../src/snapshot/forest.ts";
import { holdersOf } from "../../src/snapshot/holders.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import { seniorMember } from "../../src/snapshot/senior.ts";
import type { NamespaceRecord, Snapshot } from "../../src/snapshot/types.ts";
import { anySnapshot } from "../support/arbitrary-snapshot.ts";
import { idOf, namespace, NOT_SHOWN, process, snapshot } from "../support/small-snapshot.ts";

describe("the most senior member", () => {
  const inIt = { namespaces: { uts: idOf(1) } };
  const seniorOf = (...processes: Snapshot["processes"]): number | undefined =>
    seniorMember(indexSnapshot(snapshot({ namespaces: [namespace("uts", 1)], processes })), idOf(1))?.pid;

  test("is the one that started first, though a younger one got a lower pid after pid_max", () => {
    expect(
      seniorOf(process(300, { startTime: 900_000, ...inIt }), process(32_700, { startTime: 5_000, ...inIt })),
    ).toBe(32_700);
  });
  test("is the one with the lower pid where both started in one clock tick", () => {
    expect(seniorOf(process(8, { startTime: 5, ...inIt }), process(7, { startTime: 5, ...inIt }))).toBe(7);
  });
  test("is a process of user space rather than a kernel thread", () => {
    expect(seniorOf(process(2, { startTime: 1, kernelThread: true, ...inIt }), process(99, inIt))).toBe(99);
  });
  test("is a zombie only where there is nothing else", () => {
    expect(seniorOf(process(5, { zombie: true, ...inIt }), process(9, { kernelThread: true, ...inIt }))).toBe(9);
    expect(seniorOf(process(5, { zombie: true, ...inIt }))).toBe(5);
  });
  test("is nobody in a namespace without processes", () => expect(seniorOf(process(5))).toBeUndefined());
  test("is none that has it for its children only", () => {
    const index = indexSnapshot(
      snapshot({
        namespaces: [namespace("pid", 1), namespace("pid", 2, { parent: 1 })],
        processes: [process(5, { namespaces: { pid: idOf(1), pid_for_children: idOf(2) } })],
      }),
    );
    expect(seniorMember(index, idOf(2))).toBeUndefined();
    expect(index.forChildren.get(idOf(2))?.map(({ pid }) => pid)).toEqual([5]);
    expect(index.forChildren.has(idOf(1))).toBe(false);
  });

  test("goes before every other member, whatever the order", () => {
    fc.assert(
      fc.property(anySnapshot(), (snapshot) => {
        const index = indexSnapshot(snapshot);
        for (const [id, members] of index.members) {
          const senior = seniorMember(index, id);
          const [first] = members.toSorted(
            (a, b) =>
              Number(a.zombie) - Number(b.zombie) ||
              Number(a.kernelThread) - Number(b.kernelThread) ||
              a.startTime - b.startTime ||
              a.pid - b.pid,
          );
          // Of two zombies it does not count which one was a kernel thread.
          if (senior?.zombie === false) expect(senior).toBe(first);
        }
      }),
    );
  });
});

describe("chains", () => {
  const U = namespace("user", 1);
  const [V, W] = [namespace("user", 2, { parent: 1 }), namespace("user", 3, { parent: 2 })];
  const uts = namespace("uts", 9, { owner: 3 });
  const [P, Q] = [namespace("pid", 5, { owner: 1 }), namespace("pid", 6, { owner: 2, parent: 5 })];
  const index = indexSnapshot(snapshot({ namespaces: [P, Q, U, V, W, uts] }));

  test("of owners lead through parents up to the one whose owner is refused", () => {
    expect(ownerChain(index, uts)).toEqual({ namespaces: [W, V, U], end: { why: "refused", refusal: NOT_SHOWN } });
    expect(ownerChain(index, Q)).toEqual({ namespaces: [V, U], end: { why: "refused", refusal: NOT_SHOWN } });
  });
  test("of parents stay in their kind", () => {
    expect(parentChain(index, Q)).toEqual({ namespaces: [P], end: { why: "refused", refusal: NOT_SHOWN } });
    expect(parentChain(index, W).namespaces).toEqual([V, U]);
  });
  test("of a kind that does not nest are empty", () => {
    expect(parentChain(index, uts)).toEqual({ namespaces: [], end: { why: "no-such-relation" } });
  });
  test("end where the snapshot has no record", () => {
    const alone = indexSnapshot(snapshot({ namespaces: [uts] }));
    expect(ownerChain(alone, uts)).toEqual({ namespaces: [], end: { why: "unseen", id: idOf(3) } });
  });
  test("end where they would go round", () => {
    const [a, b] = [namespace("user", 1, { parent: 2 }), namespace("user", 2, { parent: 1 })];
    const round = indexSnapshot(snapshot({ namespaces: [a, b] }));
    expect(parentChain(round, a)).toEqual({ namespaces: [b], end: { why: "cycle", id: idOf(1) } });
  });
});

test("holders are members, processes whose children will be in it, bind mounts, children, and what it owns", () => {
  const namespaces = [
    namespace("pid", 5, { owner: 2, parent: 4 }),
    namespace("user", 2, { parent: 1 }),
    namespace("user", 3, { parent: 2 }),
  ];
  const processes = [
    process(42, { namespaces: { user: idOf(2) } }),
    process(43, { namespaces: { pid_for_children: idOf(5) } }),
  ];
  const pin = { namespace: idOf(2), mountId: 7, path: "/run/userns/blue" };
  const index = indexSnapshot(snapshot({ namespaces, processes, pins: [pin] }));
  expect(holdersOf(index, idOf(2))).toEqual([
    { kind: "process", process: processes[0] },
    { kind: "bind-mount", pin },
    { kind: "child", namespace: namespaces[2] },
    { kind: "owned", namespace: namespaces[0] },
  ]);
  expect(holdersOf(index, idOf(5))).toEqual([{ kind: "for-children", process: processes[1] }]);
  expect(holdersOf(index, idOf(3))).toEqual([]);
});

/** A drawing of a forest: a line for each namespace, two blanks for each level. */
function drawn(snapshot: Snapshot): string[] {
  const forest = forestOf(indexSnapshot(snapshot));
  const name = ({ kind, id }: NamespaceRecord): string => `${kind}:${id.slice(id.indexOf("/") + 1)}`;
  const lines = [...walkForest(forest)].flatMap(({ node, depth }) => [
    `${"  ".repeat(depth)}${name(node.namespace)}`,
    ...node.owned.map((owned) => `${"  ".repeat(depth + 1)}${name(owned)}`),
  ]);
  return [...lines, ...forest.ownerNotVisible.map((other) => `? ${name(other)}`)];
}

describe("the forest of user namespaces", () => {
  test("nests by parent, with what each owns, and keeps what has no visible owner apart", () => {
    const namespaces = [
      namespace("net", 10, { owner: 1 }),
      namespace("net", 11, { owner: 3 }),
      namespace("net", 12),
      namespace("net", 13, { owner: 99 }),
      namespace("user", 1),
      namespace("user", 2, { parent: 1 }),
      namespace("user", 3, { parent: 2 }),
      namespace("user", 4, { parent: 1 }),
      namespace("user", 5, { parent: 98 }),
    ];
    expect(drawn(snapshot({ namespaces }))).toEqual([
      "user:1",
      "  net:10",
      "  user:2",
      "    user:3",
      "      net:11",
      "  user:4",
      "user:5",
      "? net:12",
      "? net:13",
    ]);
  });

  const everyId = (snapshot: Snapshot): string[] => {
    const forest = forestOf(indexSnapshot(snapshot));
    const nodes = [...walkForest(forest)].flatMap(({ node }) => [node.namespace, ...node.owned]);
    return [...nodes, ...forest.ownerNotVisible].map(({ id }) => id).toSorted();
  };

  test("has every namespace exactly once", () => {
    fc.assert(
      fc.property(anySnapshot(), (snapshot) => {
        expect(everyId(snapshot)).toEqual(snapshot.namespaces.map(({ id }) => id).toSorted());
      }),
    );
  });

  test("has every namespace exactly once even where parents go round, or are of another kind", () => {
    const anyRelations = fc.array(fc.record({ user: fc.boolean(), to: fc.nat({ max: 8 }) }), { maxLength: 8 });
    fc.assert(
      fc.property(anyRelations, (relations) => {
        const namespaces = relations.map(({ user, to }, nth) =>
          user ? namespace("user", nth + 1, { parent: to + 1 }) : namespace("pid", nth + 1, { owner: to + 1 }),
        );
        const made = snapshot({ namespaces });
        expect(everyId(made)).toEqual(namespaces.map(({ id }) => id).toSorted());
      }),
    );
  });

  test("may be 5,000 levels deep, with chains as long", () => {
    const depth = 5_000;
    const namespaces = Array.from({ length: depth }, (_, nth) =>
      namespace("user", nth + 1, nth > 0 ? { parent: nth } : {}),
    );
    const index = indexSnapshot(snapshot({ namespaces }));
    const deepest = [...walkForest(forestOf(index))].at(-1);
    expect(deepest).toMatchObject({ depth: depth - 1, node: { namespace: { id: idOf(depth) } } });
    const last = index.namespaces.get(idOf(depth));
    expect(last && ownerChain(index, last).namespaces).toHaveLength(depth - 1);
  });
});

describe("finding by name", () => {
  const onOtherDevice = { ...namespace("net", 10), id: namespaceId(makedev({ major: 0, minor: 70 }), 10n) };
  const net = { ...namespace("net", 10), uniqueId: "4711" };
  const index = indexSnapshot(snapshot({ namespaces: [net, onOtherDevice, namespace("uts", 20)] }));

  test.each([
    [
      { form: "inode", inode: "20" },
      { found: "one", namespace: namespace("uts", 20) },
    ],
    [
      { form: "inode", inode: "20", kind: "net" },
      { found: "none", ofAnotherKind: [namespace("uts", 20)] },
    ],
    [
      { form: "inode", inode: "21" },
      { found: "none", ofAnotherKind: [] },
    ],
    [
      { form: "inode", inode: "10", kind: "net" },
      { found: "several", candidates: [net, onOtherDevice] },
    ],
    [
      { form: "id", id: net.id, kind: "net" },
      { found: "one", namespace: net },
    ],
    [
      { form: "id", id: onOtherDevice.id, kind: "net" },
      { found: "one", namespace: onOtherDevice },
    ],
    [
      { form: "id", id: net.id, kind: "uts" },
      { found: "none", ofAnotherKind: [net] },
    ],
    [
      { form: "unique-id", uniqueId: "4711", kind: "net" },
      { found: "one", namespace: net },
    ],
    [
      { form: "unique-id", uniqueId: "4712", kind: "net" },
      { found: "none", ofAnotherKind: [] },
    ],
  ] as const)("%j", (name, found) => expect(findNamespace(index, name)).toEqual(found));

  test("an id finds its own record, and an inode finds all that have it", () => {
    fc.assert(
      fc.property(anySnapshot(), (snapshot) => {
        const index = indexSnapshot(snapshot);
        for (const namespace of snapshot.namespaces) {
          const { id, kind } = namespace;
          expect(findNamespace(index, { form: "id", id, kind })).toEqual({ found: "one", namespace });
          const byInode = findNamespace(index, { form: "inode", inode: id.slice(id.indexOf("/") + 1) });
          const candidates =
            byInode.found === "several" ? byInode.candidates : byInode.found === "one" ? [byInode.namespace] : [];
          expect(candidates).toContain(namespace);
        }
      }),
    );
  });
});
