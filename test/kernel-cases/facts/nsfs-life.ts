import type { NamespaceKind } from "../../../src/abi/namespace-kinds.ts";
import { inodeOf } from "../../../src/abi/ids.ts";
import type { ProcLink } from "../../../src/abi/proc-links.ts";
import { namespaceIn, taskName, type Call, type Value } from "../../../src/kernel/call.ts";
import type { OtherFile } from "../../../src/kernel/file-call.ts";
import type { FactCase, Scene, Step } from "../fact-case.ts";
import { clone, exit, fstat, ioctl, open, openOther, pidfdOpen, send, setns, unshare } from "../script.ts";
import { textOf } from "./map-steps.ts";
import { linkId, ordinary, told, wait } from "./standings.ts";

/** What keeps a namespace alive, what becomes of its file, and mounts of it. */
const ends = (name: string, by = "shell"): Step[] => [
  [name, exit],
  [by, wait(name)],
];
const idBehind = (scene: Scene, fd: number): string => JSON.stringify(scene.call("shell", fstat(fd)));

/** The only process of a UTS namespace has gone; the shell has its file. */
const held: Step[] = [["shell", clone("T", "uts")], ["shell", open("T", "uts")], ...ends("T")];
const joinHeld: Step = ["shell", (_, gave) => setns(Number(gave[1]), "uts")];
const FILES: FactCase[] = [
  { id: "nsfs.life.fd", before: held, asks: joinHeld },
  {
    id: "nsfs.life.fd.same",
    before: held,
    asks: joinHeld,
    shows: (_, scene) => `${linkId(scene, "shell", "uts") === idBehind(scene, Number(scene.gave[1]))}`,
  },
];

/** A network namespace and its owner live by a socket alone; the shell had files of both, which are closed. */
const socketHeld = (...kinds: NamespaceKind[]): Step[] => [
  ["shell", clone("T", "net", ...kinds)],
  ["T", openOther("inet-socket")],
  ["T", (_, gave) => send(Number(gave[1]), "shell")],
  ["shell", open("T", "net")],
  ["shell", (_, gave) => fstat(Number(gave[3]))],
  ["shell", (_, gave) => ({ op: "close", fd: Number(gave[3]) })],
  ["shell", open("T", "user")],
  ["shell", (_, gave) => fstat(Number(gave[6]))],
  ["shell", (_, gave) => ({ op: "close", fd: Number(gave[6]) })],
  ...ends("T"),
];
const askSocket: Step = ["shell", (_, gave) => ioctl(Number(gave[2]), "SIOCGSKNS")];
const askOwner: Step = ["shell", (_, gave) => ioctl(Number(gave.at(-1)), "NS_GET_USERNS")];
const isSame = (scene: Scene, fd: Value, gaveAt: number): string =>
  `${idBehind(scene, Number(fd)) === JSON.stringify(scene.gave[gaveAt])}`;
const ofOther = (id: string, what: OtherFile, before: readonly Step[] = []): FactCase => ({
  id: `nsfs.SIOCGSKNS.${id}`,
  before: [["shell", openOther(what)], ...before],
  asks: ["shell", (_, gave) => ioctl(Number(gave[0]), "SIOCGSKNS")],
});
const SOCKETS: FactCase[] = [
  { id: "nsfs.life.socket.SIOCGSKNS", before: socketHeld(), asks: askSocket },
  {
    id: "nsfs.life.socket.same",
    before: socketHeld(),
    asks: askSocket,
    shows: (fd, scene) => isSame(scene, fd, 4),
  },
  {
    id: "nsfs.SIOCGSKNS.cloexec",
    before: socketHeld(),
    asks: askSocket,
    shows: (fd, { call }) => `${call("shell", { op: "fcntl", fd: Number(fd), command: "F_GETFD" }) === 1}`,
  },
  ofOther("nobody", "inet-socket", ordinary(65534)),
  ofOther("unix", "socket"),
  ofOther("notsock", "null"),
  { id: "nsfs.life.owner_pinned", before: [...socketHeld("user"), askSocket], asks: askOwner },
  {
    id: "nsfs.life.owner_pinned.same",
    before: [...socketHeld("user"), askSocket],
    asks: askOwner,
    shows: (fd, scene) => isSame(scene, fd, 7),
  },
  {
    id: "nsfs.life.owner_pinned.enter",
    before: [...socketHeld("user"), askSocket, askOwner],
    asks: ["shell", (_, gave) => setns(Number(gave.at(-1)), "user")],
  },
];

