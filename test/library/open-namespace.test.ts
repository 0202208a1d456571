import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../src/abi/namespace-kinds.ts";
import { attempt, attemptAsync, nameOf, openNamespace, refOf, type Namespace } from "../../src/index.ts";
import { must } from "../../src/kernel/build-world.ts";
import { KERNELS_AND_DEVICES } from "./kernels.ts";

const NESTED = `
  user:init
    user:one by 1000
      user:two
        user:three
  pid:init
    pid:one of user:one
      pid:two of user:one
        pid:three of user:one
  net:box of user:two
`;

describe.each(KERNELS_AND_DEVICES)("on $kernel", ({ needs, draw }) => {
  describe("openNamespace", needs, () => {
    test.each(KINDS)("opens %s, with the same identity by every REF", async (kind) => {
      using kernel = draw("");
      const { observer } = kernel;
      using ns = await openNamespace(kernel.fileOf(`${kind}:init`), { observer });
      expect(ns).toMatchObject({ kind, id: ns.identity.id, dev: ns.identity.dev, ino: ns.identity.ino });
      expect(String(ns)).toBe(`${kind}:[${ns.ino}]`);
      expect(inspect({ ns })).toBe(`{ ns: ${kind}:[${ns.ino}] }`);
      const refs = [
        nameOf(ns),
        refOf(ns),
        `${kind}:${ns.ino}`,
        String(ns.ino),
        `self/${kind}`,
        kernel.refOf(`${kind}:init`),
      ];
      const id = ns.uniqueId();
      if (id !== undefined) refs.push(`${kind}:id:${id}`);
      for (const ref of refs) {
        using same = await openNamespace(ref, { observer });
        expect([ref, same.identity]).toEqual([ref, ns.identity]);
      }
    });

    test("chains of three user and three pid namespaces: each parent, and all ancestors, nearest first", async () => {
      using kernel = draw(NESTED);
      const { observer } = kernel;
      const chain = async (kind: "user" | "pid"): Promise<Namespace<"user" | "pid">[]> =>
        Promise.all(
          (["init", "one", "two", "three"] as const).map((name) =>
            openNamespace(kernel.fileOf(`${kind}:${name}`), { observer, kind }),
          ),
        );
      for (const kind of ["user", "pid"] as const) {
        const [init, one, two, three] = await chain(kind);
        if (init === undefined || one === undefined || two === undefined || three === undefined) throw new Error();
        expect(three.parent()).toEqual(two.identity);
        expect(two.parent()).toEqual(one.identity);
        expect(one.parent()).toEqual(init.identity);
        expect(three.ancestors()).toEqual([two, one, init].map(({ identity }) => identity));
        expect(init.ancestors()).toEqual([]);
        expect(attempt(() => init.parent())).toMatchObject({
          ok: false,
          errno: "EPERM",
          reason: "parent-outside-view",
        });
        for (const ns of [init, one, two, three]) ns[Symbol.dispose]();
      }
    });

    test("who owns what, and who made it, by the creator's effective uid", async () => {
      using kernel = draw(NESTED);
      const { observer } = kernel;
      using net = await openNamespace(kernel.refOf("net:box"), { observer });
      using owner = net.openOwner();
      using two = await openNamespace(kernel.refOf("user:two"), { observer });
      expect(net.owner()).toEqual(two.identity);
      expect(owner.identity).toEqual(two.identity);
      using one = owner.openParent();
      expect(one.ownerUid()).toEqual({ uid: 1000, mapped: true });
      using init = await openNamespace("self/user", { observer });
      expect(init.ownerUid()).toEqual({ uid: 0, mapped: true });
    });

    test("for user namespaces parent and owner agree, and ancestors never repeat", async () => {
      using kernel = draw(NESTED);
      const { observer } = kernel;
      for (const name of ["user:init", "user:one", "user:two", "user:three"] as const) {
        using ns = await openNamespace(kernel.refOf(name), { observer });
        const [parent, owner] = [attempt(() => ns.parent()), attempt(() => ns.owner())];
        if (parent.ok) expect(owner).toEqual(parent);
        else expect(owner).toMatchObject({ ok: false, errno: parent.errno });
        const ids = [ns, ...ns.ancestors()].map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }
    });

    test("a user namespace that nobody is in is opened by its inode, from what it owns", async () => {
      using kernel = draw("user:init\n  user:lone empty\nnet:box of user:lone");
      const { observer } = kernel;
      using net = await openNamespace(kernel.refOf("net:box"), { observer });
      const lone = net.owner();
      for (const fd of kernel.world.fds.values()) must(kernel.actor, kernel.actor.first, { op: "close", fd });
      using user = await openNamespace(nameOf(lone), { observer });
      expect(user.identity).toEqual(lone);
    });

    test("closing twice is closing once, and a closed namespace answers no more", async () => {
      using kernel = draw("");
      const { observer } = kernel;
      const ns = await openNamespace("self/user", { observer });
      ns[Symbol.dispose]();
      ns[Symbol.dispose]();
      expect(String(ns)).toBe(nameOf(ns.identity));
      for (const ask of [() => ns.owner(), () => ns.uniqueId(), () => ns.ancestors(), () => ns.ownerUid()]) {
        expect(ask).toThrow("this user namespace was closed");
      }
    });

    test("what a kind cannot answer is not there at run time either", async () => {
      using kernel = draw("");
      const { observer } = kernel;
      for (const kind of KINDS) {
        using ns: Namespace = await openNamespace(`self/${kind}`, { observer });
        expect(["parent" in ns, "ownerUid" in ns]).toEqual([kind === "user" || kind === "pid", kind === "user"]);
      }
    });

    test("attemptAsync gives a refusal as a value", async () => {
      using kernel = draw("");
      const { observer } = kernel;
      const refused = await attemptAsync(() => openNamespace("/proc/4194303/ns/net", { observer }));
      expect(refused).toMatchObject({ ok: false, errno: "ENOENT", reason: "no-such-process" });
      await expect(attemptAsync(() => openNamespace("nothing", { observer }))).rejects.toThrow("names no namespace");
    });
  });
});

const TWINS = "net:blue\nnet:green\nuts:blue\nuts:green\nipc:blue\nipc:green";

describe("on a machine with two nsfs devices, where inodes repeat", () => {
  test("an inode that fits two is an error that lists both, and each opens by its device", async () => {
    const { drawMachine } = await import("../../src/model.ts");
    const machine = drawMachine(TWINS, { devices: "two" });
    const observer = machine.observer();
    const { discover, indexSnapshot } = await import("../../src/index.ts");
    const { byInode } = indexSnapshot(await discover({ observer }));
    const twins = [...byInode].find(([, namespaces]) => namespaces.length > 1);
    if (twins === undefined) throw new Error("no inode repeats");
    const [inode, namespaces] = twins;
    const refs = namespaces.map(refOf);
    await expect(openNamespace(inode, { observer })).rejects.toMatchObject({
      name: "NameError",
      rule: "ambiguous",
      candidates: refs,
    });
    for (const [nth, ref] of refs.entries()) {
      using ns = await openNamespace(ref, { observer });
      expect(ns.id).toBe(namespaces[nth]?.id);
    }
  });
});
