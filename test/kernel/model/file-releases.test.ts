import { describe, expect, test } from "vitest";
import { NAMESPACE_KINDS } from "../../../src/abi/namespace-kinds.ts";
import { taskName, type Call, type Value } from "../../../src/kernel/call.ts";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import type { FileHandle } from "../../../src/rules/file-handle.ts";
import type { Outcome } from "../../../src/rules/outcome.ts";
import {
  capset,
  clone,
  exit,
  ioctl,
  open,
  openOther,
  pidfdIoctl,
  pidfdOpen,
  setresuid,
  unshare,
} from "../../kernel-cases/script.ts";

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
    ["6.12.107", "EPERM"],
    ["6.18", "EPERM"],
    ["6.18.44", "EPERM"],
    ["6.19.6", "ENOENT"],
    ["6.19.14", "EPERM"],
    ["7.0", "EPERM"],
  ])("by who has no capability, on %s: %s", (release, gives) => {
    expect(last(release, mnt, another, [SHELL, setresuid(1000)], next)).toBe(gives);
  });
  /** The one that it goes on to is owned by the user namespace that the caller made. */
  const inOwn = [SHELL, unshare("user")] as const;
  test.each([
    ["CAP_SYS_ADMIN", "ok"],
    ["CAP_SYS_CHROOT", "ENOENT"],
  ] as const)("by who has %s over the owner, on 6.19.6: %s", (capability, gives) => {
    expect(last("6.19.6", mnt, inOwn, another, [SHELL, capset(capability)], next)).toBe(gives);
  });
  test.each([
    ["6.17", "EINVAL"],
    ["6.18", "ENOTTY"],
  ])("with a struct that is too short, on %s: %s", (release, gives) => {
    expect(last(release, mnt, another, [SHELL, ioctl(0, 0x8008b70b)])).toBe(gives);
  });
  /** Its last byte is that of NS_MNT_GET_INFO, and no size is part of it. */
  const uts = (argument: number) => [SHELL, pidfdIoctl(0, "PIDFD_GET_UTS_NAMESPACE", argument)] as const;
  test.each([
    ["6.11", "ENOTTY"],
    ["6.12", "EINVAL"],
    ["6.17", "EINVAL"],
    ["6.18", "ENOTTY"],
  ])("an ioctl of pidfds on a namespace file, on %s: %s", (release, gives) => {
    for (const argument of [0, 1]) {
      expect(last(release, mnt, uts(argument))).toBe(gives);
      expect(last(release, [SHELL, open(SHELL, "net")], uts(argument))).toBe(gives);
    }
    expect(last(release, mnt, [SHELL, pidfdIoctl(0, "PIDFD_GET_NET_NAMESPACE", 1)])).toBe("ENOTTY");
  });
  test.each([
    ["6.12.1", "ok"],
    ["6.17", "ok"],
    ["6.18", "ENOTTY"],
  ])(
    "PIDFD_GET_INFO on a mount namespace's file, which is NS_MNT_GET_NEXT by its last byte, on %s: %s",
    (release, gives) => {
      expect(last(release, mnt, another, [SHELL, pidfdIoctl(0, "PIDFD_GET_INFO")])).toBe(gives);
    },
  );
  const [guarded, child] = [pidfdOpen("child"), clone("child")];
  const unknown = (argument = 0) => [SHELL, pidfdIoctl(0, 0xff7f, argument)] as const;
  test.each([
    ["6.10", "ENOTTY", "ENOTTY", "ENOTTY", "ENOTTY"],
    ["6.12", "EACCES", "ESRCH", "ESRCH", "EINVAL"],
    ["6.13", "ENOTTY", "ENOTTY", "ENOTTY", "ENOTTY"],
  ])("an unknown ioctl of a pidfd, on %s: %s, %s, %s, %s", (release, toStranger, toZombie, toNobody, passed) => {
    const made = [[SHELL, child] as const, [SHELL, guarded] as const];
    const ended = [...made, ["child", exit] as const];
    expect(last(release, ...made, unknown())).toBe("ENOTTY");
    expect(last(release, ...made, [SHELL, setresuid(1000)], unknown())).toBe(toStranger);
    expect(last(release, ...ended, unknown())).toBe(toZombie);
    expect(last(release, ...ended, [SHELL, { op: "wait", child: taskName("child") }], unknown())).toBe(toNobody);
    expect(last(release, ...ended, unknown(1))).toBe(passed);
    // One of namespace files is such, whether it passes an address, by itself or as it is told, or nothing.
    const one = (...how: Parameters<typeof ioctl>) => last(release, ...ended, [SHELL, ioctl(...how)]);
    expect(one(0, "NS_GET_MNTNS_ID")).toBe(passed);
    expect(one(0, "NS_GET_USERNS", "bad-address")).toBe(passed);
    expect(one(0, "NS_GET_PID_IN_PIDNS", 1)).toBe(passed);
    expect(one(0, "NS_MNT_GET_NEXT")).toBe(passed);
    expect(one(0, 0xb77f)).toBe(passed);
    expect(one(0, "NS_GET_PID_IN_PIDNS", 0)).toBe(toZombie);
    expect(one(0, "NS_GET_MNTNS_ID", "null")).toBe(toZombie);
    expect(one(0, "NS_GET_USERNS")).toBe(toZombie);
    expect(one(0, "NS_GET_NSTYPE")).toBe(toZombie);
    expect(one(0, "SIOCGSKNS")).toBe(toZombie);
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

  const handleIn = (named: Outcome<Value>): FileHandle | undefined =>
    named.ok && typeof named.value === "object" && "handle" in named.value ? named.value.handle : undefined;
  /** Opens a namespace of a child by a handle of it. */
  function byHandle(release: string, change: Partial<FileHandle>, ...before: readonly Call[]): string {
    const actor = new ModelActor({ release });
    const shell = actor.first;
    for (const call of [...before, clone("box", "net"), open("box", "net")]) actor.call(shell, call);
    const named = actor.call(shell, name);
    const handle = handleIn(named);
    if (handle === undefined) return word(named);
    const like = { ...handle, ...change };
    return word(actor.call(shell, { op: "open_by_handle_at", mount: "FD_NSFS_ROOT", handle: like }));
  }
  test.each([
    ["6.18", "ESTALE"],
    ["6.19", "ok"],
  ])("the id alone opens it on %s: %s", (release, gives) => {
    expect(byHandle(release, { nsType: 0, inode: 0 })).toBe(gives);
  });
  // Either both are there, or neither.
  test.each([{ nsType: 0 }, { inode: 0 }])("the id with one of the two does not: %j", (change) => {
    for (const release of ["6.18", "6.19", "7.3"]) expect(byHandle(release, change)).toBe("ESTALE");
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

  test.each([
    // Whoever made it may do anything in it; of who may see all there is none but root.
    ["6.18", "ok"],
    ["6.19.6", "ok"],
    ["7.0", "ESTALE"],
  ])("a user namespace by its creator, who has no capability, on %s: %s", (release, gives) => {
    const actor = new ModelActor({ release, uid: 1000 });
    const shell = actor.first;
    for (const call of [clone("box", "user"), open("box", "user")]) actor.call(shell, call);
    const named = actor.call(shell, name);
    const handle = handleIn(named);
    if (handle === undefined) throw new Error(word(named));
    const opened = actor.call(shell, { op: "open_by_handle_at", mount: "FD_NSFS_ROOT", handle });
    expect(word(opened)).toBe(gives);
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
