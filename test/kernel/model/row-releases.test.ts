import { describe, expect, test } from "vitest";
import { CLONE_FLAGS, CONSTANTS } from "../../../src/abi/constants.ts";
import { NAMESPACE_KINDS } from "../../../src/abi/namespace-kinds.ts";
import { must } from "../../../src/kernel/build-world.ts";
import { taskName, type Call } from "../../../src/kernel/call.ts";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import { cloneWith, flagOf, THREAD } from "../../kernel-cases/facts/standings.ts";
import {
  clone,
  dumpable,
  exit,
  ioctl,
  open,
  openMap,
  openOther,
  pidfdIoctl,
  pidfdOpen,
  setnsFlags,
  setresuid,
  SHELL,
  unshare,
  write,
} from "../../kernel-cases/script.ts";

type By = readonly [caller: string, call: Call];

/** What the last of some calls gives on a machine with this kernel: "ok", or the errno. The others succeed. */
function last(release: string, calls: readonly By[]): string {
  using actor = new ModelActor({ release });
  const before = calls.slice(0, -1);
  for (const [caller, call] of before) must(actor, taskName(caller), call);
  const [caller, call] = calls.at(-1) ?? [SHELL, { op: "getpid" }];
  const outcome = actor.call(taskName(caller), call);
  return outcome.ok ? "ok" : outcome.errno;
}
const shell = (...calls: readonly Call[]): readonly By[] => calls.map((call) => [SHELL, call]);

const { CLONE_PIDFD, CLONE_FS } = CLONE_FLAGS;
const { PIDFD_THREAD } = CONSTANTS;
const peer: Call = { op: "getsockopt", fd: 0, option: "SO_PEERPIDFD" };
const again: Call = { op: "reopen", of: taskName(SHELL), fd: 0 };
const legacy = (flags: number): Call => ({ op: "legacy-clone", flags, as: taskName("child") });
const NO_REQUEST = 0xff99;

