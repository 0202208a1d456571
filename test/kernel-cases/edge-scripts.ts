import { capBit, type Capability } from "../../src/abi/capabilities.ts";
import { CLONE_FLAGS, CONSTANTS } from "../../src/abi/constants.ts";
import type { Call } from "../../src/kernel/call.ts";
import { cloneWith, THREAD } from "./facts/standings.ts";
import { clone, refused, SHELL, write, type Script } from "./script.ts";

/** What lies right at the edge of a check: here a check that was a little different would show. */
const setOf = (names: readonly Capability[]): bigint => names.reduce((set, name) => set | capBit(name), 0n);
const capset = (held: readonly Capability[], inheritable: readonly Capability[]): Call => ({
  op: "capset",
  effective: setOf(held),
  permitted: setOf(held),
  inheritable: setOf(inheritable),
});
const securebits = (bits: number): Call => ({ op: "set-securebits", bits });
const { SECBIT_NOROOT, SECBIT_EXEC_RESTRICT_FILE, SECBIT_EXEC_DENY_INTERACTIVE } = CONSTANTS;
/** Each securebit has a lock, the bit above it. */
const locked = (bit: number): number => bit | (bit << 1);
const EXEC = SECBIT_EXEC_RESTRICT_FILE | SECBIT_EXEC_DENY_INTERACTIVE;
const { CLONE_PARENT, CLONE_SIGHAND, CLONE_VM, CLONE_SYSVSEM, CLONE_PIDFD, CLONE_PARENT_SETTID } = CLONE_FLAGS;
const CLEAR_SIGHAND = 2 ** 32;
const INTO_CGROUP = 2 ** 33;
const INT_MAX = 0x7fffffff;
const SIGCHLD = 17;

const CREDENTIALS: readonly Script[] = [
  {
    title: "CAP_SETPCAP alone makes inheritable what is not permitted; what is inheritable may stay so",
    uid: 0,
    lines: [
      [SHELL, capset(["CAP_SETPCAP"], []), 0],
      [SHELL, capset(["CAP_SETPCAP"], ["CAP_CHOWN"]), 0],
      [SHELL, { op: "drop-bounding", capability: "CAP_KILL" }, 0],
      [SHELL, capset([], ["CAP_CHOWN"]), 0],
      [SHELL, capset([], ["CAP_CHOWN"]), 0],
      [SHELL, capset([], ["CAP_CHOWN", "CAP_KILL"]), refused("EPERM", "inheritable-beyond-permitted")],
      [SHELL, { op: "drop-bounding", capability: "CAP_CHOWN" }, refused("EPERM", "no-setpcap")],
    ],
  },
  {
    title: "what is permitted becomes inheritable without being effective",
    uid: 0,
    lines: [
      [SHELL, { op: "capset", effective: 0n, permitted: 1n }, 0],
      [SHELL, { op: "capset", effective: 0n, permitted: 1n, inheritable: 1n }, 0],
    ],
  },
  {
    title: "a securebit is locked by the one above it, and so are those for what is executed",
    uid: 0,
    lines: [
      [SHELL, securebits(SECBIT_NOROOT), 0],
      [SHELL, securebits(locked(SECBIT_NOROOT)), 0],
      [SHELL, securebits(0), refused("EPERM", "securebits-locked")],
      [SHELL, securebits(SECBIT_NOROOT), refused("EPERM", "securebits-locked")],
      [SHELL, securebits(locked(SECBIT_NOROOT) | EXEC), 0],
      [SHELL, securebits(locked(SECBIT_NOROOT) | SECBIT_EXEC_DENY_INTERACTIVE), 0],
      [SHELL, securebits(locked(SECBIT_NOROOT) | locked(SECBIT_EXEC_DENY_INTERACTIVE)), 0],
      [SHELL, securebits(locked(SECBIT_NOROOT)), refused("EPERM", "securebits-locked")],
    ],
  },
];

