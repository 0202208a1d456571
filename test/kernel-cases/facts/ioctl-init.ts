import { CONSTANTS } from "../../../src/abi/constants.ts";
import { inodeOf } from "../../../src/abi/ids.ts";
import { KINDS } from "../../../src/abi/namespace-kinds.ts";
import { taskName } from "../../../src/kernel/call.ts";
import type { IoctlArgument, IoctlRequest, OtherFile } from "../../../src/kernel/file-call.ts";
import type { FactCase, Scene, Step } from "../fact-case.ts";
import { capset, clone, fstat, ioctl, open, openOther, setns, unshare } from "../script.ts";
import { ordinary, told, within } from "./standings.ts";

/** The ioctls on files of the initial namespaces, on what is no namespace file, and with arguments that are none. */

/** Another mount namespace, for walks to lead to. */
const WORLD = "mnt:other";

const inode = (scene: Scene, fd: number): string => {
  const behind = scene.call("shell", fstat(fd));
  return typeof behind === "object" && "namespace" in behind ? inodeOf(behind.namespace) : "";
};
/** How an answer is told. */
const TELLS: Partial<Record<IoctlRequest, FactCase["shows"]>> = {
  NS_GET_USERNS: (fd, scene) => `fd -> user:[${inode(scene, Number(fd))}]`,
  NS_GET_NSTYPE: (flag) => `value 0x${Number(flag).toString(16)}`,
  NS_GET_OWNER_UID: (uid) => `uid ${told(uid)}`,
  NS_GET_PID_FROM_PIDNS: (number, scene) =>
    number === scene.call("shell", { op: "getpid" }) ? "returns same pid" : told(number),
};

const ownNumber: IoctlArgument = { numberOf: taskName("shell"), seenBy: taskName("shell") };
const REQUESTS = [
  "NS_GET_USERNS",
  "NS_GET_PARENT",
  "NS_GET_NSTYPE",
  "NS_GET_OWNER_UID",
  "NS_GET_MNTNS_ID",
  "NS_GET_ID",
  "NS_GET_PID_FROM_PIDNS",
  "NS_MNT_GET_INFO",
  "NS_MNT_GET_NEXT",
] as const;
const MATRIX = REQUESTS.flatMap((request) =>
  KINDS.filter((kind) => !(request === "NS_MNT_GET_INFO" && kind === "mnt")).map((kind): FactCase => {
    const argument = request === "NS_GET_PID_FROM_PIDNS" ? ownNumber : undefined;
    const shows = TELLS[request];
    return {
      id: `ioctl.init.${request}.${kind}`,
      world: WORLD,
      asks: ["shell", (fds) => ioctl(fds(`${kind}:init`), request, argument)],
      ...(shows === undefined ? {} : { shows }),
    };
  }),
);

const on = (name: string, request: IoctlRequest, argument?: IoctlArgument): Step => [
  "shell",
  (fds) => ioctl(fds(name), request, argument),
];
const onMnt = (id: string, request: IoctlRequest, argument?: IoctlArgument): FactCase => ({
  id: `ioctl.${id}`,
  world: WORLD,
  asks: on("mnt:init", request, argument),
});
const ARGUMENTS: FactCase[] = [
  onMnt("MNTNS_ID.oldnr", 0xb705),
  onMnt("MNTNS_ID.efault", "NS_GET_MNTNS_ID", "bad-address"),
  onMnt("ID.efault", "NS_GET_ID", "null"),
  onMnt("MNT_INFO.null", "NS_MNT_GET_INFO", "null"),
  onMnt("MNT_INFO.efault", "NS_MNT_GET_INFO", "bad-address"),
  onMnt("MNT_INFO.size8", 0x8008b70a),
  onMnt("MNT_INFO.wrongdir", 0x4010b70a),
  onMnt("MNT_INFO.wrongtype", 0x8010b80a),
  onMnt("unknown14", 0x8008b70e),
  onMnt("unknown", 0xb70f),
  onMnt("fs.FIONREAD", CONSTANTS.FIONREAD),
  onMnt("NEXT.null", "NS_MNT_GET_NEXT", "null"),
  { id: "ioctl.OWNER.efault", asks: on("user:init", "NS_GET_OWNER_UID", "null") },
];

/** Follows the walk to where it is refused. */
function lastErrno(request: "NS_MNT_GET_NEXT" | "NS_MNT_GET_PREV", from: number, scene: Scene): string {
  for (let fd = from; ;) {
    const next = scene.call("shell", ioctl(fd, request));
    scene.call("shell", { op: "close", fd });
    if (typeof next === "string") return `error ${next}`;
    fd = Number(next);
  }
}
/** The ids that a walk meets up to the mount namespace of a name, or to its end. */
function idsUpTo(scene: Scene, name: string, from: number): bigint[] {
  const ids: bigint[] = [];
  for (let fd: unknown = from; typeof fd === "number"; fd = scene.call("shell", ioctl(fd, "NS_MNT_GET_NEXT"))) {
    ids.push(BigInt(told(scene.call("shell", ioctl(fd, "NS_GET_MNTNS_ID")))));
    if (scene.nameBehind(fd) === name) break;
  }
  return ids;
}
const increasing = (ids: readonly bigint[]): boolean => ids.every((id, at) => id > (ids[at - 1] ?? 0n));

