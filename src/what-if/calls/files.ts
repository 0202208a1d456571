import { isLink, LINKS } from "../../abi/proc-links.ts";
import type { IoctlArgument, OpenFlag, OtherFile } from "../../kernel/file-call.ts";
import type { Arguments } from "../arguments.ts";
import type { Word } from "../fault.ts";
import { descriptor, fileReference, inProc, isDescriptor, procDescriptor, procLink } from "../references.ts";
import { onFile, plain, type Asked, type Lookup, type NamedForm } from "./form.ts";
import { ACCESS, HANDLE_ROOTS, MAP_FILES, named, OPEN_FLAGS, OTHER_FILES, REQUESTS } from "./words.ts";

const LOOKS = {
  readlink: "its text, as net:[4026531833]",
  stat: "the namespace it leads to",
  lstat: "the link itself",
} as const;

/** The calls on files and descriptors. */
export const FILE_FORMS: readonly NamedForm[] = [
  [
    "open",
    {
      form: "open PROCESS/LINK|PROCESS/MAP|PROCESS/fd/N|PROCESS/ns|PATH [FLAG]…",
      does: "a descriptor of it; a MAP takes read, write or both",
      read: open,
    },
  ],
  ["close", { form: "close fd:N", does: "let go of it", read: (args) => plain({ op: "close", fd: descriptor(args) }) }],
  [
    "pidfd_getfd",
    {
      form: "pidfd_getfd fd:PIDFD fd:N",
      does: "the process's open file N",
      read: (args) => plain({ op: "pidfd_getfd", fd: descriptor(args), target: descriptor(args) }),
    },
  ],
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
  ...(["readlink", "stat", "lstat"] as const).map((op): NamedForm => [
    op,
    { form: `${op} PROCESS/LINK`, does: LOOKS[op], read: (args) => look(args, op) },
  ]),
  ["fcntl", { form: "fcntl fd:N F_GETFD|F_GETFL", does: "flags of a descriptor, of an open file", read: fcntl }],
  [
    "ioctl",
    {
      form: "ioctl FILE REQUEST [N|null|PROCESS@PROCESS]",
      does: "NS_GET_PARENT, PIDFD_GET_INFO, SIOCGSKNS, a number; a@b: a's pid as b has it",
      read: ioctl,
    },
  ],
  ["pidfd_open", { form: "pidfd_open PROCESS|N [PIDFD_THREAD]", does: "a descriptor of a process", read: pidfdOpen }],
  ["sendmsg", { form: "sendmsg fd:N PROCESS", does: "pass the descriptor to it (SCM_RIGHTS)", read: send }],
  [
    "socket",
    {
      form: "socket AF_UNIX|AF_INET",
      does: "in the caller's network namespace",
      read: (args) => plain({ op: "open-other", what: args.choice(FAMILIES, "family") }),
    },
  ],
  [
    "socketpair",
    { form: "socketpair", does: "one end of a pair", read: () => plain({ op: "open-other", what: "socket-pair" }) },
  ],
  ["pipe", { form: "pipe", does: "its reading end", read: () => plain({ op: "open-other", what: "pipe" }) }],
  ["getsockopt", { form: "getsockopt fd:N SO_PEERPIDFD|SO_NETNS_COOKIE", does: "of a socket", read: getsockopt }],
  [
    "name_to_handle_at",
    {
      form: "name_to_handle_at FILE|PROCESS/LINK [AT_SYMLINK_FOLLOW]",
      does: "the file handle; of a link without the flag, of the link itself",
      read: nameToHandle,
    },
  ],
  [
    "open_by_handle_at",
    {
      form: "open_by_handle_at fd:N|FD_NSFS_ROOT|FD_PIDFS_ROOT|AT_FDCWD NAMESPACE",
      does: "by the handle of that namespace",
      read: openByHandle,
    },
  ],
  ["mount", { form: "mount [--bind] FILE PATH", does: "bind the namespace's file over a path", read: mount }],
  ["umount", { form: "umount [-l] PATH", does: "undo it; -l: though it is in use (MNT_DETACH)", read: umount }],
];

function open(args: Arguments): Asked {
  const word = args.word("file-to-open");
  const what = OTHER_FILES.get(word.text);
  if (what !== undefined) return plain({ op: "open-other", what });
  const reopened = procDescriptor(word);
  if (reopened !== undefined) {
    return { call: (look) => ({ op: "reopen", of: look.process(reopened.of), fd: reopened.fd }) };
  }
  if (word.text.startsWith("/") && !word.text.startsWith("/proc/")) {
    return plain({ op: "open-path", path: word.text });
  }
  const { of, file } = inProc(word);
  if (file.text === "ns" && of.text !== "") return { call: (look) => ({ op: "open-folder", of: look.process(of) }) };
  const map = MAP_FILES.get(file.text);
  if (map !== undefined) {
    const access = args.peek() === undefined ? "both" : args.choice(ACCESS, "access");
    return { call: (look) => ({ op: "open-map", of: look.process(of), file: map, access }) };
  }
  const link = file.text;
  if (!isLink(link)) throw args.unlike(file, "file-to-open", [...LINKS, ...MAP_FILES.keys(), "ns"]);
  const flags: OpenFlag[] = [];
  while (args.peek() !== undefined) flags.push(args.choice(OPEN_FLAGS, "open-flag"));
  return { call: (look) => ({ op: "open", of: look.process(of), link, ...(flags.length > 0 && { flags }) }) };
}

