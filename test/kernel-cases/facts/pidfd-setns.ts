import { CLONE_FLAGS, CONSTANTS } from "../../../src/abi/constants.ts";
import { KINDS, type NamespaceKind } from "../../../src/abi/namespace-kinds.ts";
import { LINKS } from "../../../src/abi/proc-links.ts";
import type { FactCase, Scene, Step } from "../fact-case.ts";
import { clone, exit, open, pidfdIoctl, pidfdOpen, setns, setnsFlags, unshare } from "../script.ts";
import { cloneWith, flagOf, linkId, ordinary, secondThread, THREAD, wait, within } from "./standings.ts";

/** setns with a pidfd: sets of kinds, all of them or none. */
const FLAT = KINDS.filter((kind) => kind !== "user");
/** The pidfd that the second step gave. */
const follow = (flags: number, by = "shell"): Step => [by, (_, gave) => setnsFlags(Number(gave[1]), flags)];
/** A step that has to be refused. */
const inVain = ([caller, call]: Step): Step => [caller, call, "refusal"];
const target = (...kinds: NamespaceKind[]): Step[] => [
  ["shell", clone("T", ...kinds)],
  ["shell", pidfdOpen("T")],
];
const SIBLING = target();
const zombie: Step[] = [...SIBLING, ["T", exit]];
const reaped: Step[] = [...zombie, ["shell", wait("T")]];
const outside: Step[] = [...target("uts", "net"), within("pid:P"), ["shell", clone("inside")]];

const ENDED: FactCase[] = [
  { id: "pidfd.setns.zombie", before: zombie, asks: follow(flagOf("uts")) },
  { id: "pidfd.setns.zombie.user", before: zombie, asks: follow(flagOf("user")) },
  { id: "pidfd.setns.zombie.nobody", before: [...zombie, ...ordinary(1000)], asks: follow(flagOf("uts")) },
  { id: "pidfd.setns.reaped", before: reaped, asks: follow(flagOf("uts")) },
  { id: "pidfd.setns.reaped.badflags", before: reaped, asks: follow(0) },
  { id: "pidfd.setns.reaped.nobody", before: [...reaped, ...ordinary(1000)], asks: follow(flagOf("uts")) },
  { id: "pidfd.setns.outside.pidns", world: "pid:P", before: outside, asks: follow(flagOf("uts"), "inside") },
  { id: "pidfd.setns.outside.pidns.pid", world: "pid:P", before: outside, asks: follow(flagOf("pid"), "inside") },
  { id: "pidfd.setns.flags0", before: SIBLING, asks: follow(0) },
  { id: "pidfd.setns.flagsbad", before: SIBLING, asks: follow(flagOf("uts") | 1) },
  { id: "pidfd.setns.CLONE_FS", before: SIBLING, asks: follow(CLONE_FLAGS.CLONE_FS) },
  { id: "pidfd.setns.PIDFD_SELF", asks: ["shell", setnsFlags(-10_000, flagOf("uts"))] },
  { id: "pidfd.setns.PIDFD_SELF_TG", asks: ["shell", setnsFlags(-10_001, flagOf("uts"))] },
  {
    id: "pidfd.thread.setns",
    before: [
      ["shell", clone("T")],
      ["T", cloneWith("thread", THREAD)],
      ["thread", unshare("uts")],
      ["shell", pidfdOpen("thread", CONSTANTS.PIDFD_THREAD)],
    ],
    asks: ["shell", (_, gave) => setnsFlags(Number(gave.at(-1)), flagOf("uts"))],
  },
];

const SINGLE = KINDS.flatMap((kind): FactCase[] => [
  { id: `pidfd.setns.single.${kind}`, before: target(...FLAT), asks: follow(flagOf(kind)) },
  {
    id: `pidfd.setns.self.${kind}`,
    before: [["shell", pidfdOpen("shell")]],
    asks: ["shell", (_, gave) => setnsFlags(Number(gave[0]), flagOf(kind))],
  },
]);

/** Whether all namespaces of a task are still those of one that was cloned from it. */
const unchanged = (scene: Scene, task: string, witness: string): string =>
  `${LINKS.every((link) => linkId(scene, task, link, "shell") === linkId(scene, witness, link, "shell"))}`;
