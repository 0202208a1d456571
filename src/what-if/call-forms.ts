import { isLink, LINKS } from "../abi/proc-links.ts";
import { allIds, taskName, type Call, type TaskName, type ThreeIds } from "../kernel/call.ts";
import type { Arguments } from "./arguments.ts";
import type { Word } from "./fault.ts";
import {
  cloneFlags,
  descriptor,
  fileReference,
  inProc,
  kindFlags,
  pidfdFlags,
  type FileReference,
} from "./references.ts";

import { ACCESS, MAP_FILES, named, OTHER_FILES, PRCTLS, REQUESTS, SETS, SYSCTLS } from "./call-words.ts";
/** Finds the process that a word names once the calls before have been made; an empty word is the caller. */
export type FindProcess = (word: Word) => TaskName;

/** What the words behind a call's name ask for. */
export interface Asked {
  /** The file that it is made on. */
  readonly on?: FileReference;
  /** A name that must be free. */
  readonly makes?: Word;
  /** `fd`: the descriptor of the file that it is made on. */
  readonly call: (find: FindProcess, fd: number) => Call;
}

/** How a call is written, and what the words become. */
export interface CallForm {
  readonly form: string;
  /** For the help: a phrase without a full stop. */
  readonly does: string;
  readonly read: (args: Arguments) => Asked;
}

const plain = (call: Call): Asked => ({ call: () => call });
/** One id for all three, or real, effective and saved. */
function threeIds(args: Arguments): ThreeIds {
  const real = args.number("id", { signed: true });
  if (args.peek() === undefined) return allIds(real);
  return { real, effective: args.number("id", { signed: true }), saved: args.number("id", { signed: true }) };
}
const onFile = (args: Arguments, call: (fd: number) => Call): Asked => ({
  on: fileReference(args),
  call: (_, fd) => call(fd),
});

/** Every call that can be written, by the name that its manual page has. */
export const CALL_FORMS: ReadonlyMap<string, CallForm> = new Map<string, CallForm>([
  [
    "open",
    {
      form: "open PROCESS/LINK | PROCESS/MAP [read|write|both] | /dev/null | /",
      does: "a descriptor of it: of a namespace, of a map file",
      read: open,
    },
  ],
  ["close", { form: "close fd:N", does: "let go of it", read: (args) => plain({ op: "close", fd: descriptor(args) }) }],
  [
    "dup",
    {
      form: "dup fd:N",
      does: "another descriptor of the same file",
      read: (args) => plain({ op: "dup", fd: descriptor(args) }),
    },
  ],
  [
    "fstat",
    { form: "fstat FILE", does: "the inode number", read: (args) => onFile(args, (fd) => ({ op: "fstat", fd })) },
  ],
  ["fcntl", { form: "fcntl fd:N F_GETFD|F_GETFL", does: "flags of a descriptor, of an open file", read: fcntl }],
  [
    "ioctl",
    { form: "ioctl FILE REQUEST [N]", does: "NS_GET_PARENT, NS_GET_USERNS, PIDFD_GET_NET_NAMESPACE, …", read: ioctl },
  ],
  ["setns", { form: "setns FILE [KIND]…", does: "enter it; a pidfd takes several kinds", read: setns }],
  [
    "unshare",
    {
      form: "unshare KIND…",
      does: "enter new ones; CLONE_ flags too",
      read: (args) => plain({ op: "unshare", flags: cloneFlags(args) }),
    },
  ],
  ["clone", { form: "clone [KIND]… as NAME", does: "a new process, in new namespaces of these kinds", read: clone }],
  ["pidfd_open", { form: "pidfd_open PROCESS|N [PIDFD_THREAD]", does: "a descriptor of a process", read: pidfdOpen }],
  [
    "write",
    { form: 'write [PROCESS/]uid_map "0 1000 1" | fd:N TEXT', does: "fill an id map, or deny setgroups", read: write },
  ],
  [
    "read",
    { form: "read fd:N", does: "what is in a map file", read: (args) => plain({ op: "read", fd: descriptor(args) }) },
  ],
  ["mount", { form: "mount FILE PATH", does: "bind the namespace's file over a path", read: mount }],
  [
    "umount",
    { form: "umount PATH", does: "undo it", read: (args) => plain({ op: "unbind", path: args.word("path").text }) },
  ],
  [
    "setresuid",
    {
      form: "setresuid UID [EUID SUID]",
      does: "-1 leaves an id as it is",
      read: (args) => plain({ op: "setresuid", ids: threeIds(args) }),
    },
  ],
  [
    "setresgid",
    {
      form: "setresgid GID [EGID SGID]",
      does: "the same for gids",
      read: (args) => plain({ op: "setresgid", ids: threeIds(args) }),
    },
  ],
  [
    "setfsuid",
    {
      form: "setfsuid UID",
      does: "gives the one before",
      read: (args) => plain({ op: "setfsuid", id: args.number("id") }),
    },
  ],
  ["setgroups", { form: "setgroups [GID]…", does: "the supplementary groups", read: setgroups }],
  ["getresuid", { form: "getresuid", does: "real, effective and saved", read: () => plain({ op: "getresuid" }) }],
  ["getresgid", { form: "getresgid", does: "the same for gids", read: () => plain({ op: "getresgid" }) }],
  ["getgroups", { form: "getgroups", does: "the supplementary groups", read: () => plain({ op: "getgroups" }) }],
  ["capset", { form: "capset all|none|CAP…", does: "the effective and the permitted set", read: capset }],
  [
    "prctl",
    {
      form: "prctl PR_SET_NO_NEW_PRIVS | PR_SET_DUMPABLE N | PR_CAPBSET_DROP CAP",
      does: "PR_SET_SECUREBITS N too",
      read: prctl,
    },
  ],
  [
    "sysctl",
    { form: "sysctl max_KIND_namespaces [N]", does: "read, or write, under /proc/sys/user; pid_max too", read: sysctl },
  ],
  ["execve", { form: "execve", does: "a program without special bits", read: () => plain({ op: "exec" }) }],
  [
    "chroot",
    {
      form: "chroot PATH",
      does: "another root",
      read: (args) => plain({ op: "chroot", path: args.word("path").text }),
    },
  ],
  ["pivot_root", { form: "pivot_root", does: "a root of its own", read: () => plain({ op: "pivot-root" }) }],
  ["getpid", { form: "getpid", does: "as the caller sees itself", read: () => plain({ op: "getpid" }) }],
  ["getppid", { form: "getppid", does: "its parent, as the caller sees it", read: () => plain({ op: "getppid" }) }],
  ["wait4", { form: "wait4 PROCESS", does: "reap a child that has ended", read: wait }],
  ["exit", { form: "exit", does: "the whole process", read: () => plain({ op: "exit" }) }],
]);

