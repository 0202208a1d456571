import { CLONE_FLAGS } from "../../src/abi/constants.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { taskName, type Call } from "../../src/kernel/call.ts";
import {
  clone,
  close,
  exit,
  open,
  pidfdOpen,
  refused,
  setns,
  setnsFlags,
  SHELL,
  unshare,
  type Line,
  type Script,
} from "./script.ts";

const PLACE = "/run/netns/place";
const AS_ONE = NAMESPACE_KINDS.mnt.flag | NAMESPACE_KINDS.net.flag;
const cloneWith = (as: string, flags: number): Call => ({ op: "clone", as: taskName(as), flags });
const chroot = (path: string): Call => ({ op: "chroot", path });
const bind = (fd: number): Call => ({ op: "bind", fd, path: PLACE });
const unbind: Call = { op: "unbind", path: PLACE };
const openPath: Call = { op: "open-path", path: PLACE };
const wait = (child: string): Call => ({ op: "wait", child: taskName(child) });

/** The shell's root is in the mount namespace of "other", where "sharer" has taken it, and its descriptor 0 is of a network. */
const taken = (...others: Parameters<typeof unshare>): readonly Line[] => [
  [SHELL, open(SHELL, "net"), 0],
  [SHELL, clone("other", ...others, "mnt", "net"), "done"],
  [SHELL, pidfdOpen("other"), 1],
  [SHELL, cloneWith("sharer", CLONE_FLAGS.CLONE_FS), "done"],
  ["sharer", setnsFlags(1, AS_ONE), 0],
];
const elsewhere = refused("EPERM", "root-elsewhere");
const ended: readonly Line[] = [
  ["sharer", exit, 0],
  [SHELL, wait("sharer"), "done"],
  ["other", exit, 0],
  [SHELL, wait("other"), "done"],
  [SHELL, close(1), 0],
];
/** "root" is a process of the machine's root in the mount and the network namespace of "other". */
const joined = (...others: Parameters<typeof unshare>): readonly Line[] => [
  [SHELL, open(SHELL, "net"), 0],
  [SHELL, clone("other", ...others, "mnt", "net"), "done"],
  [SHELL, pidfdOpen("other"), 1],
  [SHELL, clone("root"), "done"],
  ["root", setnsFlags(1, AS_ONE), 0],
];
/** The shell's root is in the mount namespace of a task, and of nobody else's, which has ended. */
const leftIn = (last: string): readonly Line[] => [
  [SHELL, pidfdOpen(last), 2],
  [SHELL, cloneWith("sharer", CLONE_FLAGS.CLONE_FS), "done"],
  ["sharer", setnsFlags(2, AS_ONE), 0],
  ["sharer", exit, 0],
  [SHELL, wait("sharer"), "done"],
  [last, exit, 0],
];

/**
 * A root that lies in another mount namespace than its task's own: before Linux 7.3 a setns of a pidfd that asks for more than
 * the mount namespace moves the root of all who share it.
 */
