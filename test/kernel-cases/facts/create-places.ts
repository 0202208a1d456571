import { CLONE_FLAGS } from "../../../src/abi/constants.ts";
import type { FactCase, Scene, Step } from "../fact-case.ts";
import { clone, exit, setresuid, unshare, write } from "../script.ts";
import { cloneWith, flagOf, linkId, ordinary, THREAD, unshareFlags, within } from "./standings.ts";

/** Where the caller stands when it makes namespaces: unmapped, chrooted, deep down, with children elsewhere. */
const { CLONE_VM, CLONE_VFORK, CLONE_FS } = CLONE_FLAGS;
const USER = flagOf("user");

const unmapped: Step = ["shell", unshare("user")];
const uidMap: Step = ["shell", write("shell", "uid_map", "0 0 1")];
const gidMap: Step[] = [
  ["shell", write("shell", "setgroups", "deny")],
  ["shell", write("shell", "gid_map", "0 0 1")],
];
/** "box" was made by uid 1000, which has no number in it: only 0 to 9 have. */
const strange: Step[] = [
  ["shell", clone("maker")],
  ...ordinary(1000, "maker"),
  ["maker", clone("box", "user")],
  ["shell", write("box", "uid_map", "0 100000 10")],
];
const gids: Step = ["shell", write("box", "gid_map", "0 1000 10")];

const users: FactCase[] = [
  { id: "create.user.unmapped", before: [unmapped], asks: ["shell", unshare("user")] },
  { id: "create.user.unmapped.net", before: [unmapped], asks: ["shell", unshare("net")] },
  { id: "create.user.gid_unmapped", before: [unmapped, uidMap], asks: ["shell", unshare("user")] },
  { id: "create.user.mapped", before: [unmapped, uidMap, ...gidMap], asks: ["shell", unshare("user")] },
  {
    id: "create.user.setuid_unmapped",
    before: [
      ["shell", clone("box", "user")],
      ["shell", write("box", "uid_map", "0 0 10")],
    ],
    asks: ["box", setresuid(20)],
  },
  { id: "create.user.euid_unmapped", before: [...strange, gids], asks: ["box", unshare("user")] },
  {
    id: "create.user.gid_only_unmapped",
    before: [...strange, ["box", setresuid({ real: -1, effective: 3, saved: -1 })]],
    asks: ["box", unshare("user")],
  },
  {
    id: "create.user.euid_egid_mapped",
    before: [...strange, gids, ["box", setresuid({ real: -1, effective: 3, saved: -1 })]],
    asks: ["box", unshare("user")],
  },
];

const into = (path: string): Step => ["shell", { op: "chroot", path }];
const roots: FactCase[] = [
  { id: "create.user.chroot.tmp", before: [into("/tmp")], asks: ["shell", unshare("user")] },
  { id: "create.user.chroot.slash", before: [into("/")], asks: ["shell", unshare("user")] },
  { id: "create.user.chroot.mountpoint", before: [into("/dev")], asks: ["shell", unshare("user")] },
  {
    id: "create.user.chroot.newns",
    before: [["shell", unshare("mnt")], into("/tmp")],
    asks: ["shell", unshare("user")],
  },
  { id: "create.net.chroot.tmp", before: [into("/tmp")], asks: ["shell", unshare("net")] },
  { id: "create.user.chroot_user_ns", before: [into("/tmp")], asks: ["shell", unshare("user", "mnt")] },
  {
    id: "create.user.pivot",
    before: [
      ["shell", unshare("mnt")],
      ["shell", { op: "pivot-root" }],
    ],
    asks: ["shell", unshare("user")],
  },
  { id: "create.user.order.chroot_unmapped", before: [into("/tmp")], asks: ["shell", unshare("user", "uts")] },
  { id: "create.clone3.user.chroot", before: [into("/tmp")], asks: ["shell", cloneWith("child", USER)] },
  { id: "create.clone3.user_fs.chroot", before: [into("/tmp")], asks: ["shell", cloneWith("child", USER | CLONE_FS)] },
];

/** Goes on until refused; gives how often it went well. */
function countUntilRefused(next: (level: number) => boolean): number {
  let level = 0;
  while (next(level)) level++;
  return level;
}
const nestUser = (scene: Scene): boolean => {
  const made = scene.call("shell", unshare("user")) === 0;
  if (made) for (const [, call] of [uidMap, ...gidMap]) if (typeof call !== "function") scene.call("shell", call);
  return made;
};
const nestPid =
  (scene: Scene) =>
  (level: number): boolean =>
    typeof scene.call(level === 0 ? "shell" : `level-${level}`, clone(`level-${level + 1}`, "pid")) === "number";