const PARTS = flagOf("uts", "net", "pid");
const SEVERAL: FactCase[] = [
  { id: "pidfd.setns.all7", before: target(...FLAT), asks: follow(flagOf(...FLAT)) },
  {
    id: "pidfd.setns.all7.effect",
    before: [...target(...FLAT), ["T", clone("member")]],
    asks: follow(flagOf(...FLAT)),
    shows: (_, scene) =>
      LINKS.filter((link) => link !== "user")
        .map((link) => `${link}=${linkId(scene, "shell", link) === linkId(scene, "T", link) ? "target" : "own"} `)
        .join(""),
  },
  { id: "pidfd.setns.all8.sameuser", before: target(...FLAT), asks: follow(flagOf(...KINDS)) },
  {
    id: "pidfd.setns.atomic.user",
    before: [...target(...FLAT), ["shell", clone("witness")], inVain(follow(flagOf(...KINDS)))],
    asks: ["shell", open("shell", "uts")],
    shows: (_, scene) => unchanged(scene, "shell", "witness"),
  },
  { id: "pidfd.setns.partial", world: "pid:P", before: outside, asks: follow(PARTS, "inside") },
  {
    id: "pidfd.setns.partial.atomic",
    world: "pid:P",
    before: [...outside, ["inside", clone("witness")], inVain(follow(PARTS, "inside"))],
    asks: ["shell", open("inside", "uts")],
    shows: (_, scene) => unchanged(scene, "inside", "witness"),
  },
];

/** Uid 1000 without capabilities, and a process of its own in a user namespace that owns some of the other ones. */
const owner = (...kinds: NamespaceKind[]): Step[] => [...ordinary(1000), ...target("user", ...kinds)];
const ofOwner = (id: string, flags: number, before: readonly Step[] = []): FactCase => ({
  id: `pidfd.setns.owner.${id}`,
  before: [...owner("net", "uts", "ipc", "cgroup", "mnt"), ...before],
  asks: ["shell", (_, gave) => setnsFlags(Number(gave[GAVE_PIDFD]), flags)],
});
/** The steps that make an ordinary user give something too. */
const GAVE_PIDFD = ordinary(1000).length + 1;
const OWNER: FactCase[] = [
  ofOwner("net", flagOf("net")),
  ofOwner("user", flagOf("user")),
  ofOwner("user_net_uts_ipc", flagOf("user", "net", "uts", "ipc", "cgroup")),
  ofOwner("user_mnt", flagOf("user", "mnt")),
  ofOwner("user_time", flagOf("user", "time")),
  ofOwner("user_pid_initpid", flagOf("user", "pid")),
  ofOwner("nondumpable", flagOf("user"), [["T", { op: "set-dumpable", dumpable: false }]]),
  { ...ofOwner("user_time_pid", flagOf("user", "time", "pid", "net")), before: owner("time", "pid", "net") },
  { ...ofOwner("mt", flagOf("user", "net")), before: [...owner("time", "pid", "net"), secondThread()] },
  {
    id: "pidfd.setns.noptrace",
    before: [...SIBLING, ...ordinary(1000, "T"), ...ordinary(65534)],
    asks: follow(flagOf("user")),
  },
];

/** A file of a pid namespace that nobody has been in yet, which a pidfd gives. */
const unborn: Step[] = [
  ...SIBLING,
  ["T", unshare("pid")],
  ["shell", (_, gave) => pidfdIoctl(Number(gave[1]), "PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE")],
];
const joinUnborn: Step = ["shell", (_, gave) => setns(Number(gave[3]), "pid")];
const UNBORN: FactCase[] = [
  { id: "pidfd.pfc.noinit.setns", before: unborn, asks: joinUnborn },
  { id: "pidfd.pfc.noinit.fork", before: [...unborn, joinUnborn], asks: ["shell", clone("child")] },
];

export const PIDFD_SETNS_FACTS: readonly FactCase[] = [...ENDED, ...SINGLE, ...SEVERAL, ...OWNER, ...UNBORN];