export const ROOT_SCRIPTS: readonly Script[] = [
  {
    title:
      "whoever is left with a root of another mount namespace makes no user namespace, with its own mounts nor a copy",
    uid: 0,
    lines: [
      ...taken(),
      [SHELL, unshare("user"), elsewhere],
      [SHELL, clone("child", "user"), elsewhere],
      [SHELL, unshare("mnt"), 0],
      [SHELL, unshare("user"), elsewhere],
      [SHELL, chroot("/"), 0],
      [SHELL, unshare("user"), elsewhere],
      [SHELL, clone("copy", "mnt"), "done"],
      ["copy", unshare("user"), elsewhere],
      // Who took it there is at home.
      ["sharer", unshare("user"), 0],
    ],
  },
  {
    title:
      "whoever gets a copy of its mounts takes its root along, and whoever joins a mount namespace gets that one's",
    uid: 0,
    lines: [
      ...taken(),
      ["sharer", unshare("mnt"), 0],
      ["sharer", unshare("user"), 0],
      [SHELL, open(SHELL, "mnt"), 2],
      [SHELL, setns(2, "mnt"), 0],
      [SHELL, unshare("user"), 0],
    ],
  },
  {
    title: "a root that others share is not moved by setns of the mount namespace alone, wherever it lies",
    uid: 0,
    lines: [
      ...taken(),
      [SHELL, open(SHELL, "mnt"), 2],
      [SHELL, setns(2, "mnt"), refused("EINVAL", "shares-root-and-cwd")],
    ],
  },
  {
    title:
      "below a root of another mount namespace its files are found, and nothing can be mounted, moved or taken away",
    uid: 0,
    lines: [
      [SHELL, open(SHELL, "ipc"), 0],
      [SHELL, bind(0), 0],
      [SHELL, close(0), 0],
      ...taken(),
      ["sharer", unbind, 0],
      [SHELL, open(SHELL, "net"), 2],
      [SHELL, bind(2), refused("EINVAL", "root-elsewhere")],
      [SHELL, unbind, refused("EINVAL", "root-elsewhere")],
      [SHELL, { op: "pivot-root" }, refused("EINVAL", "root-elsewhere")],
      ["sharer", bind(0), 0],
      [SHELL, openPath, 3],
    ],
  },
  {
    title: "where that mount namespace ends, the files of its mounts are gone, and the folders stay",
    uid: 0,
    lines: [
      ...taken(),
      ...ended,
      [SHELL, open(SHELL, "net"), refused("ENOENT", "no-such-file")],
      [SHELL, bind(0), refused("ENOENT", "no-such-file")],
      [SHELL, unbind, refused("ENOENT", "no-such-file")],
      [SHELL, { op: "pivot-root" }, refused("ENOENT", "root-elsewhere")],
      [SHELL, unshare("user"), elsewhere],
      [SHELL, chroot("/tmp"), 0],
      [SHELL, unshare("user"), elsewhere],
    ],
  },
  {
    title:
      "where that mount namespace has ended, what is to be mounted over is looked for before anybody asks who may mount",
    uid: 0,
    lines: [
      ...taken(),
      ...ended,
      [SHELL, { op: "capset", effective: 0n, permitted: 0n }, 0],
      [SHELL, bind(0), refused("ENOENT", "no-such-file")],
      [SHELL, unbind, refused("ENOENT", "no-such-file")],
    ],
  },
  {
    title: "mounts that another user namespace locked outlast their mount namespace below a root",
    uid: 0,
    lines: [
      ...taken("user"),
      ...ended,
      [SHELL, open(SHELL, "net"), 1],
      [SHELL, bind(0), refused("ENOENT", "root-elsewhere")],
      // That comes before the look at what is to be mounted.
      [SHELL, pidfdOpen(SHELL), 2],
      [SHELL, bind(2), refused("ENOENT", "root-elsewhere")],
      [SHELL, unshare("user"), elsewhere],
    ],
  },
  {
    title: "mounts that are locked stay so in a copy that the machine's root makes, and in a copy of that one",
    uid: 0,
    lines: [
      ...joined("user"),
      ["root", clone("copy", "mnt"), "done"],
      ["copy", clone("again", "mnt"), "done"],
      ...leftIn("again"),
      [SHELL, open(SHELL, "net"), 3],
      [SHELL, bind(0), refused("ENOENT", "root-elsewhere")],
    ],
  },
  {
    title: "what is mounted where mounts came locked is not locked, nor in a copy",
    uid: 0,
    lines: [
      ...joined("user"),
      ["root", unshare("mnt"), 0],
      ["root", bind(0), 0],
      ["root", clone("copy", "mnt"), "done"],
      ["copy", unbind, 0],
    ],
  },
  {
    title: "mounts that are locked stay so in a copy for the user namespace that they were locked for",
    uid: 0,
    lines: [
      [SHELL, open(SHELL, "net"), 0],
      [SHELL, open(SHELL, "net"), 1],
      [SHELL, clone("other", "user", "mnt", "net"), "done"],
      ["other", clone("copy", "mnt"), "done"],
      ...leftIn("copy"),
      [SHELL, open(SHELL, "net"), 3],
    ],
  },
  {
    title: "mounts that nobody locked are not in any copy for the same owner",
    uid: 0,
    lines: [
      ...joined(),
      ["root", clone("copy", "mnt"), "done"],
      ["copy", clone("again", "mnt"), "done"],
      ...leftIn("again"),
      [SHELL, open(SHELL, "net"), refused("ENOENT", "no-such-file")],
    ],
  },
];
