import { taskName } from "../../../src/kernel/call.ts";
import type { FactCase, Step } from "../fact-case.ts";
import { capset, clone, open, setns, unshare } from "../script.ts";
import { cloneWith, linkId, ordinary, THREAD, within } from "./standings.ts";

/** setns into pid, mount and time namespaces, and one after the other. */
const PIDS = `
  pid:init
    pid:Q
      pid:C
    pid:S
`;
const inQ: Step[] = [within("pid:Q"), ["shell", clone("inside")]];
const joinsPid = (name: string, by = "shell"): Step => [by, (fds) => setns(fds(`pid:${name}`), "pid")];
const pid = (id: string, asks: Step, before: readonly Step[] = []): FactCase => ({
  id: `setns.pid.${id}`,
  world: PIDS,
  before,
  asks,
});
const PID: FactCase[] = [
  pid("parent", joinsPid("init", "inside"), inQ),
  pid("self", joinsPid("Q", "inside"), inQ),
  pid("child", joinsPid("C", "inside"), inQ),
  pid("sibling", joinsPid("S", "inside"), inQ),
  pid("grandchild", joinsPid("C")),
  {
    ...pid("active_unchanged", joinsPid("C"), [["shell", clone("witness")]]),
    shows: (_, scene) => {
      const same = (link: "pid" | "pid_for_children"): string =>
        linkId(scene, "shell", link) === linkId(scene, "witness", link) ? "unchanged" : "changed";
      return `pid ${same("pid")}, pid_for_children ${same("pid_for_children")}`;
    },
  },
  pid("then_unshare", ["shell", unshare("pid")], [joinsPid("Q")]),
  pid("then_child", joinsPid("Q"), [joinsPid("C")]),
  pid("reset", joinsPid("init"), [joinsPid("Q")]),
  pid("reset.unshare", ["shell", unshare("pid")], [joinsPid("Q"), joinsPid("init")]),
  pid("thread", ["shell", cloneWith("thread", THREAD)], [joinsPid("Q")]),
  pid("fork", ["shell", clone("child")], [joinsPid("Q")]),
];

const MOUNTS = "mnt:M";
const joinsMount: Step = ["shell", (fds) => setns(fds("mnt:M"), "mnt")];
const MNT: FactCase[] = [
  { id: "setns.mnt.chrooted", world: MOUNTS, before: [["shell", { op: "chroot", path: "/tmp" }]], asks: joinsMount },
  { id: "setns.mnt.self", asks: ["shell", (fds) => setns(fds("mnt:init"), "mnt")] },
  {
    id: "setns.mnt.chroot_only",
    world: MOUNTS,
    before: [["shell", capset("CAP_SYS_CHROOT")]],
    asks: joinsMount,
  },
];

const TIMES = "time:T";
const joinsTime: Step = ["shell", (fds) => setns(fds("time:T"), "time")];
const TIME: FactCase[] = [
  { id: "setns.time", world: TIMES, asks: joinsTime },
  {
    id: "setns.time.both",
    world: TIMES,
    asks: joinsTime,
    shows: (_, scene) => {
      const target = linkId(scene, "time:T", "time", "shell");
      return `${(["time", "time_for_children"] as const).every((link) => linkId(scene, "shell", link) === target)}`;
    },
  },
  {
    id: "setns.time.unentered",
    before: [
      ["shell", clone("T")],
      ["T", unshare("time")],
      ["shell", open("T", "time_for_children")],
    ],
    asks: ["shell", (_, gave) => setns(Number(gave[2]), "time")],
  },
  {
    id: "setns.time.offsets.frozen",
    before: [
      ["shell", clone("T")],
      ["T", unshare("time")],
      ["shell", open("T", "time_for_children")],
      ["shell", (_, gave) => setns(Number(gave[2]), "time")],
    ],
    asks: ["T", { op: "write-timens-offsets", of: taskName("T"), text: "monotonic 1 0" }],
  },
];

const OWNED = "user:init\n  user:U by 1000\nnet:U of user:U";
const joinsUser: Step = ["shell", (fds) => setns(fds("user:U"), "user")];
const joinsNet: Step = ["shell", (fds) => setns(fds("net:U"), "net")];
const SEQUENCES: FactCase[] = [
  { id: "setns.seq.user_then_net.user", world: OWNED, before: ordinary(1000), asks: joinsUser },
  { id: "setns.seq.user_then_net.net", world: OWNED, before: [...ordinary(1000), joinsUser], asks: joinsNet },
  { id: "setns.seq.net_first", world: OWNED, before: ordinary(1000), asks: joinsNet },
  {
    id: "setns.seq.root_user_then_initowned",
    world: OWNED,
    before: [joinsUser],
    asks: ["shell", (fds) => setns(fds("uts:init"), "uts")],
  },
];

export const SETNS_PLACE_FACTS: readonly FactCase[] = [...PID, ...MNT, ...TIME, ...SEQUENCES];
