import { CONSTANTS } from "../../src/abi/constants.ts";
import { taskName, type Call, type ThreeIds } from "../../src/kernel/call.ts";
import { cloneWith, THREAD } from "./facts/standings.ts";
import {
  capset,
  clone,
  dumpable,
  open,
  pidfdOpen,
  refused,
  setns,
  setresgid,
  setresuid,
  SHELL,
  type Line,
  type Script,
} from "./script.ts";

/** Who may look at a process and who may end it, one id and one set of capabilities at a time. */
const [MINE, OTHER, THIRD] = [1000, 2000, 3000];
const mineBut = (other: Partial<ThreeIds>): ThreeIds => ({ real: MINE, effective: MINE, saved: MINE, ...other });
const otherBut = (mine: Partial<ThreeIds>): ThreeIds => ({ real: OTHER, effective: OTHER, saved: OTHER, ...mine });
const fs = (op: "setfsuid" | "setfsgid", id: number): Call => ({ op, id });
const user = (name: string, uids: ThreeIds, gids: ThreeIds = uids): readonly Line[] => [
  [SHELL, clone(name), "done"],
  [name, setresgid(gids), 0],
  [name, setresuid(uids), 0],
  [name, dumpable, 0],
];
const CURRENT = refused("EINVAL", "user-namespace-is-current");

/** The reader is MINE in all ids; of each of these one id is another, or only one that does not count. */
const ALL_MINE = mineBut({});
const TARGETS: readonly (readonly [string, uids: ThreeIds, gids: ThreeIds])[] = [
  ["ruid", mineBut({ real: OTHER }), ALL_MINE],
  ["euid", mineBut({ effective: OTHER }), ALL_MINE],
  ["suid", mineBut({ saved: OTHER }), ALL_MINE],
  ["rgid", ALL_MINE, mineBut({ real: OTHER })],
  ["egid", ALL_MINE, mineBut({ effective: OTHER })],
  ["sgid", ALL_MINE, mineBut({ saved: OTHER })],
];
const OTHERS = refused("EACCES", "process-of-another-user");

const LOOKS: readonly Script[] = [
  {
    title: "whoever looks at a process needs its real, effective and saved ids, all six",
    uid: 0,
    lines: [
      ...user("reader", ALL_MINE),
      ...TARGETS.flatMap(([name, uids, gids]): readonly Line[] => [
        ...user(name, uids, gids),
        ["reader", open(name, "net"), OTHERS],
      ]),
    ],
  },
  {
    title: "the ids for files of the process looked at do not matter",
    uid: 0,
    lines: [
      ...user("reader", ALL_MINE),
      [SHELL, clone("one"), "done"],
      ["one", { op: "set-securebits", bits: CONSTANTS.SECBIT_KEEP_CAPS }, 0],
      ["one", setresgid(MINE), 0],
      ["one", setresuid(MINE), 0],
      ["one", capset("CAP_SETUID", "CAP_SETGID"), 0],
      ["one", fs("setfsuid", OTHER), MINE],
      ["one", fs("setfsgid", OTHER), MINE],
      ["one", capset(), 0],
      ["one", dumpable, 0],
      ["reader", open("one", "net"), 0],
    ],
  },
  {
    title: "links under /proc look at the reader's ids for files, setns with a pidfd at its real ones",
    uid: 0,
    lines: [
      ...user("target", ALL_MINE),
      ...user("fs", otherBut({ saved: MINE })),
      ["fs", fs("setfsuid", MINE), OTHER],
      ["fs", fs("setfsgid", MINE), OTHER],
      ["fs", open("target", "net"), 0],
      ["fs", pidfdOpen("target"), 1],
      ["fs", setns(1, "user"), refused("EPERM", "process-of-another-user")],
      ...user("real", otherBut({ real: MINE })),
      ["real", open("target", "net"), OTHERS],
      ["real", pidfdOpen("target"), 0],
      ["real", setns(0, "user"), CURRENT],
      ...user("realuid", otherBut({ real: MINE }), ALL_MINE),
      ["realuid", pidfdOpen("target"), 0],
      ["realuid", setns(0, "user"), CURRENT],
      ...user("realgid", ALL_MINE, otherBut({ real: MINE })),
      ["realgid", pidfdOpen("target"), 0],
      ["realgid", setns(0, "user"), CURRENT],
    ],
  },
  {
    title: "links under /proc look at the reader's effective capabilities, setns with a pidfd at its permitted ones",
    uid: 0,
    lines: [
      [SHELL, clone("target"), "done"],
      ["target", capset("CAP_CHOWN"), 0],
      ["target", { op: "capset", effective: 0n, permitted: 1n }, 0],
      [SHELL, clone("reader"), "done"],
      ["reader", { op: "capset", effective: 0n, permitted: 1n }, 0],
      ["reader", open("target", "net"), refused("EACCES", "process-more-privileged")],
      ["reader", pidfdOpen("target"), 0],
      ["reader", setns(0, "user"), CURRENT],
      ["reader", { op: "capset", effective: 1n, permitted: 1n }, 0],
      ["reader", open("target", "net"), 1],
    ],
  },
];

const kill = (of: string): Call => ({ op: "kill", of: taskName(of), signal: "none" });
const NO = refused("EPERM", "no-kill");
const KILLERS: readonly (readonly [string, ThreeIds, gives: Line[2]])[] = [
  ["by-euid", otherBut({ effective: MINE }), 0],
  ["by-ruid", otherBut({ real: MINE }), 0],
  ["by-suid", otherBut({ saved: MINE }), NO],
];

const KILLS: readonly Script[] = [
  {
    title: "whoever sends a signal needs as its real or effective uid the real or saved one of the process",
    uid: 0,
    lines: [
      ...user("real", { real: MINE, effective: THIRD, saved: THIRD }),
      ...user("saved", { real: THIRD, effective: THIRD, saved: MINE }),
      ...user("effective", { real: THIRD, effective: MINE, saved: THIRD }),
      ...KILLERS.flatMap(([name, ids, gives]): readonly Line[] => [
        ...user(name, ids),
        [name, fs("setfsuid", OTHER), ids.effective],
        [name, kill("real"), gives],
        [name, kill("saved"), gives],
        [name, kill("effective"), NO],
      ]),
      ["by-suid", fs("setfsuid", MINE), OTHER],
      ["by-suid", kill("real"), NO],
    ],
  },
  {
    title: "CAP_KILL alone sends signals to anybody, and a thread to its own process",
    uid: 0,
    lines: [
      ...user("other", ALL_MINE),
      [SHELL, clone("killer"), "done"],
      ["killer", capset("CAP_KILL"), 0],
      ["killer", kill("other"), 0],
      ["killer", capset(), 0],
      ["killer", kill("other"), NO],
      ["killer", kill(SHELL), 0],
      ["other", kill(SHELL), NO],
      [SHELL, cloneWith("thread", THREAD), "done"],
      ["thread", setresuid(MINE), 0],
      ["thread", kill(SHELL), 0],
    ],
  },
];

export const LOOK_SCRIPTS: readonly Script[] = [...LOOKS, ...KILLS];
