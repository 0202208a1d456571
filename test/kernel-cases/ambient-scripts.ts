import { ALL_CAPABILITIES, capBit, type Capability } from "../../src/abi/capabilities.ts";
import { CONSTANTS } from "../../src/abi/constants.ts";
import { taskName, type Call, type Value } from "../../src/kernel/call.ts";
import {
  clone,
  open,
  refused,
  setns,
  setresgid,
  setresuid,
  SHELL,
  unshare,
  write,
  type Line,
  type Script,
} from "./script.ts";

/** The ambient set, the file system ids, and what is left of capabilities where ids change and programs start. */
const BOX = "box";
const NET: Capability = "CAP_NET_ADMIN";
const exec: Call = { op: "exec" };
const ambient = (what: "raise" | "lower" | "is-set", capability: Capability = NET): Call => ({
  op: "ambient",
  what,
  capability,
});
const clear: Call = { op: "clear-ambient" };
const keepCaps = (keep: boolean): Call => ({ op: "set-keep-caps", keep });
const securebits = (bits: number): Call => ({ op: "set-securebits", bits });
const setOf = (names: readonly Capability[]): bigint => names.reduce((set, name) => set | capBit(name), 0n);
/** The same set effective and permitted; the second one is what may be inherited. */
const capset = (held: readonly Capability[] | "all", inheritable: readonly Capability[]): Call => {
  const set = held === "all" ? ALL_CAPABILITIES : setOf(held);
  return { op: "capset", effective: set, permitted: set, inheritable: setOf(inheritable) };
};
const capget = (of: string): Call => ({ op: "capget", of: taskName(of) });
const sets = (effective: bigint, permitted: bigint, inheritable: bigint): { reads: Value } => ({
  reads: { capabilities: { effective, permitted, inheritable } },
});
const one = capBit(NET);
const { SECBIT_KEEP_CAPS, SECBIT_NO_CAP_AMBIENT_RAISE, SECBIT_NO_SETUID_FIXUP, SECBIT_NOROOT } = CONSTANTS;

/** Root of a user namespace with ten uids and gids, which has one capability that may be inherited. */
const IN_BOX: readonly Line[] = [
  [SHELL, clone(BOX, "user"), "done"],
  [SHELL, write(BOX, "uid_map", "0 0 10"), 6],
  [SHELL, write(BOX, "gid_map", "0 0 10"), 6],
  [BOX, capset("all", [NET]), 0],
];
const AMBIENT: readonly Line[] = [...IN_BOX, [BOX, ambient("raise"), 0]];
/** The same as an ordinary user of it, who kept that one capability and those over ids. */
const ORDINARY: readonly Line[] = [
  ...IN_BOX,
  [BOX, keepCaps(true), 0],
  [BOX, setresgid(5), 0],
  [BOX, setresuid(5), 0],
  [BOX, capset([NET, "CAP_SETUID", "CAP_SETGID"], [NET]), 0],
  [BOX, ambient("raise"), 0],
];

const SETS: readonly Script[] = [
  {
    title: "the ambient set grows by what is permitted and inheritable, unless a securebit keeps it from that",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, ambient("raise", "CAP_CHOWN"), refused("EPERM", "ambient-beyond-inheritable")],
      [BOX, ambient("is-set"), 0],
      [BOX, ambient("raise"), 0],
      [BOX, ambient("is-set"), 1],
      [BOX, ambient("lower"), 0],
      [BOX, ambient("is-set"), 0],
      [BOX, ambient("raise"), 0],
      [BOX, clear, 0],
      [BOX, ambient("is-set"), 0],
      [BOX, securebits(SECBIT_NO_CAP_AMBIENT_RAISE), 0],
      [BOX, ambient("raise"), refused("EPERM", "ambient-may-not-grow")],
      [BOX, ambient("lower"), 0],
      [BOX, securebits(0), 0],
      [BOX, capset([], [NET]), 0],
      [BOX, ambient("raise"), refused("EPERM", "ambient-beyond-permitted")],
    ],
  },
  {
    title: "what capset takes from the permitted or the inheritable set leaves the ambient one too",
    uid: 0,
    lines: [
      ...AMBIENT,
      [BOX, capset("all", []), 0],
      [BOX, ambient("is-set"), 0],
      [BOX, capset("all", [NET]), 0],
      [BOX, ambient("raise"), 0],
      [BOX, { op: "drop-bounding", capability: NET }, 0],
      [BOX, ambient("is-set"), 1],
      [BOX, capset(["CAP_SETPCAP"], [NET]), 0],
      [BOX, ambient("is-set"), 0],
    ],
  },
  {
    title: "anybody may ask for anybody's capabilities, by a number",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, capset([NET], [NET]), 0],
      [SHELL, capget(BOX), sets(one, one, one)],
      [SHELL, clone("other"), "done"],
      ["other", setresuid(1000), 0],
      ["other", capget(BOX), sets(one, one, one)],
      ["other", capget("other"), sets(0n, 0n, 0n)],
      [SHELL, clone("inside", "pid"), "done"],
      ["inside", capget(BOX), refused("ESRCH", "no-such-process")],
    ],
  },
];