const readlink = (of: string, link: ProcLink): Call => ({ op: "readlink", of: taskName(of), link });
const PFC = "pid_for_children";
/** T's children go to a new pid namespace, in which nobody has been yet. */
const unborn: Step[] = [
  ["shell", clone("T")],
  ["T", unshare("pid")],
];
const born: Step[] = [...unborn, ["T", clone("first")]];
const dead: Step[] = [...born, ["shell", open("T", PFC)], ...ends("first", "T")];
const joinDead: Step = ["shell", (_, gave) => setns(Number(gave[3]), "pid")];
const prefix = (value: Value): string => textOf(value).slice(0, textOf(value).indexOf("[") + 1);
const PENDING: FactCase[] = [
  { id: "nsfs.pfc.noinit.readlink", before: unborn, asks: ["shell", readlink("T", PFC)] },
  { id: "nsfs.pfc.noinit.open", before: unborn, asks: ["shell", open("T", PFC)] },
  { id: "nsfs.pfc.noinit.lstat", before: unborn, asks: ["shell", { op: "lstat", of: taskName("T"), link: PFC }] },
  {
    id: "nsfs.pfc.noinit.pid",
    before: unborn,
    asks: ["shell", open("T", "pid")],
    shows: (_, scene) => `${linkId(scene, "T", "pid", "shell") === linkId(scene, "shell", "pid")}`,
  },
  { id: "nsfs.pfc.init.open", before: born, asks: ["shell", open("T", PFC)] },
  { id: "nsfs.pfc.text", before: born, asks: ["shell", readlink("T", PFC)], shows: prefix },
  { id: "nsfs.pfc.dead.open", before: dead, asks: ["shell", open("T", PFC)] },
  { id: "nsfs.pfc.dead.fork", before: dead, asks: ["T", clone("second")] },
  { id: "nsfs.pfc.dead.setns", before: dead, asks: joinDead },
  { id: "nsfs.pfc.dead.setns.fork", before: [...dead, joinDead], asks: ["shell", clone("second")] },
  {
    id: "nsfs.tfc.unshare",
    before: [["shell", clone("witness")]],
    asks: ["shell", unshare("time")],
    shows: (_, scene) => {
      const changed = (link: ProcLink): boolean => linkId(scene, "shell", link) !== linkId(scene, "witness", link);
      const own = changed("time") ? "changed" : "unchanged";
      return `time ${own}, time_for_children ${changed("time_for_children") ? "new" : "old"}`;
    },
  },
  {
    id: "nsfs.tfc.text",
    before: [["shell", unshare("time")]],
    asks: ["shell", readlink("shell", "time_for_children")],
    shows: prefix,
  },
  {
    id: "nsfs.tfc.child",
    before: [["shell", unshare("time")]],
    asks: ["shell", clone("child")],
    shows: (_, scene) => `${linkId(scene, "child", "time") === linkId(scene, "shell", "time_for_children")}`,
  },
];

/** UTS namespaces one after the other, each gone when the next is made: their inode numbers, or their ids. */
function series(scene: Scene, of: (fd: number) => string): string[] {
  return Array.from({ length: 30 }, () => {
    scene.call("shell", unshare("uts"));
    const fd = Number(scene.call("shell", open("shell", "uts")));
    const shown = of(fd);
    scene.call("shell", { op: "close", fd });
    return shown;
  });
}
const inode = (value: Value | string): string =>
  inodeOf((typeof value === "string" ? undefined : namespaceIn(value)) ?? namespaceMissing(value));
