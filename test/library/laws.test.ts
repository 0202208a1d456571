import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/abi/namespace-kinds.ts";
import { LINKS } from "../../src/abi/proc-links.ts";
import {
  attempt,
  discover,
  indexSnapshot,
  NameError,
  nests,
  openNamespace,
  parentChain,
  refOf,
  SyscallError,
} from "../../src/index.ts";
import { must } from "../../src/kernel/build-world.ts";
import { taskName } from "../../src/kernel/call.ts";
import { trackFds } from "../../src/kernel/live/fd.ts";
import { drawMachine } from "../../src/model.ts";
import { KERNELS_AND_DEVICES } from "./kernels.ts";

/** A drawing of user namespaces below one another, as each number picks a parent among those before it. */
const anyDrawing = fc
  .record({
    users: fc.array(fc.nat(), { maxLength: 8 }),
    others: fc.array(fc.record({ kind: fc.constantFrom(...KINDS), owner: fc.nat() }), { maxLength: 8 }),
  })
  .map(({ users, others }) => {
    const below = new Map<string, string[]>([["init", []]]);
    for (const [nth, pick] of users.entries()) {
      const parent = [...below.keys()][pick % below.size] ?? "init";
      below.get(parent)?.push(`u${nth}`);
      below.set(`u${nth}`, []);
    }
    const lines = (name: string, depth: number): string[] => [
      `${"  ".repeat(depth)}user:${name}`,
      ...(below.get(name) ?? []).flatMap((child) => lines(child, depth + 1)),
    ];
    const names = [...below.keys()];
    const owned = others
      .filter(({ kind }) => !nests(kind))
      .map(({ kind, owner }, nth) => `${kind}:o${nth} of user:${names[owner % names.length]}`);
    return [...lines("init", 0), ...owned].join("\n");
  });

describe("in any world", () => {
  test("parent and owner of a user namespace agree, ancestors never repeat and end at the viewer's own", async () => {
    await fc.assert(
      fc.asyncProperty(anyDrawing, async (drawing) => {
        const observer = drawMachine(drawing).observer();
        using own = await openNamespace("self/user", { observer });
        const { snapshot, ...index } = indexSnapshot(await discover({ observer }));
        for (const record of snapshot.namespaces) {
          using ns = await openNamespace(refOf(record), { observer });
          if (ns.kind !== "user") continue;
          const [parent, owner] = [attempt(() => ns.parent()), attempt(() => ns.owner())];
          expect(parent.ok ? parent.value : parent.errno).toEqual(owner.ok ? owner.value : owner.errno);
          const ancestors = ns.ancestors().map(({ id }) => id);
          expect(new Set([ns.id, ...ancestors]).size).toBe(ancestors.length + 1);
          if (ns.id !== own.id) expect(ancestors.at(-1)).toBe(own.id);
          // Discovery walks the same way.
          const seen = parentChain({ snapshot, ...index }, record).namespaces.map(({ id }) => id);
          expect(seen).toEqual(ancestors);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Words that names are made of, put together at random: mostly wrong, and sometimes right. */
const anyRef = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "/",
          ":",
          "[",
          "]",
          "..",
          "self",
          "fd:",
          "id:",
          "/proc/",
          "/run/netns/",
          "ns/",
          "\n",
          "\u001b[2J",
        ),
        fc.constantFrom(...KINDS, ...LINKS),
        fc.bigInt({ min: -1n, max: 2n ** 65n }).map(String),
        fc.nat(4_194_304).map(String),
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join("")),
);

describe.each(KERNELS_AND_DEVICES)("whatever a REF is, on $kernel", ({ needs, draw }) => {
  test("it opens, or is refused with a message that can be printed; nothing stays open", needs, async () => {
    using kernel = draw("");
    const ledger = trackFds();
    await fc.assert(
      fc.asyncProperty(anyRef, async (ref) => {
        try {
          using ns = await openNamespace(ref, { observer: kernel.observer });
          expect(KINDS).toContain(ns.kind);
        } catch (error) {
          if (!(error instanceof NameError || error instanceof SyscallError)) throw error;
          expect(error.message).not.toMatch(/\p{Cc}|\p{Cf}|\p{Cs}/u);
        }
        expect(ledger.size).toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  test("the creator's uid is its effective one, whatever the others are", needs, async () => {
    using kernel = draw("");
    const { actor, observer } = kernel;
    const [maker, made] = [taskName("maker"), taskName("made")];
    must(actor, actor.first, { op: "clone", flags: 0, as: maker });
    must(actor, maker, { op: "setresuid", ids: { real: 1001, effective: 1002, saved: 1003 } });
    must(actor, maker, { op: "clone", flags: 0x10000000, as: made });
    using user = await openNamespace(`${kernel.pidOf(made)}/user`, { observer });
    expect(user.ownerUid()).toEqual({ uid: 1002, mapped: true });
  });
});
