import { AMBIENT_SCRIPTS } from "./ambient-scripts.ts";
import { CREDENTIAL_SCRIPTS } from "./credential-scripts.ts";
import { EDGE_SCRIPTS } from "./edge-scripts.ts";
import { EDGE_TEXT_SCRIPTS } from "./edge-text-scripts.ts";
import { END_SCRIPTS } from "./end-scripts.ts";
import { FIXUP_SCRIPTS } from "./fixup-scripts.ts";
import { EXEC_SCRIPTS } from "./exec-scripts.ts";
import { FOUND_SCRIPTS } from "./found-scripts.ts";
import { LOOK_SCRIPTS } from "./look-scripts.ts";
import { MAP_SCRIPTS } from "./map-scripts.ts";
import { PROGRAM_SCRIPTS } from "./program-scripts.ts";
import { REFUSAL_SCRIPTS } from "./refusal-scripts.ts";
import { PID_SCRIPTS } from "./pid-scripts.ts";
import { REOPEN_SCRIPTS } from "./reopen-scripts.ts";
import { ROOT_SCRIPTS } from "./root-scripts.ts";
import { SINGLE_SCRIPTS } from "./single-scripts.ts";
import {
  clone,
  close,
  dumpable,
  exit,
  fstat,
  ioctl,
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

/** Sequences of calls, each showing one thing, in words and then in calls. */
export const SCRIPTS: readonly Script[] = [
  {
    title: "the manual page, 1: the parent of the initial user namespace is refused",
    uid: 1000,
    lines: [
      [SHELL, open(SHELL, "user"), 0],
      [SHELL, ioctl(0, "NS_GET_PARENT"), refused("EPERM", "parent-outside-view")],
    ],
  },
  {
    title: "the manual page, 2 and 3: a new uts namespace is owned by the new user namespace, whose parent is initial",
    uid: 1000,
    lines: [
      [SHELL, open(SHELL, "user"), 0],
      [SHELL, fstat(0), { names: "initial" }],
      [SHELL, clone("child", "user", "uts"), "done"],
      [SHELL, open("child", "user"), 1],
      [SHELL, fstat(1), { names: "new" }],
      [SHELL, open("child", "uts"), 2],
      [SHELL, ioctl(2, "NS_GET_USERNS"), 3],
      [SHELL, fstat(3), { is: "new" }],
      [SHELL, ioctl(3, "NS_GET_PARENT"), 4],
      [SHELL, fstat(4), { is: "initial" }],
    ],
  },
  {
    title: "the manual page, 4: from inside a new user namespace its parent and the owner of the old uts are refused",
    uid: 1000,
    lines: [
      [SHELL, clone("child", "user"), "done"],
      ["child", open("child", "user"), 0],
      ["child", ioctl(0, "NS_GET_PARENT"), refused("EPERM", "parent-outside-view")],
      ["child", open("child", "uts"), 1],
      ["child", ioctl(1, "NS_GET_USERNS"), refused("EPERM", "owner-outside-view")],
    ],
  },
  {
    title: "the same descriptor answers before unshare(CLONE_NEWUSER) and not after",
    uid: 1000,
    lines: [
      [SHELL, open(SHELL, "net"), 0],
      [SHELL, ioctl(0, "NS_GET_USERNS"), 1],
      [SHELL, unshare("user"), "done"],
      [SHELL, ioctl(0, "NS_GET_USERNS"), refused("EPERM", "owner-outside-view")],
    ],
  },
  {
    title: "the creator's effective uid counts, not the real and not the saved one",
    uid: 0,
    lines: [
      [SHELL, clone("maker"), "done"],
      ["maker", setresuid({ real: 1001, effective: 1002, saved: 1003 }), 0],
      ["maker", dumpable, 0],
      ["maker", clone("box", "user"), "done"],
      [SHELL, open("box", "user"), 0],
      [SHELL, ioctl(0, "NS_GET_OWNER_UID"), 1002],
    ],
  },
  {
    title: "an owner without a mapping reads as 65534",
    uid: 1000,
    lines: [
      [SHELL, clone("box", "user"), "done"],
      ["box", open("box", "user"), 0],
      ["box", ioctl(0, "NS_GET_OWNER_UID"), 65534],
      [SHELL, write("box", "uid_map", "7 1000 1"), 8],
      ["box", ioctl(0, "NS_GET_OWNER_UID"), 7],
    ],
  },
  {
    title: "pid_for_children plays no part in whose parent is shown",
    uid: 0,
    lines: [
      [SHELL, clone("box", "pid"), "done"],
      [SHELL, open("box", "pid"), 0],
      ["box", open("box", "pid"), 0],
      ["box", unshare("pid"), 0],
      ["box", clone("inner"), "done"],
      ["box", open("box", "pid"), 1],
      ["box", ioctl(1, "NS_GET_PARENT"), refused("EPERM", "parent-outside-view")],
      ["box", open("box", "pid_for_children"), 2],
      ["box", ioctl(2, "NS_GET_PARENT"), 3],
    ],
  },
  {
    title: "a pid namespace for children has no file before its first process",
    uid: 0,
    lines: [
      [SHELL, unshare("pid"), 0],
      [SHELL, open(SHELL, "pid_for_children"), refused("ENOENT", "pid-namespace-unborn")],
      [SHELL, unshare("pid"), refused("EINVAL", "pid-for-children-pending")],
      [SHELL, clone("first"), "done"],
      [SHELL, open(SHELL, "pid_for_children"), 0],
      ["first", exit, 0],
      [SHELL, open(SHELL, "pid_for_children"), 1],
      [SHELL, clone("second"), refused("ENOMEM", "pid-namespace-dead")],
    ],
  },
  {
    title: "an ordinary user makes user namespaces, and others only inside them",
    uid: 1000,
    lines: [
      ...(["cgroup", "ipc", "mnt", "net", "pid", "time", "uts"] as const).map((kind): Line => [
        SHELL,
        unshare(kind),
        refused("EPERM", "no-admin-in-own-user-namespace"),
      ]),
      [SHELL, unshare("user", "net", "uts"), 0],
      [SHELL, open(SHELL, "net"), 0],
      [SHELL, ioctl(0, "NS_GET_USERNS"), 1],
      [SHELL, fstat(1), { names: "own" }],
      [SHELL, open(SHELL, "user"), 2],
      [SHELL, fstat(2), { is: "own" }],
      // Without a mapping of its own ids it makes no further one.
      [SHELL, unshare("user"), refused("EPERM", "own-ids-unmapped")],
      [SHELL, unshare("ipc"), 0],
    ],
  },
  {
    title: "setns asks for the kind, then for capabilities, as the kernel orders them",
    uid: 1000,
    lines: [
      [SHELL, clone("box", "user", "net"), "done"],
      [SHELL, open("box", "net"), 0],
      [SHELL, open("box", "user"), 1],
      [SHELL, open(SHELL, "user"), 2],
      [SHELL, setns(9), refused("EBADF", "bad-descriptor")],
      [SHELL, setns(0, "uts"), refused("EINVAL", "nstype-differs")],
      [SHELL, setns(2, "user"), refused("EINVAL", "user-namespace-is-current")],
      // The creator has every capability over what it made, but not CAP_SYS_ADMIN at home.
      [SHELL, setns(0, "net"), refused("EPERM", "no-admin-in-own-user-namespace")],
      [SHELL, setns(1, "user"), 0],
      [SHELL, setns(0, "net"), 0],
      // And there is no way back.
      [SHELL, setns(2, "user"), refused("EPERM", "no-admin-over-target")],
    ],
  },
  {
    title: "a process may join pid namespaces below its own, for its children",
    uid: 0,
    lines: [
      [SHELL, open(SHELL, "pid"), 0],
      [SHELL, clone("box", "pid"), "done"],
      [SHELL, open("box", "pid"), 1],
      ["box", clone("in"), "done"],
      ["in", setns(0, "pid"), refused("EINVAL", "pid-namespace-not-below")],
      [SHELL, setns(1, "pid"), 0],
      [SHELL, open(SHELL, "pid"), 2],
      [SHELL, fstat(2), { names: "own" }],
      [SHELL, fstat(0), { is: "own" }],
      [SHELL, setns(0, "pid"), 0],
      [SHELL, unshare("pid"), 0],
    ],
  },
  {
    title: "a time namespace is for children first",
    uid: 0,
    lines: [
      [SHELL, unshare("time"), 0],
      [SHELL, open(SHELL, "time_for_children"), 0],
      [SHELL, fstat(0), { names: "new" }],
      [SHELL, open(SHELL, "time"), 1],
      [SHELL, fstat(1), { names: "old" }],
      [SHELL, clone("child"), "done"],
      [SHELL, open("child", "time"), 2],
      [SHELL, fstat(2), { is: "new" }],
    ],
  },
  {
    title: "a process of another user shows its links to root alone, and none to it",
    uid: 0,
    lines: [
      [SHELL, clone("one"), "done"],
      [SHELL, clone("other"), "done"],
      ["one", setresgid(1000), 0],
      ["one", setresuid(1000), 0],
      ["other", setresgid(2000), 0],
      ["other", setresuid(2000), 0],
      ["one", open("other", "net"), refused("EACCES", "process-of-another-user")],
      ["one", open(SHELL, "net"), refused("EACCES", "process-of-another-user")],
      // The own links can be opened although a change of ids made the process undumpable.
      ["one", open("one", "net"), 0],
      [SHELL, open("other", "net"), 0],
    ],
  },
  {
    title: "maps are written once, by the own or the parent's processes, with the capabilities there",
    uid: 1000,
    lines: [
      [SHELL, clone("box", "user"), "done"],
      ["box", write("box", "uid_map", "0 1000 2"), refused("EPERM", "map-needs-setid")],
      ["box", write("box", "gid_map", "0 1000 1"), refused("EPERM", "map-needs-setid")],
      ["box", write("box", "uid_map", "0 1000"), refused("EINVAL", "map-text")],
      ["box", write("box", "uid_map", "0 1000 1"), 8],
      ["box", write("box", "uid_map", "0 1000 1"), refused("EPERM", "map-already-set")],
      ["box", write("box", "setgroups", "deny"), 4],
      ["box", write("box", "gid_map", "0 1000 1"), 8],
      ["box", write("box", "setgroups", "allow"), refused("EPERM", "setgroups-denied")],
    ],
  },
  {
    title: "what is closed is not open",
    uid: 1000,
    lines: [
      [SHELL, open(SHELL, "ipc"), 0],
      [SHELL, close(0), 0],
      [SHELL, close(0), refused("EBADF", "bad-descriptor")],
      [SHELL, ioctl(0, "NS_GET_NSTYPE"), refused("EBADF", "bad-descriptor")],
      [SHELL, fstat(0), refused("EBADF", "bad-descriptor")],
    ],
  },
  ...REFUSAL_SCRIPTS,
  {
    title: "setns into a user namespace does not ask for the root directory, unshare does",
    uid: 0,
    lines: [
      [SHELL, clone("box", "user"), "done"],
      [SHELL, open("box", "user"), 0],
      [SHELL, { op: "chroot", path: "/tmp" }, 0],
      [SHELL, unshare("user"), refused("EPERM", "chrooted")],
      [SHELL, setns(0, "user"), 0],
    ],
  },
  ...END_SCRIPTS,
  ...MAP_SCRIPTS,
  ...CREDENTIAL_SCRIPTS,
  ...FOUND_SCRIPTS,
  ...AMBIENT_SCRIPTS,
  ...EXEC_SCRIPTS,
  ...REOPEN_SCRIPTS,
  ...PID_SCRIPTS,
  ...EDGE_SCRIPTS,
  ...FIXUP_SCRIPTS,
  ...EDGE_TEXT_SCRIPTS,
  ...LOOK_SCRIPTS,
  ...PROGRAM_SCRIPTS,
  ...SINGLE_SCRIPTS,
  ...ROOT_SCRIPTS,
];