const inUserNamespace: Step[] = [
  ["shell", unshare("user", "mnt")],
  ["shell", open("shell", "mnt")],
];
const WALKS: FactCase[] = [
  {
    ...onMnt("NEXT.cloexec", "NS_MNT_GET_NEXT"),
    shows: (fd, scene) => `${scene.call("shell", { op: "fcntl", fd: Number(fd), command: "F_GETFD" }) === 1}`,
  },
  {
    ...onMnt("NEXT.end", "NS_MNT_GET_NEXT"),
    shows: (fd, scene) => lastErrno("NS_MNT_GET_NEXT", Number(fd), scene),
  },
  {
    ...onMnt("NEXT.order", "NS_MNT_GET_NEXT"),
    shows: (fd, scene) => {
      const ids = idsUpTo(scene, "mnt:other", Number(fd));
      return `${increasing(ids) ? "increasing" : ids.join(" ")}, reached`;
    },
  },
  {
    id: "ioctl.PREV.first",
    world: WORLD,
    asks: on("mnt:other", "NS_MNT_GET_PREV"),
    shows: (fd, scene) => lastErrno("NS_MNT_GET_PREV", Number(fd), scene),
  },
  { id: "ioctl.PREV.second", world: WORLD, asks: on("mnt:other", "NS_MNT_GET_PREV") },
  {
    ...onMnt("NEXT.sysadmin_only", "NS_MNT_GET_NEXT"),
    before: [["shell", capset("CAP_SYS_ADMIN")]],
  },
  { ...onMnt("NEXT.nobody", "NS_MNT_GET_NEXT"), before: ordinary(65534) },
  { ...onMnt("INFO.nobody", "NS_MNT_GET_INFO"), before: ordinary(65534) },
  { ...onMnt("ID.nobody", "NS_GET_ID"), before: ordinary(65534) },
  { ...onMnt("NEXT.nobody.badsize", 0x8008b70b), before: ordinary(2000) },
  { id: "ioctl.NEXT.nobody.nonmnt", before: ordinary(2000), asks: on("uts:init", "NS_MNT_GET_NEXT") },
  { id: "ioctl.OWNER.nobody", before: ordinary(2000), asks: on("user:init", "NS_GET_OWNER_UID") },
  {
    id: "ioctl.NEXT.childpidns",
    world: "pid:P",
    before: [within("pid:P"), ["shell", clone("inside")]],
    asks: ["inside", (fds) => ioctl(fds("mnt:init"), "NS_MNT_GET_NEXT")],
  },
  {
    id: "ioctl.NEXT.childuserns.own",
    before: inUserNamespace,
    asks: ["shell", (_, gave) => ioctl(Number(gave[1]), "NS_MNT_GET_PREV")],
  },
  {
    id: "ioctl.NEXT.childuserns.next",
    before: [...inUserNamespace, ["shell", clone("younger", "mnt")]],
    asks: ["shell", (_, gave) => ioctl(Number(gave[1]), "NS_MNT_GET_NEXT")],
  },
];

const notNamespace = (id: string, what: OtherFile): FactCase => ({
  id: `ioctl.${id}`,
  before: [["shell", openOther(what)]],
  asks: ["shell", (_, gave) => ioctl(Number(gave[0]), "NS_GET_NSTYPE")],
});
const OTHER_FILES: FactCase[] = [
  notNamespace("devnull", "null"),
  notNamespace("socket", "socket"),
  notNamespace("pipe", "pipe"),
  { id: "ioctl.badfd", asks: ["shell", ioctl(-1, "NS_GET_NSTYPE")] },
  {
    id: "ioctl.pidfd",
    before: [["shell", { op: "pidfd_open", of: taskName("shell"), flags: 0 }]],
    asks: ["shell", (_, gave) => ioctl(Number(gave[0]), "NS_GET_NSTYPE")],
  },
];

const OWNER: FactCase[] = [
  {
    id: "ioctl.USERNS.fdflags",
    asks: on("uts:init", "NS_GET_USERNS"),
    shows: (value, scene) => {
      const flags = (command: "F_GETFD" | "F_GETFL"): number =>
        Number(scene.call("shell", { op: "fcntl", fd: Number(value), command }));
      return `${flags("F_GETFD")} / 0x${flags("F_GETFL").toString(16)}`;
    },
  },
  {
    id: "ioctl.USERNS.identity",
    asks: on("uts:init", "NS_GET_USERNS"),
    shows: (fd, scene) => `${scene.nameBehind(Number(fd)) === "user:init"}`,
  },
  {
    id: "ioctl.USERNS.setns",
    before: [on("uts:init", "NS_GET_USERNS")],
    asks: ["shell", (_, gave) => setns(Number(gave[0]), "user")],
  },
  { id: "ioctl.dyn.before", before: ordinary(1000), asks: on("net:init", "NS_GET_USERNS") },
  {
    id: "ioctl.dyn.after",
    before: [...ordinary(1000), ["shell", unshare("user")]],
    asks: on("net:init", "NS_GET_USERNS"),
  },
];

export const IOCTL_INIT_FACTS: readonly FactCase[] = [...MATRIX, ...ARGUMENTS, ...WALKS, ...OTHER_FILES, ...OWNER];
