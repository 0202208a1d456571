import { capBit, type Capability } from "../../src/abi/capabilities.ts";
import { CONSTANTS } from "../../src/abi/constants.ts";
import { allIds, type ThreeIds } from "../../src/kernel/call.ts";
import type { Task } from "../../src/kernel/model/world.ts";
import type { Digits } from "./digits.ts";
import type { Rows } from "./draft-call.ts";
import type { Scene } from "./scene.ts";

/** Root, two ordinary users, nobody, and "as it is"; in a user namespace some of them have no mapping. */
const IDS = [0, 1000, 1001, 65534, 5, -1];
const CAPABILITY_SETS: readonly (readonly Capability[])[] = [
  ["CAP_SYS_ADMIN"],
  [],
  ["CAP_SYS_ADMIN", "CAP_SYS_CHROOT"],
  ["CAP_SETUID", "CAP_SETGID", "CAP_SYS_ADMIN", "CAP_SETPCAP"],
  ["CAP_SYS_PTRACE"],
  ["CAP_SETUID", "CAP_SETGID", "CAP_SETFCAP", "CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE"],
  ["CAP_SETUID", "CAP_SETGID"],
  ["CAP_SYS_ADMIN", "CAP_SETUID", "CAP_DAC_OVERRIDE"],
];
const { SECBIT_NOROOT, SECBIT_NO_SETUID_FIXUP, SECBIT_KEEP_CAPS } = CONSTANTS;

/** Each bit has one beside it that locks it. */
const NOROOT_LOCKED = SECBIT_NOROOT | (SECBIT_NOROOT << 1);

/** Calls by which a task looks at its own credentials and changes them. */
export const CREDENTIAL_ROWS = {
  setresuid: { weight: 9, draw: (scene, caller, digits) => ({ op: "setresuid", ids: ids(scene, caller, digits) }) },
  setresgid: { weight: 5, draw: (scene, caller, digits) => ({ op: "setresgid", ids: ids(scene, caller, digits) }) },
  setfsuid: { weight: 2, draw: (_, __, digits) => ({ op: "setfsuid", id: digits.pick(IDS) }) },
  setfsgid: { weight: 2, draw: (_, __, digits) => ({ op: "setfsgid", id: digits.pick(IDS) }) },
  capget: {
    weight: 1,
    draw: (scene, caller, digits) => ({ op: "capget", of: digits.once(2) ? scene.task(digits) : caller.name }),
  },
  ambient: {
    weight: 3,
    draw: (_, __, digits) => ({
      op: "ambient",
      what: digits.pick(["raise", "raise", "lower", "is-set"] as const),
      capability: digits.pick(["CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SYS_PTRACE"] as const),
    }),
  },
  "clear-ambient": { weight: 1, draw: () => ({ op: "clear-ambient" }) },
  "set-keep-caps": { weight: 1, draw: (_, __, digits) => ({ op: "set-keep-caps", keep: !digits.once(3) }) },
  setgroups: {
    weight: 2,
    draw: (_, __, digits) => ({ op: "setgroups", groups: digits.pick([[], [0], [1000, 5], [1001], [77777]]) }),
  },
  getresuid: { weight: 1, draw: () => ({ op: "getresuid" }) },
  getresgid: { weight: 1, draw: () => ({ op: "getresgid" }) },
  getgroups: { weight: 1, draw: () => ({ op: "getgroups" }) },
  capset: { weight: 7, draw: (_, __, digits) => ({ op: "capset", ...capabilitySets(digits) }) },
  "drop-bounding": {
    weight: 1,
    draw: (_, __, digits) => ({
      op: "drop-bounding",
      capability: digits.pick(["CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SYS_PTRACE"] as const),
    }),
  },
  "set-securebits": {
    weight: 2,
    draw: (_, __, digits) => ({
      op: "set-securebits",
      bits: digits.pick([
        SECBIT_KEEP_CAPS,
        SECBIT_NO_SETUID_FIXUP,
        SECBIT_NOROOT,
        0,
        1 << 20,
        SECBIT_KEEP_CAPS << 1,
        NOROOT_LOCKED,
      ]),
    }),
  },
  "set-no-new-privs": { weight: 1, draw: () => ({ op: "set-no-new-privs" }) },
  "get-dumpable": { weight: 2, draw: () => ({ op: "get-dumpable" }) },
  "get-securebits": { weight: 1, draw: () => ({ op: "get-securebits" }) },
  "set-dumpable": { weight: 5, draw: (_, __, digits) => ({ op: "set-dumpable", dumpable: !digits.once(4) }) },
} as const satisfies Rows;

function ids(scene: Scene, caller: Task, digits: Digits): ThreeIds {
  const from = digits.once(4) ? IDS : scene.mapped(caller, IDS);
  if (!digits.once(4)) return allIds(digits.pick(from));
  return { real: digits.pick(from), effective: digits.pick(from), saved: digits.pick(from) };
}

function capabilitySets(digits: Digits): { effective: bigint; permitted: bigint; inheritable?: bigint } {
  const effective = setOf(digits.pick(CAPABILITY_SETS));
  const permitted = digits.once(4) ? setOf(digits.pick(CAPABILITY_SETS)) : effective;
  return digits.once(8) ? { effective, permitted, inheritable: effective } : { effective, permitted };
}

export const setOf = (names: readonly Capability[]): bigint =>
  names.reduce((set, capability) => set | capBit(capability), 0n);