function look(args: Arguments, op: keyof typeof LOOKS): Asked {
  const { of, link } = procLink(args);
  return { call: (find) => ({ op, of: find.process(of), link }) };
}

function fcntl(args: Arguments): Asked {
  const fd = descriptor(args);
  return plain({ op: "fcntl", fd, command: args.choice(named(["F_GETFD", "F_GETFL"] as const), "fcntl-command") });
}

function ioctl(args: Arguments): Asked {
  const on = fileReference(args);
  const request = args.peek()?.text ?? "";
  const make = /^(0x[\da-f]+|\d+)$/i.test(request)
    ? rawRequest(args.number("request"))
    : args.choice(REQUESTS, "request");
  const argument = ioctlArgument(args);
  return { on, call: (find, fd) => make(fd, argument?.(find)) };
}
const rawRequest =
  (request: number) =>
  (fd: number, argument: IoctlArgument | undefined): ReturnType<Asked["call"]> => ({
    op: "ioctl",
    fd,
    request,
    ...(argument !== undefined && { argument }),
  });

/** What stands behind the request: `null`, `bad-address`, a number, or `a@b`, the number of process a as b sees it. */
function ioctlArgument(args: Arguments): ((find: Lookup) => IoctlArgument) | undefined {
  const word = args.peek();
  if (word === undefined) return undefined;
  const { text, from, to } = word;
  if (text === "null" || text === "bad-address") {
    args.word("number");
    return () => text;
  }
  const at = text.indexOf("@");
  if (at < 0) {
    const number = args.number();
    return () => number;
  }
  args.word("number");
  const of: Word = { text: text.slice(0, at), from, to: from + at };
  const by: Word = { text: text.slice(at + 1), from: from + at + 1, to };
  return (find) => ({ numberOf: find.process(of), seenBy: find.process(by) });
}

function pidfdOpen(args: Arguments): Asked {
  const word = args.word("process");
  const flags = args.flags("pidfd-flag");
  if (!/^\d{1,9}$/.test(word.text)) return { call: (find) => ({ op: "pidfd_open", of: find.process(word), flags }) };
  const number = Number(word.text);
  return { call: (find) => ({ op: "pidfd_open", of: find.numbered(number) ?? { number }, flags }) };
}

function send(args: Arguments): Asked {
  const fd = descriptor(args);
  const to = args.word("process");
  return { call: (find) => ({ op: "send", fd, to: find.process(to) }) };
}

function getsockopt(args: Arguments): Asked {
  const fd = descriptor(args);
  const option = args.choice(named(["SO_PEERPIDFD", "SO_NETNS_COOKIE"] as const), "socket-option");
  const bytes = args.optionalNumber();
  return plain({ op: "getsockopt", fd, option, ...(bytes !== undefined && { bytes }) });
}

function nameToHandle(args: Arguments): Asked {
  const word = args.peek();
  if (word?.text.includes("/") !== true || isDescriptor(word.text)) {
    return onFile(args, (fd) => ({ op: "name_to_handle_at", fd }));
  }
  const { of, link } = procLink(args);
  const follow = args.skip("AT_SYMLINK_FOLLOW");
  return { call: (find) => ({ op: "link_to_handle_at", of: find.process(of), link, follow }) };
}

function openByHandle(args: Arguments): Asked {
  const mount = isDescriptor(args.peek()?.text ?? "") ? descriptor(args) : args.choice(HANDLE_ROOTS, "handle-root");
  const of = args.word("namespace");
  return { call: (find) => ({ op: "open_by_handle_at", mount, handle: find.handle(of) }) };
}

function mount(args: Arguments): Asked {
  args.skip("--bind");
  const on = fileReference(args);
  const path = args.word("path").text;
  return { on, call: (_, fd) => ({ op: "bind", fd, path }) };
}

function umount(args: Arguments): Asked {
  const detach = args.skip("-l");
  return plain({ op: "unbind", path: args.word("path").text, detach });
}

const FAMILIES: ReadonlyMap<string, OtherFile> = new Map([
  ["AF_UNIX", "socket"],
  ["AF_INET", "inet-socket"],
]);
