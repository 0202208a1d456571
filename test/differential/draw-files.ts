import { CONSTANTS } from "../../src/abi/constants.ts";
import { NSFS_IOCTL_NAMES, PIDFD_IOCTL_NAMES, type NsfsIoctl } from "../../src/abi/ioctls.ts";
import { KINDS, NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { LINKS } from "../../src/abi/proc-links.ts";
import type { MapFile } from "../../src/kernel/call.ts";
import type { IoctlArgument, OpenFlag, OtherFile } from "../../src/kernel/file-call.ts";
import type { Task } from "../../src/kernel/model/world.ts";
import type { Digits } from "./digits.ts";
import type { Rows } from "./draft-call.ts";
import type { Scene } from "./scene.ts";

const FLAGS = KINDS.map((kind) => NAMESPACE_KINDS[kind].flag);
const RELATIONS = ["NS_GET_USERNS", "NS_GET_PARENT", "NS_GET_OWNER_UID"] as const;
/** Of these few come to where the address is looked at. */
const ABOUT_MOUNTS: ReadonlySet<string> = new Set(["NS_GET_MNTNS_ID", "NS_MNT_GET_INFO"]);
/** Numbers of requests that no kernel has. */
const RAW_REQUESTS = [0xb705, 0xb77f, 0x8004b70d];
const OTHERS: readonly OtherFile[] = [
  "socket",
  "inet-socket",
  "socket-pair",
  "null",
  "directory",
  "process-directory",
  "pipe",
];
const OPENINGS: readonly (readonly OpenFlag[])[] = [
  ["O_PATH"],
  ["O_RDWR"],
  ["O_NOFOLLOW"],
  ["O_PATH", "O_NOFOLLOW"],
  ["O_DIRECTORY"],
];
const ANY = ["namespace", "pidfd", "map", "socket", "other"] as const;
const MAP_FILES: readonly MapFile[] = ["uid_map", "gid_map", "projid_map", "setgroups"];
const { PIDFD_THREAD, O_NONBLOCK } = CONSTANTS;
/** On both kernels. */
const A_FOLDER = "/proc";
/** Where the running kernel has files to bind over, below the folder that it is given. */
export const BIND_NAMES = ["a", "b"] as const;

/** Calls on descriptors, and those that open some. */
export const FILE_ROWS = {
  open: {
    weight: 26,
    draw: (scene, _, digits) => {
      const link = { op: "open", of: scene.task(digits), link: digits.pick(LINKS) } as const;
      return digits.once(10) ? { ...link, flags: digits.pick(OPENINGS) } : link;
    },
  },
  readlink: { weight: 3, draw: (scene, _, digits) => ({ op: "readlink", ...drawLink(scene, digits) }) },
  stat: { weight: 2, draw: (scene, _, digits) => ({ op: "stat", ...drawLink(scene, digits) }) },
  lstat: { weight: 1, draw: (scene, _, digits) => ({ op: "lstat", ...drawLink(scene, digits) }) },
  reopen: { weight: 4, draw: drawReopen },
  "open-folder": { weight: 1, draw: (scene, _, digits) => ({ op: "open-folder", of: scene.task(digits) }) },
  "open-path": { weight: 3, draw: (_, __, digits) => ({ op: "open-path", path: digits.pick(BIND_NAMES) }) },
  "open-other": { weight: 5, draw: (_, __, digits) => ({ op: "open-other", what: digits.pick(OTHERS) }) },
  close: {
    weight: 4,
    wants: ANY,
    draw: (scene, caller, digits) => ({ op: "close", fd: scene.descriptor(caller, digits) }),
  },
  pidfd_getfd: {
    weight: 2,
    draw: (scene, caller, digits) => ({
      op: "pidfd_getfd",
      fd: scene.descriptor(caller, digits, "pidfd"),
      target: digits.next(4),
      ...(digits.once(9) && { flags: 1 }),
    }),
  },
  dup: {
    weight: 3,
    wants: ANY,
    draw: (scene, caller, digits) => ({ op: "dup", fd: scene.descriptor(caller, digits) }),
  },
  send: {
    weight: 6,
    wants: ANY,
    draw: (scene, caller, digits) => ({
      op: "send",
      fd: scene.descriptor(caller, digits, "namespace", "pidfd", "map"),
      to: digits.pick(scene.callers).name,
    }),
  },
  fstat: {
    weight: 3,
    wants: ["namespace"],
    draw: (scene, caller, digits) => ({ op: "fstat", fd: scene.descriptor(caller, digits, "namespace") }),
  },
  fcntl: {
    weight: 3,
    wants: ANY,
    draw: (scene, caller, digits) => ({
      op: "fcntl",
      fd: scene.descriptor(caller, digits),
      command: digits.pick(["F_GETFD", "F_GETFL"] as const),
    }),
  },
  ioctl: { weight: 30, wants: ["namespace"], draw: drawIoctl },
  setns: { weight: 30, wants: ["namespace", "pidfd"], draw: drawSetns },
  pidfd_open: {
    weight: 9,
    draw: (scene, _, digits) => ({
      op: "pidfd_open",
      of: digits.once(12) ? { number: digits.pick([0, -1]) } : scene.task(digits),
      flags: digits.once(3) ? digits.pick([PIDFD_THREAD, O_NONBLOCK, 1]) : 0,
    }),
  },
  "pidfd-ioctl": {
    weight: 12,
    wants: ["pidfd"],
    draw: (scene, caller, digits) => {
      const call = { op: "pidfd-ioctl", fd: scene.descriptor(caller, digits, "pidfd") } as const;
      if (digits.once(16)) return { ...call, request: 0xff7f, argument: digits.next(2) };
      // What only this one is refused for wants a process outside the caller's pid namespace.
      const request = digits.once(4) ? "PIDFD_GET_INFO" : digits.pick(PIDFD_IOCTL_NAMES);
      return { ...call, request, argument: digits.once(12) ? 1 : 0 };
    },
  },
  getsockopt: {
    weight: 3,
    wants: ["socket"],
    draw: (scene, caller, digits) => ({
      op: "getsockopt",
      fd: scene.descriptor(caller, digits, "socket"),
      option: digits.pick(["SO_PEERPIDFD", "SO_NETNS_COOKIE"] as const),
      ...(digits.once(8) ? { bytes: 3 } : {}),
    }),
  },
  "open-map": {
    weight: 6,
    draw: (scene, _, digits) => ({
      op: "open-map",
      of: scene.task(digits),
      file: digits.pick(MAP_FILES),
      access: digits.pick(["write", "both", "read"] as const),
    }),
  },
  write: {
    weight: 8,
    draw: (scene, _, digits) => {
      const file = digits.pick(MAP_FILES);
      return { op: "write", of: scene.task(digits), file, text: textFor(file, digits) };
    },
  },
  read: {
    weight: 4,
    wants: ["map"],
    // To read from a socket would be to wait; what can be sent through one is no business of namespaces.
    draw: (scene, caller, digits) => {
      const fd = scene.descriptor(caller, digits, "map");
      return scene.fileAt(caller, fd)?.type === "socket" ? undefined : { op: "read", fd };
    },
  },
  "write-fd": {
    weight: 8,
    wants: ["map"],
    draw: (scene, caller, digits) => {
      const fd = scene.descriptor(caller, digits, "map");
      const target = scene.fileAt(caller, fd);
      // With the first write a socket of a pair forgets its other end, which the model does not.
      if (target?.type === "socket" && target.peer !== undefined) return undefined;
      return { op: "write-fd", fd, text: textFor(target?.type === "map" ? target.file : "uid_map", digits) };
    },
  },
  pwrite: {
    weight: 1,
    wants: ["map"],
    draw: (scene, caller, digits) => ({
      op: "pwrite",
      fd: scene.descriptor(caller, digits, "map"),
      text: "0 0 1",
      offset: digits.pick([0, 1, -1]),
    }),
  },
  "write-timens-offsets": {
    weight: 3,
    draw: (scene, _, digits) => ({
      op: "write-timens-offsets",
      of: scene.task(digits),
      text: digits.pick(OFFSETS),
    }),
  },
  "read-timens-offsets": {
    weight: 1,
    draw: (scene, _, digits) => ({ op: "read-timens-offsets", of: scene.task(digits) }),
  },
  status: { weight: 3, draw: (scene, _, digits) => ({ op: "status", of: scene.task(digits) }) },
  bind: {
    weight: 6,
    wants: ["namespace"],
    draw: (scene, caller, digits) => {
      const fd = scene.descriptor(caller, digits, "namespace");
      // Binds of other files are no business of namespaces.
      const target = scene.fileAt(caller, fd);
      return target === undefined || target.type === "namespace" || target.type === "pidfd"
        ? { op: "bind", fd, path: digits.once(16) ? A_FOLDER : digits.pick(BIND_NAMES) }
        : undefined;
    },
  },
  unbind: {
    weight: 3,
    draw: (_, __, digits) => ({
      op: "unbind",
      path: digits.pick(BIND_NAMES),
      ...(digits.once(4) ? { detach: false } : {}),
    }),
  },
} as const satisfies Rows;

function drawLink(scene: Scene, digits: Digits) {
  return { of: scene.task(digits), link: digits.pick(LINKS) };
}

function drawIoctl(scene: Scene, caller: Task, digits: Digits) {
  if (digits.once(12)) {
    return { op: "ioctl", fd: scene.descriptor(caller, digits, "socket"), request: "SIOCGSKNS" } as const;
  }
  const fd = scene.descriptor(caller, digits, "namespace");
  if (digits.once(24)) return { op: "ioctl", fd, request: digits.pick(RAW_REQUESTS) } as const;
  // Half of them the relations, which are what this is about.
  const request = digits.once(2) ? digits.pick(RELATIONS) : digits.pick(NSFS_IOCTL_NAMES);
  if (request.endsWith("_PIDNS")) {
    return { op: "ioctl", fd, request, argument: numberToTranslate(scene, { caller, fd, request }, digits) } as const;
  }
  return digits.once(ABOUT_MOUNTS.has(request) ? 3 : 12)
    ? ({ op: "ioctl", fd, request, argument: digits.pick(["null", "bad-address"] as const) } as const)
    : ({ op: "ioctl", fd, request } as const);
}

/** A number that the source of a translation may know: in the first pid namespace of one of ours, else a small one. */
function numberToTranslate(
  scene: Scene,
  { caller, fd, request }: { caller: Task; fd: number; request: NsfsIoctl },
  digits: Digits,
): IoctlArgument {
  if (digits.once(12)) return digits.pick([0, -1]);
  const target = scene.fileAt(caller, fd);
  const behind = target?.type === "namespace" ? target.namespace : undefined;
  const source = request.includes("_FROM_") ? behind : caller.pid;
  if (source !== scene.world.initial.pid) return 1 + digits.next(5);
  // Whoever is in the first pid namespace sees the numbers that it has there; the first task always is.
  const [first = caller] = scene.tasks;
  return { numberOf: scene.task(digits), seenBy: first.name };
}

function drawReopen(scene: Scene, _: Task, digits: Digits) {
  const of = scene.task(digits);
  const task = scene.tasks.find(({ name }) => name === of);
  const fd =
    task === undefined
      ? 0
      : digits.once(2)
        ? scene.descriptor(task, digits)
        : scene.descriptor(task, digits, "namespace");
  const target = task === undefined ? undefined : scene.fileAt(task, fd);
  // Who owns it is what the kernel saw last, which the model does not know.
  const isOutside = target?.type === "other" && target.what === "namespace-directory";
  return isOutside ? undefined : ({ op: "reopen", of, fd } as const);
}

function drawSetns(scene: Scene, caller: Task, digits: Digits) {
  const fd = scene.descriptor(caller, digits, "namespace", "pidfd");
  if (scene.fileAt(caller, fd)?.type === "pidfd") return { op: "setns", fd, nstype: severalKinds(digits) } as const;
  const nstype = digits.once(9) ? digits.pick([...FLAGS, 1]) : digits.once(3) ? 0 : scene.flagBehind(caller, fd);
  return { op: "setns", fd, nstype } as const;
}

/** None, one or several kinds, and now and then what is no kind. */
function severalKinds(digits: Digits): number {
  if (digits.once(20)) return digits.pick([0, 1]);
  let flags = digits.pick(FLAGS);
  if (digits.once(2)) flags |= digits.pick(FLAGS);
  if (digits.once(3)) flags |= NAMESPACE_KINDS.user.flag;
  if (digits.once(4)) flags |= digits.pick(FLAGS);
  return flags;
}

const GOOD_MAPS = ["0 0 4294967295", "0 1000 1", "0 0 1", "1000 1000 1", "0 1000 10\n20 0 1", "0 0 2000", "5 1001 1"];
/** More than a page, which no map may have. */
const LONG_MAP = "0 0 1\n".repeat(700);
const BAD_MAPS = [LONG_MAP, "0 0", "0 1 0", "", "0 0 1\n0 5 1", "0 4294967295 1", "x", " 0  0\t1 \n", "0 0 1\n\n"];
const SETGROUPS = ["deny", "allow", "deny\n", "x", "denyy"];

const OFFSETS = [
  "monotonic 60 0",
  "7 1 1\n",
  "monotonic 1 2\nboottime -1 5\n",
  "boottime 9999999999 0",
  "monotonic 1 1000000000",
  "realtime 1 0",
  "",
];

export function textFor(file: MapFile, digits: Digits): string {
  if (file === "setgroups") return digits.pick(SETGROUPS);
  return digits.pick(digits.once(5) ? BAD_MAPS : GOOD_MAPS);
}
