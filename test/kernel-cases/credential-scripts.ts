import { ALL_CAPABILITIES, capBit } from "../../src/abi/capabilities.ts";
import { CLONE_FLAGS, CONSTANTS } from "../../src/abi/constants.ts";
import { taskName, type Call, type SeenCredentials, type Value } from "../../src/kernel/call.ts";
import {
  capset,
  clone,
  dumpable,
  open,
  openMap,
  refused,
  setresgid,
  setresuid,
  SHELL,
  unshare,
  write,
  type Line,
  type Script,
} from "./script.ts";

/** What becomes of capabilities: by capset, by a change of ids, and by execve. */
const exec: Call = { op: "exec" };
const securebits = (bits: number): Call => ({ op: "set-securebits", bits });
const { SECBIT_NOROOT, SECBIT_KEEP_CAPS, SECBIT_NO_SETUID_FIXUP } = CONSTANTS;
const NET = capBit("CAP_NET_ADMIN");
const SETPCAP = capBit("CAP_SETPCAP");

/** Root of a user namespace of its own, and what it is seen to have. */
const ROOT: readonly Line[] = [
  [SHELL, unshare("user"), 0],
  [SHELL, write(SHELL, "uid_map", "0 1000 1"), 8],
];
const seen = (sets: Partial<SeenCredentials["capabilities"]>, id = 0, noNewPrivs = false): { reads: Value } => ({
  reads: {
    status: {
      uid: { real: id, effective: id, saved: id, fs: id },
      gid: { real: 65_534, effective: 65_534, saved: 65_534, fs: 65_534 },
      groups: [],
      capabilities: {
        inheritable: 0n,
        permitted: ALL_CAPABILITIES,
        effective: ALL_CAPABILITIES,
        bounding: ALL_CAPABILITIES,
        ambient: 0n,
        ...sets,
      },
      noNewPrivs,
    },
  },
});
const status: Call = { op: "status", of: taskName(SHELL) };
const NONE = { permitted: 0n, effective: 0n };

const SETS: readonly Script[] = [
  {
    title: "capset gives up, and takes nothing",
    uid: 1000,
    lines: [
      ...ROOT,
      [SHELL, { op: "capset", effective: NET, permitted: 0n }, refused("EPERM", "effective-beyond-permitted")],
      [SHELL, { op: "drop-bounding", capability: "CAP_NET_ADMIN" }, 0],
      [
        SHELL,
        { op: "capset", effective: SETPCAP, permitted: NET | SETPCAP, inheritable: NET },
        refused("EPERM", "inheritable-beyond-bounding"),
      ],
      [SHELL, { op: "capset", effective: 0n, permitted: SETPCAP, inheritable: SETPCAP }, 0],
      [SHELL, status, seen({ ...NONE, permitted: SETPCAP, inheritable: SETPCAP, bounding: ALL_CAPABILITIES & ~NET })],
      [
        SHELL,
        { op: "capset", effective: 0n, permitted: SETPCAP, inheritable: capBit("CAP_CHOWN") },
        refused("EPERM", "inheritable-beyond-permitted"),
      ],
      [SHELL, capset("CAP_SETPCAP", "CAP_NET_ADMIN"), refused("EPERM", "capabilities-grow")],
      [SHELL, { op: "drop-bounding", capability: "CAP_CHOWN" }, refused("EPERM", "no-setpcap")],
      [SHELL, securebits(0), refused("EPERM", "no-setpcap")],
    ],
  },
  {
    title: "a locked securebit stays, and so does its lock",
    uid: 1000,
    lines: [
      ...ROOT,
      [SHELL, securebits(SECBIT_NOROOT | (SECBIT_NOROOT << 1)), 0],
      [SHELL, securebits(SECBIT_NOROOT << 1), refused("EPERM", "securebits-locked")],
      [SHELL, securebits(SECBIT_NOROOT), refused("EPERM", "securebits-locked")],
      [SHELL, securebits(0x1003), refused("EPERM", "securebits-unknown")],
      // Joining a user namespace, also by making one, begins with none.
      [SHELL, write(SHELL, "setgroups", "deny"), 4],
      [SHELL, write(SHELL, "gid_map", "0 1000 1"), 8],
      [SHELL, unshare("user"), 0],
      [SHELL, securebits(0), 0],
    ],
  },
  {
    title: "leaving uid 0 gives up the capabilities, unless SECBIT_KEEP_CAPS keeps the permitted ones",
    uid: 0,
    lines: [
      [SHELL, clone("box", "user"), "done"],
      [SHELL, write("box", "uid_map", "0 0 10"), 6],
      ["box", clone("keeper"), "done"],
      ["keeper", securebits(SECBIT_KEEP_CAPS), 0],
      ["keeper", setresuid(5), 0],
      ["keeper", capset("CAP_SETUID"), 0],
      ["keeper", setresuid(0), 0],
      ["box", clone("fixed"), "done"],
      ["fixed", securebits(SECBIT_NO_SETUID_FIXUP), 0],
      ["fixed", setresuid(5), 0],
      ["fixed", setresuid(6), 0],
      ["box", setresuid(5), 0],
      ["box", setresuid(6), refused("EPERM", "no-setid")],
      ["box", setresuid({ real: -1, effective: 5, saved: -1 }), 0],
      ["box", capset("CAP_SETUID"), refused("EPERM", "capabilities-grow")],
    ],
  },
  {
    title: "the file system uid is one's own affair, and a change of ids takes it along",
    uid: 0,
    lines: [
      [SHELL, setresuid({ real: 1000, effective: 3000, saved: 1000 }), 0],
      [SHELL, { op: "setfsuid", id: 1000 }, 3000],
      [SHELL, { op: "setfsuid", id: 2000 }, 1000],
      [SHELL, { op: "setfsuid", id: 1000 }, 1000],
      // Since Linux 6.3 a call that changes nothing does not take it along.
      [SHELL, setresuid(-1), 0],
      [SHELL, { op: "setfsuid", id: 1000 }, 1000],
      [SHELL, setresuid({ real: -1, effective: 3000, saved: -1 }), 0],
      [SHELL, { op: "setfsuid", id: 3000 }, 3000],
      [SHELL, { op: "getresuid" }, { reads: { ids: { real: 1000, effective: 3000, saved: 1000 } } }],
      [SHELL, { op: "getresgid" }, { reads: { ids: { real: 0, effective: 0, saved: 0 } } }],
    ],
  },
  {
    title: "a process whose file system uid has changed is not dumpable any more",
    uid: 0,
    lines: [
      [SHELL, setresgid(1000), 0],
      [SHELL, setresuid({ real: 1000, effective: 1000, saved: 2000 }), 0],
      [SHELL, dumpable, 0],
      [SHELL, openMap(SHELL, "uid_map", "write"), 0],
      [SHELL, { op: "setfsuid", id: 2000 }, 1000],
      [SHELL, { op: "setfsuid", id: 1000 }, 2000],
      [SHELL, openMap(SHELL, "uid_map", "write"), refused("EACCES", "file-of-another-user")],
    ],
  },
];