const IDS: readonly Script[] = [
  {
    title: "leaving uid 0 ends the ambient set, even where the permitted capabilities are kept",
    uid: 0,
    lines: [
      ...AMBIENT,
      [BOX, keepCaps(true), 0],
      [BOX, setresuid({ real: -1, effective: 5, saved: -1 }), 0],
      [BOX, ambient("is-set"), 1],
      [BOX, setresuid(5), 0],
      [BOX, ambient("is-set"), 0],
      [BOX, capget(BOX), sets(0n, ALL_CAPABILITIES, one)],
      [BOX, ambient("raise"), 0],
    ],
  },
  {
    title: "with SECBIT_NO_SETUID_FIXUP a change of ids leaves all sets alone",
    uid: 0,
    lines: [
      ...AMBIENT,
      [BOX, securebits(SECBIT_NO_SETUID_FIXUP), 0],
      [BOX, setresuid(5), 0],
      [BOX, ambient("is-set"), 1],
      [BOX, capget(BOX), sets(ALL_CAPABILITIES, ALL_CAPABILITIES, one)],
      [BOX, { op: "setfsuid", id: 6 }, 5],
      [BOX, capget(BOX), sets(ALL_CAPABILITIES, ALL_CAPABILITIES, one)],
    ],
  },
  {
    title: "a locked SECBIT_KEEP_CAPS cannot be set by prctl either",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, keepCaps(true), 0],
      [BOX, { op: "get-securebits" }, SECBIT_KEEP_CAPS],
      [BOX, keepCaps(false), 0],
      [BOX, securebits(SECBIT_KEEP_CAPS << 1), 0],
      [BOX, keepCaps(true), refused("EPERM", "securebits-locked")],
      [BOX, keepCaps(false), refused("EPERM", "securebits-locked")],
    ],
  },
  {
    title: "the file system uid takes the capabilities over files along, the file system gid none",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, capset([NET, "CAP_CHOWN", "CAP_SETUID", "CAP_SETGID"], []), 0],
      [BOX, { op: "setfsgid", id: 5 }, 0],
      [BOX, { op: "setfsgid", id: 5 }, 5],
      [BOX, capget(BOX), sets(...both([NET, "CAP_CHOWN", "CAP_SETUID", "CAP_SETGID"]), 0n)],
      [BOX, { op: "setfsuid", id: 5 }, 0],
      [
        BOX,
        capget(BOX),
        sets(setOf([NET, "CAP_SETUID", "CAP_SETGID"]), setOf([NET, "CAP_CHOWN", "CAP_SETUID", "CAP_SETGID"]), 0n),
      ],
      [BOX, { op: "setfsuid", id: 0 }, 5],
      [BOX, capget(BOX), sets(...both([NET, "CAP_CHOWN", "CAP_SETUID", "CAP_SETGID"]), 0n)],
    ],
  },
  {
    title: "the file system gid may be any that one has, with CAP_SETGID any that is mapped",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, { op: "setfsgid", id: 20 }, 0],
      [BOX, { op: "setfsgid", id: 5 }, 0],
      [BOX, capset([], []), 0],
      [BOX, { op: "setfsgid", id: 6 }, 5],
      [BOX, { op: "setfsgid", id: 0 }, 5],
      [BOX, { op: "setfsgid", id: 5 }, 0],
      [BOX, setresgid(-1), 0],
      [BOX, { op: "setfsgid", id: 0 }, 0],
    ],
  },
  {
    title:
      "setresgid(-1, -1, -1) leaves the file system gid alone, and one that names the effective gid takes it along",
    uid: 0,
    lines: [
      [SHELL, { op: "setfsgid", id: 5 }, 0],
      [SHELL, setresgid(-1), 0],
      [SHELL, { op: "setfsgid", id: 5 }, 5],
      [SHELL, setresgid({ real: -1, effective: 0, saved: -1 }), 0],
      [SHELL, { op: "setfsgid", id: 0 }, 0],
    ],
  },
];

