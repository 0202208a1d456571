import { CLONE_FLAGS, CONSTANTS } from "../../../src/abi/constants.ts";
import { taskName } from "../../../src/kernel/call.ts";
import type { Clone3Arguments } from "../../../src/rules/clone3-arguments.ts";
import type { FactCase, Step } from "../fact-case.ts";
import { capset, clone, exit, unshare } from "../script.ts";
import { cloneWith, flagOf, ordinary, wait, within, writeSysctl } from "./standings.ts";

/** clone3's struct, its flags, and the numbers that a child is wished to have. */
const { CLONE_FS, CLONE_PARENT, CLONE_SIGHAND, CLONE_THREAD, CLONE_SYSVSEM, CLONE_DETACHED } = CLONE_FLAGS;
const NEWTIME = flagOf("time");
const BIT_40 = 2 ** 40;

const flags = (id: string, value: number, before: readonly Step[] = []): FactCase => ({
  id: `create.clone3.${id}`,
  before,
  asks: ["shell", cloneWith("child", value)],
});
const struct = (id: string, args: Clone3Arguments): FactCase => ({
  id: `create.${id}`,
  asks: ["shell", cloneWith("child", 0, args)],
});

const FLAGS: FactCase[] = [
  flags("NEWNS|FS", flagOf("mnt") | CLONE_FS),
  flags("NEWUSER|FS", flagOf("user") | CLONE_FS),
  flags("NEWIPC|SYSVSEM", flagOf("ipc") | CLONE_SYSVSEM),
  flags("THREAD_no_SIGHAND", CLONE_THREAD),
  flags("SIGHAND_no_VM", CLONE_SIGHAND),
  flags("bits.CSIGNAL", 0x11),
  flags("DETACHED", CLONE_DETACHED),
  flags("hi", BIT_40),
  flags("nocap.invalid", flagOf("mnt") | CLONE_FS, ordinary(1000)),
  flags("nocap.ipc_sysvsem", flagOf("ipc") | CLONE_SYSVSEM, ordinary(1000)),
  flags("user.unmapped", flagOf("user"), [["shell", unshare("user")]]),
  {
    id: "create.clone3.PARENT.by_pid1",
    before: [["shell", clone("first", "pid")]],
    asks: ["first", cloneWith("sibling", CLONE_PARENT)],
  },
  {
    id: "create.clone.legacy_0x80",
    asks: ["shell", { op: "legacy-clone", as: taskName("child"), flags: NEWTIME | CONSTANTS.SIGCHLD }],
  },
];

const STRUCT: FactCase[] = [
  struct("clone3.size56", { size: 56 }),
  struct("clone3.size64", { size: 64 }),
  struct("clone3.size5000", { size: 5000 }),
  struct("clone3.tail", { size: 96, junkBehind: true }),
  struct("settid.zero", { setTid: [0] }),
  struct("settid.neg", { setTid: [-5] }),
  struct("settid.exists", { setTid: [1] }),
  struct("settid.toomany", { setTid: [29999, 29999] }),
  struct("settid.size33", { setTid: Array.from({ length: 33 }, () => 1) }),
  struct("settid.sizeonly", { setTidSize: 1 }),
  struct("settid.ptronly", { setTid: [29999], setTidSize: 0 }),
  struct("settid.efault", { setTid: "bad-address", setTidSize: 1 }),
];

/**
 * A number that is free, and stays so for a while: one that a process has just given back, for the kernel goes round.
 * (The facts name numbers of the machine they were measured on.)
 */
const free: Step[] = [
  ["shell", clone("before")],
  ["before", exit],
  ["shell", wait("before")],
];
const given = (gave: readonly unknown[]): number => Number(gave[2]);

/** The child is to have `numbers`, where "free" stands for the one given back. */
function wish(
  id: string,
  numbers: readonly (number | "free")[],
  where: { by?: string; kinds?: number; before?: readonly Step[]; world?: string } = {},
): FactCase {
  const { by = "shell", kinds = 0, before = [], world } = where;
  return {
    id: `create.settid.${id}`,
    ...(world === undefined ? {} : { world }),
    before: [...free, ...before],
    asks: [
      by,
      (_, gave) => cloneWith("child", kinds, { setTid: numbers.map((one) => (one === "free" ? given(gave) : one)) }),
    ],
  };
}

const PID = flagOf("pid");
const USER_PID = flagOf("user", "pid");
/** pid:P belongs to user:U. */
const IN_U = "user:init\n  user:U\npid:P of user:U";
const inP: Step[] = [within("user:U"), within("pid:P"), ["shell", clone("inside")]];

const inSmallP: Step[] = [within("pid:P"), ["shell", clone("inside")], ["inside", writeSysctl("pid_max", 32768)]];

const SET_TID: FactCase[] = [
  wish("root", ["free"]),
  // The greatest of all, and one more: in a pid namespace that is ours alone, where it is certainly free.
  wish("max1", [32767], { world: "pid:P", before: inSmallP, by: "inside" }),
  wish("max", [32768], { world: "pid:P", before: inSmallP, by: "inside" }),
  wish("newpid.1", [1], { kinds: PID }),
  wish("newpid.7", [7], { kinds: PID }),
  wish("newpid.1.29998", [1, "free"], { kinds: PID }),
  wish("nocap", ["free"], { before: ordinary(1000) }),
  wish("nocap.invalid", [0], { before: ordinary(1000) }),
  wish("nocap.exists", [1], { before: ordinary(1000) }),
  wish("cap_cr", ["free"], { before: [["shell", capset("CAP_CHECKPOINT_RESTORE")]] }),
  wish("cap_sysadmin", ["free"], { before: [["shell", capset("CAP_SYS_ADMIN")]] }),
  wish("userns.own", [50], { world: IN_U, before: inP, by: "inside" }),
  wish("userns.both", [51, "free"], { world: IN_U, before: inP, by: "inside" }),
  wish("userns.initpid", ["free"], { world: IN_U, before: [within("user:U")] }),
  wish("userns.newpid", [1], { world: IN_U, before: [within("user:U")], kinds: PID }),
  wish("userns.newpid2", [1, "free"], { world: IN_U, before: [within("user:U")], kinds: PID }),
  wish("unshared.nochild7", [7], { before: [["shell", unshare("pid")]] }),
  wish("unshared.nochild1", [1], { before: [["shell", unshare("pid")]] }),
  wish("unpriv.newuser_newpid", [1], { before: ordinary(1000), kinds: USER_PID }),
  wish("unpriv.newuser_newpid2", [1, "free"], { before: ordinary(1000), kinds: USER_PID }),
];

export const CREATE_CLONE3_FACTS: readonly FactCase[] = [...FLAGS, ...STRUCT, ...SET_TID];
