import { KINDS, type NamespaceKind } from "../../../src/abi/namespace-kinds.ts";
import { taskName } from "../../../src/kernel/call.ts";
import type { FactCase, Scene, Step } from "../fact-case.ts";
import { capset, clone, setresuid, unshare, write } from "../script.ts";
import {
  linkId,
  ordinary,
  readSysctl,
  secondThread,
  unshareFlags,
  withoutCapabilities,
  writeSysctl,
} from "./standings.ts";

/** The limits of each user namespace, who is charged, and which refusal comes first. */
/** A user namespace of the case's own, whose limits nobody else feels: shell is root in it. */
const fresh: Step[] = [["shell", unshare("user")], ...mapped("shell")];

function mapped(task: string): Step[] {
  return [
    [task, write(task, "uid_map", "0 0 1")],
    [task, write(task, "setgroups", "deny")],
    [task, write(task, "gid_map", "0 0 1")],
  ];
}
const none = (kind: NamespaceKind, task = "shell"): Step => [task, writeSysctl(`max_${kind}_namespaces`, 0)];
const all = (kind: NamespaceKind, limit: number, task = "shell"): Step => [
  task,
  writeSysctl(`max_${kind}_namespaces`, limit),
];
const OTHERS = KINDS.filter((kind) => kind !== "user");

const zero: FactCase[] = [
  ...KINDS.map((kind): FactCase => ({
    id: `create.limit.zero.${kind}`,
    before: [...fresh, none(kind)],
    asks: ["shell", unshare(kind)],
  })),
  ...OTHERS.map((kind): FactCase => ({
    id: `create.limit.zero.descendant.${kind}`,
    before: [...fresh, none(kind), ["shell", unshare("user")]],
    asks: ["shell", unshare(kind)],
  })),
];

const files: FactCase[] = [
  { id: "create.limit.write", before: fresh, asks: ["shell", writeSysctl("max_user_namespaces", 0)] },
  { id: "create.limit.neg", before: fresh, asks: ["shell", writeSysctl("max_uts_namespaces", -1)] },
  { id: "create.limit.write.nobody", before: ordinary(1000), asks: ["shell", writeSysctl("max_net_namespaces", 5)] },
  {
    id: "create.limit.nocap",
    before: [...fresh, withoutCapabilities()],
    asks: ["shell", writeSysctl("max_uts_namespaces", 5)],
  },
  {
    id: "create.limit.default",
    before: fresh,
    asks: ["shell", readSysctl("max_uts_namespaces")],
    // The fact shows the newline of the file as a program prints it.
    shows: (limit) => `${Number(limit)}\\n`,
  },
];

/** shell is root of user:U, of which two uts namespaces are alive and no more allowed. */
const two: Step[] = [
  ["shell", clone("maker")],
  ["maker", unshare("user")],
  ["shell", write("maker", "uid_map", "0 0 65536")],
  ["shell", write("maker", "gid_map", "0 0 65536")],
  all("uts", 2, "maker"),
  ["maker", clone("one", "uts")],
  ["maker", clone("two", "uts")],
];
const counted: FactCase[] = [
  { id: "create.limit.two.third", before: two, asks: ["maker", clone("three", "uts")] },
  {
    id: "create.limit.otheruid.nocap",
    before: [...two, ["maker", setresuid(5)]],
    asks: ["maker", unshare("uts")],
  },
  {
    // Capabilities are kept where the effective uid alone changes back and forth: uid 0 stays real, and CAP_SYS_ADMIN is
    // raised again from the permitted set.
    id: "create.limit.otheruid",
    before: [...two, ["maker", setresuid({ real: 0, effective: 5, saved: 0 })], ["maker", capset("CAP_SYS_ADMIN")]],
    asks: ["maker", unshare("uts")],
  },
];

/**
 * A permits one uts namespace for each of its uids. B and C are children of A; B is owned by A's uid 0, C by A's uid 5.
 */
const tree: Step[] = [
  ["shell", clone("a")],
  ["a", unshare("user")],
  ["shell", write("a", "uid_map", "0 0 65536")],
  ["shell", write("a", "gid_map", "0 0 65536")],
  all("uts", 1, "a"),
  ["a", clone("b", "user")],
];
const charged: FactCase[] = [
  { id: "create.ucount.b1", before: tree, asks: ["b", unshare("uts")] },
  { id: "create.ucount.a0", before: [...tree, ["b", unshare("uts")]], asks: ["a", unshare("uts")] },
  {
    id: "create.ucount.c5",
    before: [
      ...tree,
      ["b", unshare("uts")],
      ["a", clone("five")],
      ["five", setresuid(5)],
      ["five", { op: "set-dumpable", dumpable: true }],
      ["five", clone("c", "user")],
    ],
    asks: ["c", unshare("uts")],
  },
  { id: "create.ucount.b.samereplace", before: [...tree, ["b", unshare("uts")]], asks: ["b", unshare("uts")] },
];