const LEVELS = (count: number): number[] => Array.from({ length: count }, (_, level) => level);
const depths: FactCase[] = [
  {
    id: "create.user.depth",
    before: LEVELS(33).flatMap(() => [unmapped, uidMap, ...gidMap]),
    asks: ["shell", unshare("user")],
  },
  {
    id: "create.user.depth.n",
    asks: ["shell", unshareFlags(0)],
    shows: (_, scene) => String(countUntilRefused(() => nestUser(scene))),
  },
  {
    id: "create.pid.depth",
    before: LEVELS(32).map((level): Step => [
      level === 0 ? "shell" : `level-${level}`,
      clone(`level-${level + 1}`, "pid"),
    ]),
    asks: ["level-32", clone("level-33", "pid")],
  },
  {
    id: "create.pid.depth.n",
    asks: ["shell", unshareFlags(0)],
    shows: (_, scene) => String(countUntilRefused(nestPid(scene))),
  },
];

const pending: Step = ["shell", unshare("pid")];
const firstDied: Step[] = [pending, ["shell", clone("first")], ["first", exit]];
const pids: FactCase[] = [
  { id: "create.pid.first", asks: ["shell", unshare("pid")] },
  { id: "create.pid.second", before: [pending], asks: ["shell", unshare("pid")] },
  { id: "create.pid.clone_after", before: [pending], asks: ["shell", clone("child", "pid")] },
  { id: "create.pid.thread_after", before: [pending], asks: ["shell", cloneWith("thread", THREAD)] },
  { id: "create.pid.vfork_after", before: [pending], asks: ["shell", cloneWith("child", CLONE_VM | CLONE_VFORK)] },
  { id: "create.pid.fork_after_init_died", before: firstDied, asks: ["shell", clone("child")] },
  { id: "create.pid.fork_after_reaper_exit", before: firstDied, asks: ["shell", clone("child")] },
  { id: "create.pid.newuser_after", before: [pending], asks: ["shell", unshare("user")] },
  {
    id: "create.pid.firstchild",
    before: [pending, ["shell", clone("first")]],
    asks: ["first", { op: "getpid" }],
    shows: String,
  },
  {
    id: "create.pid.secondchild",
    before: [pending, ["shell", clone("first")], ["shell", clone("second")]],
    asks: ["second", { op: "getpid" }],
    shows: String,
  },
  {
    id: "create.pid.in_userns.ok",
    world: "user:init\n  user:U\npid:P of user:U",
    before: [within("user:U"), within("pid:P"), ["shell", clone("inside")], ["inside", unshare("user")]],
    asks: ["inside", unshare("pid")],
  },
  {
    id: "create.pid.in_userns.bad",
    world: "user:init\n  user:U\npid:P of user:U",
    before: [within("pid:P"), ["shell", clone("inside")]],
    asks: ["inside", unshare("pid")],
  },
  {
    id: "node.newpid.thread.main",
    before: [["shell", cloneWith("thread", THREAD)], pending],
    asks: ["shell", cloneWith("further", THREAD)],
  },
  {
    id: "node.newpid.thread.other",
    before: [["shell", cloneWith("thread", THREAD)], pending],
    asks: ["thread", cloneWith("further", THREAD)],
  },
];

const newTime: Step = ["shell", unshare("time")];
const sameTime = (scene: Scene, child: string): boolean =>
  linkId(scene, child, "time") === linkId(scene, child, "time_for_children");
const times: FactCase[] = [
  { id: "create.time.1", asks: newTime },
  { id: "create.time.2", before: [newTime], asks: newTime },
  { id: "create.time.thread", before: [newTime], asks: ["shell", cloneWith("thread", THREAD)] },
  { id: "create.time.vfork", before: [newTime], asks: ["shell", cloneWith("child", CLONE_VM | CLONE_VFORK)] },
  {
    id: "create.time.vfork.ns",
    before: [newTime],
    asks: ["shell", cloneWith("child", CLONE_VM | CLONE_VFORK)],
    shows: (_, scene) => (sameTime(scene, "child") ? "true" : "false (stays in the old time ns until exec)"),
  },
  {
    id: "create.time.fork.ns",
    before: [newTime],
    asks: ["shell", clone("child")],
    shows: (_, scene) => String(sameTime(scene, "child")),
  },
  {
    id: "create.time.exec.ns",
    before: [newTime],
    asks: ["shell", { op: "exec" }],
    shows: (_, scene) => String(sameTime(scene, "shell")),
  },
  {
    id: "create.time.clone3.ns",
    asks: ["shell", clone("child", "time")],
    shows: (_, scene) =>
      String(sameTime(scene, "child") && linkId(scene, "child", "time") !== linkId(scene, "shell", "time")),
  },
  { id: "create.time.clone3", asks: ["shell", clone("child", "time")] },
  { id: "create.time.clone3.vm", asks: ["shell", cloneWith("child", flagOf("time") | CLONE_VM | CLONE_VFORK)] },
];

export const CREATE_PLACE_FACTS: readonly FactCase[] = [...users, ...roots, ...depths, ...pids, ...times];