const CLONES: readonly Script[] = [
  {
    title:
      "clone3 takes the flag to clear handlers of signals, and no other beyond 32 bits but one, none of them with shared handlers",
    uid: 0,
    lines: [
      [SHELL, cloneWith("one", CLEAR_SIGHAND), "done"],
      [SHELL, cloneWith("two", CLEAR_SIGHAND * 4), refused("EINVAL", "unknown-flag")],
      [
        SHELL,
        cloneWith("two", CLEAR_SIGHAND + CLONE_SIGHAND + CLONE_VM),
        refused("EINVAL", "flags-exclude-each-other"),
      ],
      [SHELL, cloneWith("two", 1), refused("EINVAL", "unknown-flag")],
      // Beside another flag it is that one that is minded.
      [
        SHELL,
        cloneWith("two", INTO_CGROUP + CLONE_SIGHAND + CLONE_VM, { cgroup: 99 }),
        refused("EBADF", "not-a-cgroup"),
      ],
      [SHELL, cloneWith("two", CLONE_SYSVSEM), "done"],
    ],
  },
  {
    title: "who becomes a thread or a sibling has no signal of its own at its end; signals go from 0 to 64",
    uid: 0,
    lines: [
      [SHELL, clone("box"), "done"],
      ["box", cloneWith("one", CLONE_PARENT, { exitSignal: SIGCHLD }), refused("EINVAL", "exit-signal-inherited")],
      ["box", cloneWith("one", THREAD, { exitSignal: SIGCHLD }), refused("EINVAL", "exit-signal-inherited")],
      ["box", cloneWith("one", CLONE_PARENT, { exitSignal: 64 }), refused("EINVAL", "exit-signal-inherited")],
      ["box", cloneWith("one", 0, { exitSignal: 65 }), refused("EINVAL", "no-such-signal")],
      ["box", cloneWith("one", 0, { exitSignal: -1 }), refused("EINVAL", "no-such-signal")],
      ["box", cloneWith("one", 0, { exitSignal: 0 }), "done"],
      ["box", cloneWith("two", 0, { exitSignal: SIGCHLD }), "done"],
    ],
  },
  {
    title: "clone3 reads the numbers from the size on that holds them, and 32 of them at most",
    uid: 0,
    lines: [
      [SHELL, clone("init", "user", "pid"), "done"],
      [SHELL, write("init", "uid_map", "0 0 1"), 5],
      ["init", cloneWith("one", 0, { size: 64, setTid: [50] }), 2],
      // Of a struct that ends within a field the field's lower bytes are read.
      ["init", cloneWith("lower", 0, { size: 73, setTid: [40] }), 40],
      ["init", cloneWith("none", 0, { size: 72, setTid: [41] }), refused("EINVAL", "set-tid-size")],
      ["init", cloneWith("none", 0, { size: 71, setTid: [41] }), refused("EINVAL", "set-tid-size")],
      // One byte of an address: 0 only where the address is round.
      ["init", cloneWith("none", 0, { size: 65, setTid: [41] }), refused("EINVAL", "set-tid-size")],
      ["init", cloneWith("none", 0, { size: 65, setTid: "bad-address" }), refused("EINVAL", "set-tid-size")],
      ["init", cloneWith("round", 0, { size: 65, setTid: "bad-round-address" }), 3],
      ["init", cloneWith("none", 0, { size: 66, setTid: "bad-round-address" }), refused("EINVAL", "set-tid-size")],
      [
        "init",
        cloneWith("none", 0, { size: 73, setTid: "bad-round-address", setTidSize: 1 }),
        refused("EFAULT", "bad-address"),
      ],
      // One byte of a size, and then two.
      ["init", cloneWith("many", 0, { size: 73, setTidSize: 256 }), 4],
      ["init", cloneWith("none", 0, { size: 73, setTidSize: 128 }), refused("EINVAL", "set-tid-size")],
      ["init", cloneWith("none", 0, { size: 74, setTidSize: 256 }), refused("EINVAL", "set-tid-size")],
      ["init", cloneWith("none", 0, { size: 73, setTidSize: -1 }), refused("EINVAL", "set-tid-size")],
      ["init", cloneWith("two", 0, { size: 80, setTid: [50] }), 50],
      ["init", cloneWith("three", 0, { size: 4096 }), 5],
      ["init", cloneWith("four", 0, { size: 4097 }), refused("E2BIG", "struct-too-large")],
      ["init", cloneWith("four", 0, { size: 63 }), refused("EINVAL", "struct-too-small")],
      ["init", cloneWith("four", 0, { size: 96, junkBehind: true }), refused("E2BIG", "struct-unknown-to-kernel")],
      ["init", cloneWith("four", 0, { size: 88 }), 6],
      ["init", cloneWith("five", 0, { setTid: numbers(32) }), refused("EINVAL", "more-numbers-than-levels")],
      ["init", cloneWith("five", 0, { setTid: numbers(33) }), refused("EINVAL", "set-tid-size")],
      // More numbers than are said to be there are not read.
      ["init", cloneWith("five", 0, { setTid: [60, 61, 62], setTidSize: 1 }), 60],
    ],
  },
  {
    title: "the folder of a cgroup is a descriptor of 31 bits, in a struct of 88 bytes",
    uid: 0,
    lines: [
      [SHELL, cloneWith("one", INTO_CGROUP, { cgroup: INT_MAX }), refused("EBADF", "not-a-cgroup")],
      [SHELL, cloneWith("one", INTO_CGROUP, { cgroup: INT_MAX + 1 }), refused("EINVAL", "cgroup-not-told")],
      [SHELL, cloneWith("one", INTO_CGROUP, { cgroup: -1 }), refused("EINVAL", "cgroup-not-told")],
      [SHELL, cloneWith("one", INTO_CGROUP, { cgroup: 5, size: 87 }), refused("EINVAL", "cgroup-not-told")],
      [SHELL, cloneWith("one", INTO_CGROUP, { cgroup: 5, size: 88 }), refused("EBADF", "not-a-cgroup")],
    ],
  },
  {
    title: "a pidfd and the child's number may both be written down, at two addresses",
    uid: 0,
    lines: [
      [SHELL, cloneWith("one", CLONE_PIDFD | CLONE_PARENT_SETTID), "done"],
      [SHELL, cloneWith("two", CLONE_PARENT_SETTID, { pidfd: "null" }), "done"],
      [
        SHELL,
        cloneWith("three", CLONE_PIDFD | CLONE_PARENT_SETTID, { pidfd: "null" }),
        refused("EINVAL", "one-address-for-two"),
      ],
    ],
  },
];
function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => 70 + at);
}

export const EDGE_SCRIPTS: readonly Script[] = [...CREDENTIALS, ...CLONES];
