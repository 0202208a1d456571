import { describe, expect, test } from "vitest";
import { NAMESPACE_KINDS } from "../../../src/abi/namespace-kinds.ts";
import { taskName, type Call, type Value } from "../../../src/kernel/call.ts";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import type { FileHandle } from "../../../src/rules/file-handle.ts";
import type { Outcome } from "../../../src/rules/outcome.ts";
import { clone, ioctl, open, openOther, setresuid, unshare } from "../../kernel-cases/script.ts";

/** What became of a call, in a word: "ok", or the errno. */
const word = (outcome: Outcome<Value>): string => (outcome.ok ? "ok" : outcome.errno);
/** The last of some calls by the first task of a machine with this kernel. */
function last(release: string, ...calls: readonly (readonly [string, Call])[]): string {
  const actor = new ModelActor({ release });
  return calls.map(([caller, call]) => word(actor.call(taskName(caller), call))).at(-1) ?? "";
}
const SHELL = "shell";

describe("calls on files change with the kernel", () => {
  const mnt = [SHELL, open(SHELL, "mnt")] as const;
  const another = [SHELL, clone("another", "mnt")] as const;
  const next = [SHELL, ioctl(0, "NS_MNT_GET_NEXT")] as const;
  test.each([
    ["6.11", "ENOTTY"],
    ["6.12", "ok"],
    ["6.18", "ok"],
  ])("NS_MNT_GET_NEXT on %s: %s", (release, gives) => {
    expect(last(release, mnt, another, next)).toBe(gives);
  });
  test.each([
    // Without a capability the early walk finds nothing to stop at.
    ["6.12.1", "ENOENT"],
    ["6.12", "EPERM"],
    ["6.18", "EPERM"],
    ["6.19.6", "ENOENT"],
    ["7.0", "EPERM"],
  ])("by who has no capability, on %s: %s", (release, gives) => {
    expect(last(release, mnt, another, [SHELL, setresuid(1000)], next)).toBe(gives);
  });
  test.each([
    ["6.17", "EINVAL"],
    ["6.18", "ENOTTY"],
  ])("with a struct that is too short, on %s: %s", (release, gives) => {
    expect(last(release, mnt, another, [SHELL, ioctl(0, 0x8008b70b)])).toBe(gives);
  });

  test.each([
    ["5.13", "ENOPROTOOPT"],
    ["5.14", "ok"],
  ])("a socket gives the cookie of its network namespace on %s: %s", (release, gives) => {
    const cookie: Call = { op: "getsockopt", fd: 0, option: "SO_NETNS_COOKIE" };
    expect(last(release, [SHELL, openOther("socket")], [SHELL, cookie])).toBe(gives);
  });

  const name: Call = { op: "name_to_handle_at", fd: 0 };
  test.each([
    ["6.17", "EOPNOTSUPP"],
    ["6.18", "ok"],
  ])("a namespace file has a handle on %s: %s", (release, gives) => {
    expect(last(release, mnt, [SHELL, name])).toBe(gives);
  });

  /** Opens a namespace of a child by a handle of it. */
  function byHandle(release: string, change: Partial<FileHandle>, ...before: readonly Call[]): string {
    const actor = new ModelActor({ release });
    const shell = actor.first;
    for (const call of [...before, clone("box", "net"), open("box", "net")]) actor.call(shell, call);
    const named = actor.call(shell, name);
    if (!named.ok || typeof named.value !== "object" || !("handle" in named.value)) return word(named);
    const handle = { ...named.value.handle, ...change };
    return word(actor.call(shell, { op: "open_by_handle_at", mount: "FD_NSFS_ROOT", handle }));
  }
  test.each([
    ["6.18", "ESTALE"],
    ["6.19", "ok"],
  ])("the id alone opens it on %s: %s", (release, gives) => {
    expect(byHandle(release, { nsType: 0, inode: 0 })).toBe(gives);
  });
  test.each(["6.18", "6.19", "7.3"])("something behind it does not matter on %s", (release) => {
    expect(byHandle(release, { bytes: 24, junkBehind: true })).toBe("ok");
  });
  test.each([
    // Root of the user namespace that owns it is not whoever may see all.
    ["6.19.6", "ok"],
    ["6.19", "ESTALE"],
    ["7.0", "ESTALE"],
  ])("by root of a user namespace that owns it, on %s: %s", (release, gives) => {
    expect(byHandle(release, {}, unshare("user"))).toBe(gives);
  });

  const kinds = NAMESPACE_KINDS.net.flag;
  /** How many network namespaces a task is shown, of the initial one and two others. */
  function listed(release: string, ...before: readonly Call[]): number | string {
    const actor = new ModelActor({ release });
    const shell = actor.first;
    for (const call of [clone("one", "net"), clone("two", "net"), ...before]) actor.call(shell, call);
    const outcome = actor.call(shell, { op: "listns", types: kinds });
    if (!outcome.ok) return outcome.errno;
    return typeof outcome.value === "object" && "listed" in outcome.value ? outcome.value.listed.length : "";
  }
  test.each([
    ["6.18", "ENOSYS", "ENOSYS"],
    ["6.19", 3, 1],
    ["7.0", 3, 1],
  ])("listns on %s gives root %s network namespaces, and who has no capability %s", (release, root, nobody) => {
    expect(listed(release)).toBe(root);
    expect(listed(release, setresuid(1000))).toBe(nobody);
  });
  test("what is no kind cannot be listed, and beyond the last one there is none", () => {
    const actor = new ModelActor({ release: "6.19" });
    expect(word(actor.call(actor.first, { op: "listns", types: 1 }))).toBe("EOPNOTSUPP");
    expect(word(actor.call(actor.first, { op: "listns", types: 0, after: 1n << 40n }))).toBe("ENOENT");
  });
});
