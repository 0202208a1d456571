import { describe, expect, test } from "vitest";
import { KINDS, NAMESPACE_KINDS, type NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import { capBit, type Capability } from "../../src/abi/capabilities.ts";
import { ok, refused } from "../../src/rules/outcome.ts";
import { maySetns2011, ownerOfV1, parentOfV1 } from "../../src/rules/posted.ts";
import type { Credentials, View } from "../../src/rules/view.ts";

/** The initial user and pid namespaces, one more of each below them, and a network namespace. */
type Ns = "user" | "user below" | "pid" | "pid below" | "net";
const kindOf = (ns: Ns): NamespaceKind => (ns === "net" ? "net" : ns.startsWith("pid") ? "pid" : "user");
const view: View<Ns> = {
  kind: kindOf,
  owner: (ns) => (ns === "user" ? undefined : "user"),
  parent: (ns) => (ns === "user below" ? "user" : ns === "pid below" ? "pid" : undefined),
  level: (ns) => (ns.endsWith("below") ? 1 : 0),
  creator: () => 0,
};
const caller = { user: "user", pid: "pid" } as const;

describe("the ioctls of version 1, as posted in August 2016", () => {
  test("only what has neither owner nor parent is ENOENT", () => {
    expect(ownerOfV1(view, caller, "user")).toEqual(refused("ENOENT", "initial-has-none"));
    expect(ownerOfV1(view, caller, "user below")).toEqual(ok("user"));
    expect(ownerOfV1(view, caller, "net")).toEqual(ok("user"));
    expect(parentOfV1(view, caller, "user")).toEqual(refused("ENOENT", "initial-has-none"));
    expect(parentOfV1(view, caller, "pid")).toEqual(refused("ENOENT", "initial-has-none"));
    expect(parentOfV1(view, caller, "user below")).toEqual(ok("user"));
    expect(parentOfV1(view, caller, "pid below")).toEqual(ok("pid"));
  });
  test("a kind that does not nest has no parent in any version", () => {
    expect(parentOfV1(view, caller, "net")).toEqual(refused("EINVAL", "kind-does-not-nest"));
  });
});

describe("setns as posted in May 2011", () => {
  const ids = { ruid: 0, euid: 0, suid: 0, fsuid: 0, rgid: 0, egid: 0, sgid: 0, fsgid: 0 };
  const by = (capability: Capability): { who: Credentials<NamespaceKind>; initial: NamespaceKind } => ({
    who: { user: "user", ...ids, permitted: capBit(capability), effective: capBit(capability) },
    initial: "user",
  });
  const kinds: View<NamespaceKind> = {
    kind: (ns) => {
      if (!KINDS.includes(ns)) throw new Error(`${ns} is no namespace`);
      return ns;
    },
    owner: (ns) => (ns === "user" ? undefined : "user"),
    parent: () => undefined,
    level: () => 0,
    creator: () => 0,
  };
  const admin = by("CAP_SYS_ADMIN");
  test("uts, ipc and net have files to join, others have not", () => {
    for (const kind of ["uts", "ipc", "net"] as const) {
      expect(maySetns2011(kinds, admin, kind, NAMESPACE_KINDS[kind].flag)).toMatchObject({ ok: true });
    }
    for (const kind of ["user", "pid", "mnt"] as const) {
      expect(maySetns2011(kinds, admin, kind, 0)).toEqual(refused("EINVAL", "not-a-namespace-file"));
    }
  });
  test("CAP_SYS_ADMIN comes before all else; then what the descriptor is", () => {
    expect(maySetns2011(kinds, by("CAP_NET_ADMIN"), undefined, 0)).toEqual(refused("EPERM", "no-admin-over-target"));
    expect(maySetns2011(kinds, admin, undefined, 0)).toEqual(refused("EBADF", "bad-descriptor"));
    expect(maySetns2011(kinds, admin, "other", 0)).toEqual(refused("EINVAL", "not-a-namespace-file"));
  });
});