const EXEC: readonly Script[] = [
  {
    title: "execve gives uid 0 of the user namespace all that bounds it",
    uid: 1000,
    lines: [
      ...ROOT,
      [SHELL, { op: "drop-bounding", capability: "CAP_NET_ADMIN" }, 0],
      [SHELL, capset(), 0],
      [SHELL, exec, 0],
      [
        SHELL,
        status,
        seen({
          permitted: ALL_CAPABILITIES & ~NET,
          effective: ALL_CAPABILITIES & ~NET,
          bounding: ALL_CAPABILITIES & ~NET,
        }),
      ],
    ],
  },
  {
    title: "execve gives nothing under no_new_privs, nor where the root directory is shared with another process",
    uid: 1000,
    lines: [
      ...ROOT,
      [SHELL, capset("CAP_NET_ADMIN"), 0],
      [SHELL, { op: "clone", as: taskName("sharer"), flags: CLONE_FLAGS.CLONE_FS }, "done"],
      [SHELL, exec, 0],
      [SHELL, status, seen({ permitted: NET, effective: NET })],
      ["sharer", { op: "exit" }, 0],
      [SHELL, { op: "set-no-new-privs" }, 0],
      [SHELL, exec, 0],
      [SHELL, status, seen({ permitted: NET, effective: NET }, 0, true)],
    ],
  },
  {
    title: "execve with SECBIT_NOROOT knows no uid 0",
    uid: 1000,
    lines: [...ROOT, [SHELL, securebits(SECBIT_NOROOT), 0], [SHELL, exec, 0], [SHELL, status, seen(NONE)]],
  },
  {
    title: "execve makes dumpable whose real ids are the effective ones and who gains nothing",
    uid: 0,
    lines: [
      [SHELL, clone("user"), "done"],
      [SHELL, clone("other"), "done"],
      ["user", setresgid(1000), 0],
      ["user", setresuid(1000), 0],
      ["other", setresgid(1000), 0],
      ["other", setresuid(1000), 0],
      ["user", open("other", "net"), refused("EACCES", "process-not-dumpable")],
      ["other", exec, 0],
      ["user", open("other", "net"), 0],
    ],
  },
];

export const CREDENTIAL_SCRIPTS: readonly Script[] = [...SETS, ...EXEC];
