import { CONSTANTS } from "../../../src/abi/constants.ts";
import { PIDFD_IOCTL_NAMES, PIDFD_IOCTLS, type PidfdIoctl } from "../../../src/abi/ioctls.ts";
import { KINDS } from "../../../src/abi/namespace-kinds.ts";
import type { FactCase, Step } from "../fact-case.ts";
import {
  clone,
  exit,
  fstat,
  ioctl,
  open,
  openOther,
  pidfdIoctl,
  pidfdOpen,
  setresgid,
  setresuid,
  unshare,
} from "../script.ts";
import { cloneWith, linkId, ordinary, THREAD, told, wait, within } from "./standings.ts";

/** Pidfds: opening them, the namespaces that they give, and other ways to one. */
const NAMESPACES = PIDFD_IOCTL_NAMES.filter((name) => name !== "PIDFD_GET_INFO");
const NET = "PIDFD_GET_NET_NAMESPACE";
const FLAT = KINDS.filter((kind) => kind !== "user");
const last = (gave: readonly unknown[]): number => Number(gave.at(-1));
const onLast = (request: PidfdIoctl | number, argument = 0, by = "shell"): Step => [
  by,
  (_, gave) => pidfdIoctl(last(gave), request, argument),
];

/** A process in new namespaces, and a pidfd of it. */
const TARGET: readonly Step[] = [
  ["shell", clone("T", ...FLAT)],
  ["shell", pidfdOpen("T")],
];
/** A sibling of the caller, as whom it is cloned. */
const SIBLING: readonly Step[] = [
  ["shell", clone("T")],
  ["shell", pidfdOpen("T")],
];

const GIVEN = NAMESPACES.map((request): FactCase => {
  const { link } = PIDFD_IOCTLS[request];
  return {
    id: `pidfd.get.${request}`,
    before: TARGET,
    asks: onLast(request),
    shows: (fd, scene) => {
      const same = JSON.stringify(scene.call("shell", fstat(Number(fd)))) === linkId(scene, "T", link, "shell");
      const flags = scene.call("shell", { op: "fcntl", fd: Number(fd), command: "F_GETFD" });
      return `fd, same ns as /proc/T/ns/${link}: ${same}, cloexec=${flags === 1}`;
    },
  };
});
const zombie: Step[] = [...SIBLING, ["T", exit]];
const reaped: Step[] = [...zombie, ["shell", wait("T")]];
/** The pidfd that the first two steps gave. */
const onSecond = (request: PidfdIoctl, argument = 0): Step => [
  "shell",
  (_, gave) => pidfdIoctl(Number(gave[1]), request, argument),
];
const UNREADABLE = NAMESPACES.map((request): FactCase => ({
  id: `pidfd.get.perm.${PIDFD_IOCTLS[request].link}`,
  before: [...SIBLING, ...ordinary(65534)],
  asks: onSecond(request),
}));

/** The caller is in a child pid namespace, the process behind the pidfd is not. */
const outside: Step[] = [...SIBLING, within("pid:P"), ["shell", clone("inside")]];

const GET: FactCase[] = [
  { id: "pidfd.get.arg1", before: SIBLING, asks: onLast(NET, 1) },
  { id: "pidfd.get.unknown", before: SIBLING, asks: onLast(0xff7f) },
  { id: "pidfd.get.oldunknown", before: SIBLING, asks: onLast(0xff00) },
  { id: "pidfd.get.onnsfd", asks: ["shell", (fds) => pidfdIoctl(fds("net:init"), NET)] },
  { id: "pidfd.get.procdir", before: [["shell", openOther("process-directory")]], asks: onLast(NET) },
  { id: "pidfd.get.self.nobody", before: [...ordinary(65534), ["shell", pidfdOpen("shell")]], asks: onLast(NET) },
  {
    id: "pidfd.get.pfc.noinit",
    before: [...SIBLING, ["T", unshare("pid")]],
    asks: onSecond("PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE"),
  },
  { id: "pidfd.get.zombie.net", before: zombie, asks: onSecond(NET) },
  { id: "pidfd.get.zombie.user", before: zombie, asks: onSecond("PIDFD_GET_USER_NAMESPACE") },
  { id: "pidfd.get.reaped", before: reaped, asks: onSecond(NET) },
  { id: "pidfd.get.reaped.arg1", before: reaped, asks: onSecond(NET, 1) },
  {
    id: "pidfd.get.outside.pidns",
    world: "pid:P",
    before: outside,
    asks: ["inside", (_, gave) => pidfdIoctl(Number(gave[1]), NET)],
  },
];