const chrooted: Step = ["shell", { op: "chroot", path: "/tmp" }];
/** Whether links lead where they led, though `attempt` failed in between. */
function unchanged(
  links: readonly NamespaceKind[],
  attempt: (scene: Scene) => unknown,
): NonNullable<FactCase["shows"]> {
  return (_, scene) => {
    const look = (): string => links.map((link) => linkId(scene, "shell", link)).join(" ");
    const before = look();
    if (typeof attempt(scene) !== "string") throw new Error("the call that should fail has not failed");
    return String(look() === before);
  };
}
const rollback = (id: string, links: readonly NamespaceKind[], flags: readonly NamespaceKind[]): FactCase => ({
  id,
  before: [...fresh, none("net")],
  asks: ["shell", unshareFlags(0)],
  shows: unchanged(links, (scene) => scene.call("shell", unshare(...flags))),
});

const order: FactCase[] = [
  {
    id: "create.order.limit_vs_chroot",
    before: [...fresh, none("user"), chrooted],
    asks: ["shell", unshare("user")],
  },
  {
    id: "create.order.limit_vs_mt",
    before: [...fresh, none("user"), secondThread()],
    asks: ["shell", unshare("user")],
  },
  {
    id: "create.order.rollback",
    before: [...fresh, none("net")],
    asks: ["shell", unshare("uts", "mnt", "net")],
  },
  rollback("create.order.rollback.state", ["uts", "user", "mnt"], ["uts", "mnt", "net"]),
  { id: "create.order.rollback.user", before: [...fresh, none("net")], asks: ["shell", unshare("user", "net")] },
  rollback("create.order.rollback.user.state", ["user"], ["user", "net"]),
  {
    id: "create.order.pid_einval_vs_eperm",
    before: [["shell", unshare("pid")], withoutCapabilities()],
    asks: ["shell", unshare("pid")],
  },
  {
    id: "create.order.pid_einval_vs_enospc.enospc",
    before: [...fresh, none("pid")],
    asks: ["shell", unshare("pid")],
  },
  {
    id: "create.order.eperm_vs_enospc",
    before: [...fresh, none("net"), withoutCapabilities()],
    asks: ["shell", unshare("net")],
  },
  {
    id: "create.order.user_pid_einval",
    before: [["shell", unshare("pid")]],
    asks: ["shell", unshare("user", "pid")],
  },
  {
    id: "create.order.user_pid_einval.rollback",
    before: [["shell", unshare("pid")]],
    asks: ["shell", unshareFlags(0)],
    shows: unchanged(["user"], (scene) => scene.call("shell", unshare("user", "pid"))),
  },
];

/** Before Linux 6.14 pid_max is one number for the whole machine, and its other processes have some of those below. */
const pidMax: FactCase[] = [
  { id: "create.pidmax.write", ...inside(), asks: ["inside", writeSysctl("pid_max", 305)] },
  {
    id: "create.pidmax.parent",
    ...inside(),
    asks: ["inside", writeSysctl("pid_max", 305)],
    shows: (_, scene) => String(scene.call("shell", readSysctl("pid_max")) === 32768),
  },
  {
    id: "create.pidmax.exhaust",
    needs: "pid-max-by-namespace",
    ...inside([["inside", writeSysctl("pid_max", 305)], ...fill(303)]),
    asks: ["inside", clone("last")],
  },
  {
    id: "create.pidmax.settid",
    ...inside([["inside", writeSysctl("pid_max", 305)]]),
    asks: ["inside", { op: "clone", as: taskName("child"), flags: 0, args: { setTid: [305] } }],
  },
];

/** "inside" is the first process of a pid namespace of its own. */
function inside(further: readonly Step[] = []): Pick<FactCase, "before" | "apart"> {
  return { apart: true, before: [["shell", clone("inside", "pid")], ...further] };
}
/** Zombies keep their numbers: nobody waits for them. */
function fill(count: number): Step[] {
  return Array.from({ length: count }, (_, at) => `zombie-${at}`).flatMap((name): Step[] => [
    ["inside", clone(name)],
    [name, { op: "exit" }],
  ]);
}

export const CREATE_LIMIT_FACTS: readonly FactCase[] = [...zero, ...files, ...counted, ...charged, ...order, ...pidMax];