function open(args: Arguments): Asked {
  const word = args.word("file-to-open");
  const what = OTHER_FILES.get(word.text);
  if (what !== undefined) return plain({ op: "open-other", what });
  const { of, file } = inProc(word);
  const map = MAP_FILES.get(file.text);
  if (map !== undefined) {
    const access = args.peek() === undefined ? "both" : args.choice(ACCESS, "access");
    return { call: (find) => ({ op: "open-map", of: find(of), file: map, access }) };
  }
  const link = file.text;
  if (!isLink(link)) throw args.unlike(file, "file-to-open", [...LINKS, ...MAP_FILES.keys()]);
  return { call: (find) => ({ op: "open", of: find(of), link }) };
}

function fcntl(args: Arguments): Asked {
  const fd = descriptor(args);
  return plain({ op: "fcntl", fd, command: args.choice(named(["F_GETFD", "F_GETFL"] as const), "fcntl-command") });
}

function ioctl(args: Arguments): Asked {
  const on = fileReference(args);
  const request = args.choice(REQUESTS, "request");
  const argument = args.optionalNumber();
  return { on, call: (_, fd) => request(fd, argument) };
}

function setns(args: Arguments): Asked {
  const on = fileReference(args);
  const nstype = kindFlags(args);
  return { on, call: (_, fd) => ({ op: "setns", fd, nstype }) };
}

function clone(args: Arguments): Asked {
  const flags = cloneFlags(args, "as");
  if (!args.skip("as")) args.word("as");
  const as = args.word("new-name");
  if (!/^[\w.-]+$/.test(as.text)) throw args.unlike(as, "new-name");
  return { makes: as, call: () => ({ op: "clone", flags, as: taskName(as.text) }) };
}

function pidfdOpen(args: Arguments): Asked {
  const word = args.word("process");
  const flags = pidfdFlags(args);
  const of = /^\d{1,9}$/.test(word.text) ? { number: Number(word.text) } : undefined;
  return { call: (find) => ({ op: "pidfd_open", of: of ?? find(word), flags }) };
}

function write(args: Arguments): Asked {
  if (/^(fd:)?\d+$/.test(args.peek()?.text ?? "")) {
    const fd = descriptor(args);
    return plain({ op: "write-fd", fd, text: args.text() });
  }
  const { of, file } = inProc(args.word("map-file"));
  const map = MAP_FILES.get(file.text);
  if (map === undefined) throw args.unlike(file, "map-file", [...MAP_FILES.keys()]);
  const content = args.text();
  return { call: (find) => ({ op: "write", of: find(of), file: map, text: content }) };
}

function mount(args: Arguments): Asked {
  const on = fileReference(args);
  const path = args.word("path").text;
  return { on, call: (_, fd) => ({ op: "bind", fd, path }) };
}

function setgroups(args: Arguments): Asked {
  const groups: number[] = [];
  while (args.peek() !== undefined) groups.push(args.number("id"));
  return plain({ op: "setgroups", groups });
}

function capset(args: Arguments): Asked {
  let set = args.choice(SETS, "capability");
  while (args.peek() !== undefined) set |= args.choice(SETS, "capability");
  return plain({ op: "capset", effective: set, permitted: set });
}

function prctl(args: Arguments): Asked {
  return plain(args.choice(PRCTLS, "prctl")(args));
}

function sysctl(args: Arguments): Asked {
  const name = args.choice(SYSCTLS, "sysctl");
  return plain(
    args.peek() === undefined ? { op: "read-sysctl", name } : { op: "write-sysctl", name, text: args.text() },
  );
}

function wait(args: Arguments): Asked {
  const child = args.word("process");
  return { call: (find) => ({ op: "wait", child: find(child) }) };
}
