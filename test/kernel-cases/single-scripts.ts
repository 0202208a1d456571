import { ALL_CAPABILITIES, capBit } from "../../src/abi/capabilities.ts";
import { CLONE_FLAGS, CONSTANTS } from "../../src/abi/constants.ts";
import type { Call } from "../../src/kernel/call.ts";
import { cloneWith, flagOf } from "./facts/standings.ts";
import {
  capset,
  clone,
  fstat,
  open,
  pidfdOpen,
  refused,
  send,
  setnsFlags,
  setresgid,
  setresuid,
  SHELL,
  write,
  type Line,
  type Script,
} from "./script.ts";

/** Conditions that only one thing each decides: the order of two kinds, one id, one flag, one number. */
const handle = (change: { readonly bytes?: number; readonly type?: number }): Call => ({
  op: "open_by_handle_at",
  mount: "FD_NSFS_ROOT",
  handle: { bytes: 16, type: CONSTANTS.FILEID_NSFS, id: 1n << 60n, nsType: 0, inode: 0, ...change },
});
const MALFORMED = refused("EINVAL", "handle-malformed");
const NOTHING = refused("ESTALE", "handle-of-nothing");

/**
 * Root of a user namespace follows a process of it, whose mount, pid and time namespaces are owned there and whose others
 * are the initial ones; of that pid namespace it is in a child.
 */
const FOLLOWER: readonly Line[] = [
  [SHELL, clone("root", "user"), "done"],
  ["root", clone("target", "pid", "mnt", "time"), "done"],
  ["target", pidfdOpen("target"), 0],
  ["target", clone("box", "pid"), "done"],
  ["target", send(0, "box"), "done"],
];
const NOT_OWNED = refused("EPERM", "no-admin-over-owner");

export const SINGLE_SCRIPTS: readonly Script[] = [
  {
    title: "a handle has 1 to 128 bytes and a type from 0 on: else it is malformed, and not only of nothing",
    uid: 0,
    lines: [
      [SHELL, handle({ bytes: 0 }), MALFORMED],
      [SHELL, handle({ bytes: 1 }), NOTHING],
      [SHELL, handle({ bytes: 128 }), NOTHING],
      [SHELL, handle({ bytes: 129 }), MALFORMED],
      [SHELL, handle({ type: -1 }), MALFORMED],
      [SHELL, handle({ type: 0 }), NOTHING],
      [SHELL, handle({ type: 1 }), NOTHING],
    ],
  },
  {
    title: "a namespace file opened as a place is written by nobody; no link is a folder",
    uid: 0,
    lines: [
      [SHELL, open(SHELL, "net", "O_WRONLY"), refused("EPERM", "immutable-file")],
      [SHELL, open(SHELL, "net", "O_WRONLY", "O_PATH"), 0],
      [SHELL, fstat(0), "done"],
      [SHELL, open(SHELL, "net", "O_NOFOLLOW", "O_DIRECTORY"), refused("ENOTDIR", "not-a-directory")],
      [SHELL, open(SHELL, "net", "O_NOFOLLOW", "O_DIRECTORY", "O_PATH"), refused("ENOTDIR", "not-a-directory")],
    ],
  },
  {
    title: "whoever made a user namespace maps its own effective id there, whatever its id for files is",
    uid: 0,
    lines: [
      [SHELL, clone("maker"), "done"],
      ["maker", { op: "set-securebits", bits: CONSTANTS.SECBIT_KEEP_CAPS }, 0],
      ["maker", setresgid({ real: 3000, effective: 3000, saved: 2000 }), 0],
      ["maker", setresuid({ real: 1000, effective: 1000, saved: 2000 }), 0],
      ["maker", capset("CAP_DAC_OVERRIDE"), 0],
      ["maker", clone("box", "user"), "done"],
      ["maker", { op: "setfsuid", id: 2000 }, 1000],
      ["maker", { op: "setfsgid", id: 2000 }, 3000],
      ["maker", write("box", "setgroups", "deny"), 4],
      // The effective gid is no uid.
      ["maker", write("box", "uid_map", "0 3000 1"), refused("EPERM", "map-needs-setid")],
      ["maker", write("box", "uid_map", "0 2000 1"), refused("EPERM", "map-needs-setid")],
      ["maker", write("box", "uid_map", "0 1000 1"), 8],
      ["maker", write("box", "gid_map", "0 2000 1"), refused("EPERM", "map-needs-setid")],
      ["maker", write("box", "gid_map", "0 3000 1"), 8],
    ],
  },
  {
    title: "of several kinds joined by one call the first in the kernel's order is refused first",
    uid: 0,
    lines: [
      ...FOLLOWER,
      ["box", setnsFlags(0, flagOf("pid")), refused("EINVAL", "pid-namespace-not-below")],
      ["box", setnsFlags(0, flagOf("ipc", "pid")), NOT_OWNED],
      ["box", setnsFlags(0, flagOf("pid", "cgroup")), refused("EINVAL", "pid-namespace-not-below")],
      [
        "box",
        { op: "capset", effective: ALL_CAPABILITIES & ~capBit("CAP_SYS_CHROOT"), permitted: ALL_CAPABILITIES },
        0,
      ],
      ["box", setnsFlags(0, flagOf("mnt", "uts")), refused("EPERM", "no-chroot")],
      ["box", cloneWith("sharer", CLONE_FLAGS.CLONE_VM), "done"],
      ["box", setnsFlags(0, flagOf("time")), refused("EUSERS", "shares-memory")],
      ["box", setnsFlags(0, flagOf("net", "time")), NOT_OWNED],
    ],
  },
];