type Asked = readonly [what: string, calls: readonly By[], ...answers: (readonly [release: string, answer: string])[]];
/** Asked of two kernels that follow each other. Sources: the manual pages' sections on versions, and docs/kernels.md. */
const ASKED: readonly Asked[] = [
  ["setns takes a pidfd", shell(pidfdOpen(SHELL), setnsFlags(0, flagOf("uts"))), ["5.7", "EINVAL"], ["5.8", "ok"]],
  ["a socket gives a pidfd of its peer", shell(openOther("socket-pair"), peer), ["6.4", "ENOPROTOOPT"], ["6.5", "ok"]],
  ["a pidfd is opened anew", shell(pidfdOpen(SHELL), again), ["6.8", "ENXIO"], ["6.9", "ok"]],
  ["a pidfd of a thread", shell(pidfdOpen(SHELL, PIDFD_THREAD)), ["6.8", "EINVAL"], ["6.9", "ok"]],
  [
    "clone3 gives a pidfd of a thread",
    shell(cloneWith("thread", THREAD | CLONE_PIDFD)),
    ["6.8", "EINVAL"],
    ["6.9", "ok"],
  ],
  ["clone3 gives a pidfd of a process", shell(cloneWith("child", CLONE_PIDFD)), ["6.8", "ok"], ["6.9", "ok"]],
  ["a thread without a pidfd", shell(cloneWith("thread", THREAD)), ["6.8", "ok"], ["6.9", "ok"]],
  [
    "an ioctl of pidfds that there is not",
    shell(pidfdOpen(SHELL), pidfdIoctl(0, NO_REQUEST, 1)),
    ["6.12", "EINVAL"],
    ["6.13", "ENOTTY"],
  ],
  [
    "a number that nobody has, translated",
    shell(open(SHELL, "pid"), ioctl(0, "NS_GET_PID_FROM_PIDNS", 12_345)),
    ["6.15", "ESRCH"],
    ["6.16", "ENOTTY"],
    ["6.18.43", "ENOTTY"],
    ["6.18.44", "ESRCH"],
    ["7.0.12", "ENOTTY"],
    ["7.0.13", "ESRCH"],
    ["7.1", "ESRCH"],
  ],
  [
    "a pidfd of a further thread's number",
    shell(cloneWith("thread", THREAD), pidfdOpen("thread")),
    ["6.17", "EINVAL"],
    ["6.18", "ENOENT"],
  ],
  [
    "a zombie that was not dumpable, for its own user",
    [
      ...shell(setresuid(1000), dumpable, clone("zombie")),
      ["zombie", { op: "set-dumpable", dumpable: false }],
      ["zombie", exit],
      ...shell(open("zombie", "user")),
    ],
    ["6.17", "ok"],
    ["6.18", "EACCES"],
  ],
  [
    "the walk over mount namespaces without a place to write to",
    shell(clone("another", "mnt"), open(SHELL, "mnt"), ioctl(0, "NS_MNT_GET_NEXT", "null")),
    ["6.18", "ok"],
    ["6.19", "EFAULT"],
  ],
  [
    "a pid namespace without a first process",
    shell(unshare("pid"), open(SHELL, "pid_for_children")),
    ["7.0", "ENOENT"],
    ["7.1", "ok"],
  ],
  ["clone(2) with a signal beyond the last", shell(legacy(65)), ["7.0", "ok"], ["7.1", "EINVAL"]],
  ["clone(2) with the last signal", shell(legacy(64)), ["7.0", "ok"], ["7.1", "ok"]],
  [
    "a count beyond 64 bits",
    shell(clone("box", "user"), write("box", "uid_map", "0 0 18446744073709551616")),
    ["7.1", "EINVAL"],
    ["7.2", "ok"],
  ],
  [
    "an id beyond 64 bits",
    shell(clone("box", "user"), write("box", "uid_map", "18446744073709551616 0 1")),
    ["7.1", "ok"],
    ["7.2", "EINVAL"],
  ],
  [
    "the files of a zombie, for its own user",
    [
      ...shell(setresuid(1000), dumpable, clone("box", "user")),
      ["box", exit],
      ...shell(openMap("box", "uid_map", "write")),
    ],
    ["7.1", "EACCES"],
    ["7.2", "ok"],
  ],
  [
    "a mount namespace and another, with a shared root",
    shell(cloneWith("sharer", CLONE_FS), pidfdOpen(SHELL), setnsFlags(0, flagOf("mnt", "uts"))),
    ["7.2", "ok"],
    ["7.3", "EINVAL"],
  ],
];

describe("a call that tells one release from the next", () => {
  test.each(ASKED.map(([what, calls, ...answers]) => [what, calls, answers] as const))("%s", (_, calls, answers) => {
    for (const [release, answer] of answers) expect(last(release, calls), release).toBe(answer);
  });

  test("Linux 7.1: where the first process fails to start after it had its numbers, another may be the first", () => {
    const next = (release: string): unknown => {
      using actor = new ModelActor({ release });
      must(actor, actor.first, unshare("pid"));
      const failed = actor.call(actor.first, cloneWith("one", CLONE_PIDFD, { pidfd: "null" }));
      expect(failed).toMatchObject({ errno: "EFAULT" });
      return actor.call(actor.first, clone("two"));
    };
    expect(next("7.0")).toMatchObject({ errno: "ENOMEM" });
    expect(next("7.1")).toMatchObject({ ok: true });
  });

  const FIRST_FREE = 0xf0000000;
  const shows = (kind: string, number: number) => ({ value: { text: `${kind}:[${number}]` } });
  /** Until then they were mostly net:[4026531840] and mnt:[4026531841]: the next that were free when they were made. */
  test("Linux 6.18: the first network and mount namespaces have inode numbers of their own", () => {
    const inode = (release: string, link: "net" | "mnt"): unknown => {
      using actor = new ModelActor({ release });
      return actor.call(actor.first, { op: "readlink", of: actor.first, link });
    };
    const { net, mnt } = NAMESPACE_KINDS;
    expect(inode("6.18", "net")).toMatchObject(shows("net", net.initialInode));
    expect(inode("6.18", "mnt")).toMatchObject(shows("mnt", mnt.initialInode));
    expect(inode("6.17", "net")).toMatchObject(shows("net", FIRST_FREE));
    expect(inode("6.17", "mnt")).toMatchObject(shows("mnt", FIRST_FREE + 1));
  });
});