const INFO: FactCase[] = [
  { id: "pidfd.info.vers0", before: SIBLING, asks: onLast("PIDFD_GET_INFO") },
  { id: "pidfd.info.nobody", before: [...SIBLING, ...ordinary(65534)], asks: onSecond("PIDFD_GET_INFO") },
  {
    id: "pidfd.info.outside",
    world: "pid:P",
    before: outside,
    asks: ["inside", (_, gave) => pidfdIoctl(Number(gave[1]), "PIDFD_GET_INFO")],
  },
];
const secondThread: Step = ["shell", cloneWith("thread", THREAD)];
const OPEN: FactCase[] = [
  { id: "pidfd.open.nopid", asks: ["shell", pidfdOpen(4_000_000)] },
  { id: "pidfd.open.zero", asks: ["shell", pidfdOpen(0)] },
  { id: "pidfd.open.badflags", asks: ["shell", pidfdOpen("shell", 1)] },
  { id: "pidfd.open.tid", before: [secondThread], asks: ["shell", pidfdOpen("thread")] },
  {
    id: "pidfd.open.tid.thread",
    before: [secondThread],
    asks: ["shell", pidfdOpen("thread", CONSTANTS.PIDFD_THREAD)],
  },
  {
    id: "pidfd.thread.uts",
    before: [secondThread, ["thread", unshare("uts")], ["shell", pidfdOpen("thread", CONSTANTS.PIDFD_THREAD)]],
    asks: onLast("PIDFD_GET_UTS_NAMESPACE"),
    shows: (fd, scene) => {
      const id = JSON.stringify(scene.call("shell", fstat(Number(fd))));
      return `${id === linkId(scene, "thread", "uts", "shell") && id !== linkId(scene, "shell", "uts")}`;
    },
  },
];

const getsockopt = (option: "SO_PEERPIDFD" | "SO_NETNS_COOKIE", bytes?: number): Step => [
  "shell",
  (_, gave) => ({ op: "getsockopt", fd: last(gave), option, ...(bytes === undefined ? {} : { bytes }) }),
];
const SOCKETS: FactCase[] = [
  { id: "pidfd.SO_PEERPIDFD", before: [["shell", openOther("socket-pair")]], asks: getsockopt("SO_PEERPIDFD") },
  {
    id: "pidfd.SO_PEERPIDFD.getns",
    before: [["shell", openOther("socket-pair")], getsockopt("SO_PEERPIDFD")],
    asks: onLast("PIDFD_GET_USER_NAMESPACE"),
  },
  { id: "pidfd.SO_PEERPIDFD.inet", before: [["shell", openOther("inet-socket")]], asks: getsockopt("SO_PEERPIDFD") },
  { id: "pidfd.SO_PEERPIDFD.unconnected", before: [["shell", openOther("socket")]], asks: getsockopt("SO_PEERPIDFD") },
  { id: "net.SO_NETNS_COOKIE", before: [["shell", openOther("inet-socket")]], asks: getsockopt("SO_NETNS_COOKIE") },
  { id: "net.cookie.short", before: [["shell", openOther("inet-socket")]], asks: getsockopt("SO_NETNS_COOKIE", 4) },
  {
    id: "net.cookie_eq_id",
    before: [
      ["shell", open("shell", "net")],
      ["shell", openOther("inet-socket")],
    ],
    asks: getsockopt("SO_NETNS_COOKIE"),
    shows: (cookie, { call, gave }) => `${told(cookie) === told(call("shell", ioctl(Number(gave[0]), "NS_GET_ID")))}`,
  },
];

/** The caller's effective and file system ids are the target's, its real ones are not. */
const EFFECTIVE: readonly Step[] = [
  ...SIBLING,
  ...ordinary(1000, "T"),
  ["shell", setresgid(1000)],
  ["shell", setresuid({ real: 3000, effective: 1000, saved: 3000 })],
];
const CREDENTIALS: FactCase[] = [
  { id: "pidfd.creds.fs.open", before: EFFECTIVE, asks: ["shell", open("T", "net")] },
  { id: "pidfd.creds.fs.getns", before: EFFECTIVE, asks: onSecond(NET) },
];

const LISTED: FactCase[] = [{ id: "listns.enosys", asks: ["shell", { op: "listns", types: 0 }] }];

export const PIDFD_GET_FACTS: readonly FactCase[] = [
  ...LISTED,
  ...GIVEN,
  ...UNREADABLE,
  ...GET,
  ...INFO,
  ...OPEN,
  ...SOCKETS,
  ...CREDENTIALS,
];