const PROGRAMS: readonly Script[] = [
  {
    title: "execve keeps the ambient set: it is what an ordinary user has afterwards",
    uid: 0,
    lines: [...ORDINARY, [BOX, exec, 0], [BOX, capget(BOX), sets(one, one, one)], [BOX, ambient("is-set"), 1]],
  },
  {
    title: "execve under no_new_privs keeps the ambient set too",
    uid: 0,
    lines: [...ORDINARY, [BOX, { op: "set-no-new-privs" }, 0], [BOX, exec, 0], [BOX, capget(BOX), sets(one, one, one)]],
  },
  {
    title: "execve gives root more than the ambient set; with SECBIT_NOROOT the ambient set alone",
    uid: 0,
    lines: [
      ...AMBIENT,
      [BOX, exec, 0],
      [BOX, capget(BOX), sets(ALL_CAPABILITIES, ALL_CAPABILITIES, one)],
      [BOX, ambient("is-set"), 1],
      [BOX, securebits(SECBIT_NOROOT), 0],
      [BOX, exec, 0],
      [BOX, capget(BOX), sets(one, one, one)],
    ],
  },
  {
    title: "execve by whose real uid alone is 0: all is permitted, the ambient set effective",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, setresuid({ real: -1, effective: 5, saved: -1 }), 0],
      [BOX, ambient("raise"), 0],
      [BOX, exec, 0],
      [BOX, capget(BOX), sets(one, ALL_CAPABILITIES, one)],
    ],
  },
  {
    title: "execve takes an effective gid that is neither the file system gid nor a group for a new one",
    uid: 0,
    lines: [
      ...ORDINARY,
      [BOX, { op: "setfsgid", id: 6 }, 5],
      [BOX, exec, 0],
      [BOX, capget(BOX), sets(0n, 0n, one)],
      [BOX, ambient("is-set"), 0],
    ],
  },
  {
    title: "execve under no_new_privs takes such a gid back to the real one; a group that one has is none",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, clone("member"), "done"],
      ["member", { op: "setgroups", groups: [6] }, 0],
      ["member", setresgid({ real: 5, effective: 6, saved: 5 }), 0],
      ["member", { op: "setfsgid", id: 5 }, 6],
      ["member", { op: "set-no-new-privs" }, 0],
      ["member", exec, 0],
      ["member", { op: "getresgid" }, { reads: { ids: { real: 5, effective: 6, saved: 6 } } }],
      [BOX, { op: "setgroups", groups: [] }, 0],
      [BOX, setresgid({ real: 5, effective: 6, saved: 5 }), 0],
      [BOX, { op: "setfsgid", id: 5 }, 6],
      [BOX, { op: "set-no-new-privs" }, 0],
      [BOX, exec, 0],
      [BOX, { op: "getresgid" }, { reads: { ids: { real: 5, effective: 5, saved: 5 } } }],
    ],
  },
  {
    title: "a user namespace, made or joined, begins without an ambient set and without securebits",
    uid: 0,
    lines: [
      ...AMBIENT,
      [BOX, securebits(SECBIT_KEEP_CAPS | SECBIT_NO_SETUID_FIXUP), 0],
      [BOX, clone("maker"), "done"],
      [BOX, clone("joiner"), "done"],
      ["maker", unshare("user"), 0],
      ["maker", ambient("is-set"), 0],
      ["maker", { op: "get-securebits" }, 0],
      ["maker", capget("maker"), sets(ALL_CAPABILITIES, ALL_CAPABILITIES, 0n)],
      ["joiner", open("maker", "user"), 0],
      ["joiner", setns(0, "user"), 0],
      ["joiner", ambient("is-set"), 0],
      ["joiner", { op: "get-securebits" }, 0],
      [BOX, ambient("is-set"), 1],
    ],
  },
];

function both(names: readonly Capability[]): readonly [bigint, bigint] {
  return [setOf(names), setOf(names)];
}

export const AMBIENT_SCRIPTS: readonly Script[] = [...SETS, ...IDS, ...PROGRAMS];
