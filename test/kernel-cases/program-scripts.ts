import { ALL_CAPABILITIES, capBit, type Capability } from "../../src/abi/capabilities.ts";
import { CLONE_FLAGS, CONSTANTS } from "../../src/abi/constants.ts";
import { taskName, type Call } from "../../src/kernel/call.ts";
import { clone, setresgid, setresuid, SHELL, write, type Line, type Script } from "./script.ts";

/** What a program begins with: which ids, which capabilities and which securebits, one thing at a time. */
const BOX = "box";
const exec: Call = { op: "exec" };
const ids = (real: number, effective: number, saved: number): Call => setresuid({ real, effective, saved });
const setOf = (...names: Capability[]): bigint => names.reduce((set, name) => set | capBit(name), 0n);
const capset = (effective: bigint, permitted: bigint, inheritable = 0n): Call => ({
  op: "capset",
  effective,
  permitted,
  inheritable,
});
const dropped: Line = [BOX, { op: "drop-bounding", capability: "CAP_KILL" }, 0];
const noNewPrivs: Line = [BOX, { op: "set-no-new-privs" }, 0];
const has = (effective: bigint, permitted: bigint, inheritable = 0n): Line => [
  BOX,
  { op: "capget", of: taskName(BOX) },
  { reads: { capabilities: { effective, permitted, inheritable } } },
];
const is = (real: number, effective: number): Line => [
  BOX,
  { op: "getresuid" },
  { reads: { ids: { real, effective, saved: effective } } },
];
const IN_BOX: readonly Line[] = [
  [SHELL, clone(BOX, "user"), "done"],
  [SHELL, write(BOX, "uid_map", "0 0 10"), 6],
  [SHELL, write(BOX, "gid_map", "0 0 10"), 6],
];
const ALL = ALL_CAPABILITIES;
const KILL = setOf("CAP_KILL");
const NET = setOf("CAP_NET_ADMIN");
const { SECBIT_KEEP_CAPS, SECBIT_NO_SETUID_FIXUP } = CONSTANTS;

export const PROGRAM_SCRIPTS: readonly Script[] = [
  {
    title: "execve looks at the effective and the real uid; the one for files goes back to the effective one",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, ids(5, 0, 5), 0],
      [BOX, { op: "setfsuid", id: 5 }, 0],
      [BOX, capset(NET, NET), 0],
      [BOX, exec, 0],
      is(5, 0),
      has(ALL, ALL),
      [BOX, { op: "setfsuid", id: 0 }, 0],
    ],
  },
  {
    title: "execve gives uid 0 what it may inherit though it is no longer in the bounding set",
    uid: 0,
    lines: [...IN_BOX, [BOX, capset(ALL, ALL, KILL), 0], dropped, [BOX, exec, 0], has(ALL, ALL, KILL)],
  },
  {
    title: "execve leaves uid 0 without what is permitted but neither inheritable nor in the bounding set",
    uid: 0,
    lines: [...IN_BOX, dropped, [BOX, exec, 0], has(ALL & ~KILL, ALL & ~KILL)],
  },
  {
    title: "under no_new_privs uid 0 keeps of what it would get what was permitted, effective or not",
    uid: 0,
    lines: [...IN_BOX, dropped, [BOX, capset(0n, KILL | NET), 0], noNewPrivs, [BOX, exec, 0], has(NET, NET)],
  },
  {
    title: "who gains nothing beyond what is permitted keeps its ids under no_new_privs, with nothing effective too",
    uid: 0,
    lines: [...IN_BOX, [BOX, ids(5, 0, 5), 0], [BOX, capset(0n, ALL), 0], noNewPrivs, [BOX, exec, 0], is(5, 0)],
  },
  {
    title: "whose root is shared goes back to its real ids unless CAP_SETUID is effective: permitted will not do",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, { op: "clone", as: taskName("sharer"), flags: CLONE_FLAGS.CLONE_FS }, "done"],
      [BOX, ids(5, 0, 5), 0],
      [BOX, capset(0n, setOf("CAP_SETUID")), 0],
      [BOX, exec, 0],
      is(5, 5),
    ],
  },
  {
    title: "execve ends SECBIT_KEEP_CAPS and no other securebit",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, { op: "set-securebits", bits: SECBIT_KEEP_CAPS | SECBIT_NO_SETUID_FIXUP }, 0],
      [BOX, setresgid(5), 0],
      [BOX, exec, 0],
      [BOX, { op: "get-securebits" }, SECBIT_NO_SETUID_FIXUP],
    ],
  },
];
