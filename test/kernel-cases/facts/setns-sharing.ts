import { CLONE_FLAGS } from "../../../src/abi/constants.ts";
import { KINDS, type NamespaceKind } from "../../../src/abi/namespace-kinds.ts";
import type { OtherFile } from "../../../src/kernel/file-call.ts";
import type { FactCase, Step } from "../fact-case.ts";
import { clone, openOther, pidfdOpen, setns, setnsFlags } from "../script.ts";
import { cloneWith, flagOf, linkId, ordinary, THREAD, unshareFlags, within } from "./standings.ts";

/** setns: its arguments, the threads and processes that share with the caller, and what is checked first. */
const { CLONE_FS, CLONE_FILES, CLONE_VM } = CLONE_FLAGS;
/** One of each kind to join. */
const WORLD = ["user:init", "  user:U", ...KINDS.filter((kind) => kind !== "user").map((kind) => `${kind}:U`)].join(
  "\n",
);
const joins = (kind: NamespaceKind, by = "shell"): Step => [by, (fds) => setns(fds(`${kind}:U`), kind)];
const next = (kind: NamespaceKind): NamespaceKind => KINDS[(KINDS.indexOf(kind) + 1) % KINDS.length] ?? kind;

const onUts = (flags: number): Step => ["shell", (fds) => setnsFlags(fds("uts:init"), flags)];
const onOther = (id: string, what: OtherFile, flags: number): FactCase => ({
  id: `setns.arg.${id}`,
  before: [["shell", openOther(what)]],
  asks: ["shell", (_, gave) => setnsFlags(Number(gave[0]), flags)],
});
const ARGUMENTS: FactCase[] = [
  ...KINDS.map((kind): FactCase => ({
    id: `setns.arg.mismatch.${kind}`,
    asks: ["shell", (fds) => setns(fds(`${kind}:init`), next(kind))],
  })),
  { id: "setns.arg.multi", asks: onUts(flagOf("uts", "ipc")) },
  { id: "setns.arg.junk", asks: onUts(1) },
  { id: "setns.arg.zero", asks: onUts(0) },
  { id: "setns.arg.badfd", asks: ["shell", setnsFlags(-1, 0)] },
  { id: "setns.arg.badfd2", asks: ["shell", setnsFlags(9999, flagOf("uts"))] },
  onOther("notns", "null", 0),
  onOther("notns.dir", "process-directory", flagOf("net")),
  onOther("sock", "socket", 0),
  { id: "setns.arg.badfd.nocaps", before: ordinary(2000), asks: ["shell", setnsFlags(9999, 0)] },
  { id: "setns.arg.mismatch.nocaps", before: ordinary(2000), asks: onUts(flagOf("net")) },
];

/** A thread as pthread_create makes them: root, working directory and descriptors are shared. */
const PTHREAD = THREAD | CLONE_FS | CLONE_FILES;
const twoThreads: Step = ["shell", cloneWith("thread", PTHREAD)];
const threadEnded: Step[] = [twoThreads, ["thread", { op: "exit-thread" }]];
const ownFs = (by: string): Step[] => [twoThreads, [by, unshareFlags(CLONE_FS)]];
const THREADS: FactCase[] = [
  ...KINDS.flatMap((kind): FactCase[] => [
    { id: `setns.mt.${kind}`, world: WORLD, before: [twoThreads], asks: joins(kind) },
    { id: `setns.mt.second.${kind}`, world: WORLD, before: [twoThreads], asks: joins(kind, "thread") },
  ]),
  { id: "setns.mt.mnt.after_unshare_fs", world: WORLD, before: ownFs("thread"), asks: joins("mnt", "thread") },
  { id: "setns.mt.mnt.main_after_unshare_fs", world: WORLD, before: ownFs("shell"), asks: joins("mnt") },
  { id: "setns.mt.user.after_thread_exit", world: WORLD, before: threadEnded, asks: joins("user") },
  { id: "setns.mt.time.after_thread_exit", world: WORLD, before: threadEnded, asks: joins("time") },
];

/** A process in new mount and UTS namespaces, and a pidfd of it; then somebody who shares with the caller. */
const followed = (sharer: Step): Step[] => [["shell", clone("T", "mnt", "uts")], ["shell", pidfdOpen("T")], sharer];
const follow = (...kinds: NamespaceKind[]): Step => [
  "shell",
  (_, gave) => setnsFlags(Number(gave[1]), flagOf(...kinds)),
];
const sharing = (flag: number): Step => ["shell", cloneWith("sharer", flag)];
const SHARED: FactCase[] = [
  ...Object.entries({ fs: CLONE_FS, vm: CLONE_VM, files: CLONE_FILES }).flatMap(([what, flag]) =>
    (["mnt", "time", "user", "uts"] as const).map((kind): FactCase => ({
      id: `setns.share${what}.${kind}`,
      world: WORLD,
      before: [sharing(flag)],
      asks: joins(kind),
    })),
  ),
  { id: "setns.mt.pidfd.mnt_only", before: followed(twoThreads), asks: follow("mnt") },
  { id: "setns.mt.pidfd.mnt_plus", before: followed(twoThreads), asks: follow("mnt", "uts") },
  {
    id: "setns.mt.pidfd.mnt_plus.nsproxy",
    before: [...followed(twoThreads), ["shell", clone("witness")]],
    asks: follow("mnt", "uts"),
    shows: (_, scene) => {
      const mnt = (task: string): string => linkId(scene, task, "mnt", "shell");
      const main = mnt("shell") === mnt("T") ? "target" : "another";
      return `main=${main}, other=${mnt("thread") === mnt("witness") ? "old" : "another"}`;
    },
  },
  { id: "setns.sharefs.pidfd.mnt_plus", before: followed(sharing(CLONE_FS)), asks: follow("mnt", "uts") },
];

const threadedUser: Step[] = [...ordinary(2000), twoThreads];
const ORDER: FactCase[] = [
  { id: "setns.order.user.mt_nocap", world: WORLD, before: threadedUser, asks: joins("user") },
  { id: "setns.order.time.mt_nocap", world: WORLD, before: threadedUser, asks: joins("time") },
  { id: "setns.order.mnt.mt_nocap", world: WORLD, before: threadedUser, asks: joins("mnt") },
  {
    id: "setns.order.user.same_nocap",
    before: ordinary(2000),
    asks: ["shell", (fds) => setns(fds("user:init"), "user")],
  },
  {
    id: "setns.order.pid.ancestor_nocap",
    world: WORLD,
    before: [within("pid:U"), ["shell", clone("inside")], ...ordinary(2000, "inside")],
    asks: ["inside", (fds) => setns(fds("pid:init"), "pid")],
  },
];

export const SETNS_SHARING_FACTS: readonly FactCase[] = [...ARGUMENTS, ...THREADS, ...SHARED, ...ORDER];