function namespaceMissing(value: Value | string): never {
  throw new Error(`no namespace: ${told(value)}`);
}
const increasing = (ids: readonly bigint[]): boolean => ids.every((id, at) => id > (ids[at - 1] ?? 0n));
const NUMBERS: FactCase[] = [
  {
    id: "nsfs.ino.reuse",
    asks: ["shell", unshare("uts")],
    shows: (_, scene) => `${new Set(series(scene, (fd) => inode(scene.call("shell", fstat(fd))))).size < 30}`,
  },
  {
    id: "nsfs.id.monotonic",
    asks: ["shell", unshare("uts")],
    shows: (_, scene) => {
      const ids = series(scene, (fd) => told(scene.call("shell", ioctl(fd, "NS_GET_ID"))));
      const refusal = ids.find((id) => !/^\d+$/.test(id));
      return refusal === undefined ? `${increasing(ids.map(BigInt))}` : `error ${refusal}`;
    },
  },
  {
    id: "nsfs.ino.range",
    before: [
      ["shell", unshare("uts")],
      ["shell", open("shell", "uts")],
    ],
    asks: ["shell", (_, gave) => fstat(Number(gave[1]))],
    shows: (value) => `${Number(inode(value)) >= 0xf0000000}`,
  },
];

const PATH = "/run/n";
const bind = (fd: number, path = PATH): Call => ({ op: "bind", fd, path });
const openPath: Step = ["shell", { op: "open-path", path: PATH }];
const umount = (detach: boolean): Step => ["shell", { op: "unbind", path: PATH, detach }];
/** In a mount namespace that ends with the case. */
const alone: Step = ["shell", unshare("mnt")];
const bound: Step[] = [
  alone,
  ["shell", clone("T", "uts")],
  ["shell", open("T", "uts")],
  ["shell", (_, gave) => bind(Number(gave[2]))],
];
const bindsLast: Step = ["shell", (_, gave) => bind(Number(gave.at(-1)))];
const bindsTo = (path: string): Step => ["shell", (fds) => bind(fds("uts:init"), path)];
const BINDS: FactCase[] = [
  { id: "nsfs.bind", before: bound.slice(0, -1), asks: bindsLast },
  { id: "nsfs.bind.procfd", before: bound.slice(0, -1), asks: bindsLast },
  { id: "nsfs.bind.dir", before: [alone], asks: bindsTo("/run/netns") },
  { id: "nsfs.bind.over_dir_target.missing", before: [alone], asks: bindsTo("/run/nowhere/n") },
  {
    id: "nsfs.bind.keeps",
    before: [...bound, ["shell", (_, gave) => ({ op: "close", fd: Number(gave[2]) })], ...ends("T"), openPath],
    asks: ["shell", (_, gave) => setns(Number(gave.at(-1)), "uts")],
  },
  { id: "nsfs.bind.ownmnt", before: [alone, ["shell", open("shell", "mnt")]], asks: bindsLast },
  {
    id: "nsfs.bind.oldermnt",
    world: "mnt:older",
    before: [alone],
    asks: ["shell", (fds) => bind(fds("mnt:older"))],
  },
  {
    id: "nsfs.bind.newermnt",
    before: [alone, ["shell", clone("T", "mnt")], ["shell", open("T", "mnt")]],
    asks: bindsLast,
  },
  {
    id: "nsfs.bind.user",
    before: [alone, ["shell", clone("T", "user")], ["shell", open("T", "user")]],
    asks: bindsLast,
  },
  { id: "nsfs.bind.umount", before: bound, asks: umount(false) },
  { id: "nsfs.bind.umount.busy", before: [...bound, openPath], asks: umount(false) },
  { id: "nsfs.bind.umount.busy.detach", before: [...bound, openPath], asks: umount(true) },
  {
    id: "nsfs.bind.userns",
    before: [
      ["shell", unshare("user", "mnt")],
      ["shell", open("shell", "net")],
    ],
    asks: bindsLast,
  },
  {
    id: "nsfs.bind.userns.nocapmnt",
    before: [
      ["shell", unshare("user")],
      ["shell", open("shell", "net")],
    ],
    asks: bindsLast,
  },
];

/** A namespace file of another process, by its pidfd. */
const GETFD: FactCase = {
  id: "nsfs.pidfd_getfd",
  before: [
    ["shell", clone("helper")],
    ["helper", open("helper", "net")],
    ["shell", pidfdOpen("helper")],
  ],
  asks: ["shell", (_, gave) => ({ op: "pidfd_getfd", fd: Number(gave[2]), target: Number(gave[1]) })],
};

export const NSFS_LIFE_FACTS: readonly FactCase[] = [GETFD, ...FILES, ...SOCKETS, ...PENDING, ...NUMBERS, ...BINDS];
