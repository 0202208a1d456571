import { KINDS, NAMESPACE_KINDS, type NamespaceKind } from "../../../src/abi/namespace-kinds.ts";
import { inodeOf } from "../../../src/abi/ids.ts";
import { taskName, type Call, type Value } from "../../../src/kernel/call.ts";
import type { HandleRoot, OpenFlag } from "../../../src/kernel/file-call.ts";
import type { FileHandle } from "../../../src/rules/file-handle.ts";
import type { FactCase, Step } from "../fact-case.ts";
import { capset, clone, close, exit, fstat, ioctl, open, openOther, send, unshare } from "../script.ts";
import { ordinary, told, wait, within } from "./standings.ts";

/** File handles of namespaces: name_to_handle_at and open_by_handle_at. */
const nameOf = (fd: number, bytes?: number): Call => ({
  op: "name_to_handle_at",
  fd,
  ...(bytes === undefined ? {} : { bytes }),
});
const named = (name: string): Step => ["shell", (fds) => nameOf(fds(name))];
const handleIn = (value: Value | undefined): FileHandle => {
  if (typeof value === "object" && "handle" in value) return value.handle;
  throw new Error(`${told(value)} is no handle`);
};
interface Opening {
  readonly mount?: HandleRoot | number;
  readonly flags?: readonly OpenFlag[];
}
const openIt = (handle: FileHandle, { mount = "FD_NSFS_ROOT", flags = [] }: Opening = {}): Call => ({
  op: "open_by_handle_at",
  mount,
  handle,
  flags,
});
/** Opens by the handle that the last step gave, or by one like it. */
const opens = (opening: Opening = {}, change: Partial<FileHandle> = {}, by = "shell"): Step => [
  by,
  (_, gave) => openIt({ ...handleIn(gave.at(-1)), ...change }, opening),
];

const y = (is: boolean): string => (is ? "y" : "n");
const NAMES = KINDS.map((kind): FactCase => ({
  id: `fh.name.${kind}`,
  asks: named(`${kind}:init`),
  before: [
    ["shell", (fds) => ioctl(fds(`${kind}:init`), "NS_GET_ID")],
    ["shell", (fds) => fstat(fds(`${kind}:init`))],
  ],
  shows: (value, { gave: [id, stat] }) => {
    const { bytes, type, id: nsId, nsType, inode } = handleIn(value);
    const place = typeof stat === "object" && "namespace" in stat ? inodeOf(stat.namespace) : "";
    const isId = y(nsId === id);
    const isInode = y(`${inode}` === place);
    return `bytes=${bytes} type=0x${type.toString(16)} ns_id==NS_GET_ID:${isId} ns_type=0x${nsType.toString(16)} ns_inum==st_ino:${isInode}`;
  },
}));

const link = (follow: boolean): Step => [
  "shell",
  { op: "link_to_handle_at", of: taskName("shell"), link: "net", follow },
];
const NAMING: FactCase[] = [
  { id: "fh.name.overflow", asks: ["shell", (fds) => nameOf(fds("net:init"), 0)] },
  { id: "fh.name.path.nofollow", asks: link(false) },
  { id: "fh.name.path.follow", asks: link(true) },
  {
    id: "fh.name.opath",
    before: [["shell", open("shell", "net", "O_PATH")]],
    asks: ["shell", (_, gave) => nameOf(Number(gave[0]))],
  },
  { id: "fh.name.nobody", before: ordinary(65534), asks: named("net:init") },
  {
    id: "fh.name.pipe",
    before: [["shell", openOther("pipe")]],
    asks: ["shell", (_, gave) => nameOf(Number(gave[0]))],
  },
];

const WORLD = KINDS.filter((kind) => kind !== "user")
  .map((kind) => `${kind}:other`)
  .join("\n");
const OTHER: Step = named("net:other");
const byRoot = (id: string, asks: Step, ...before: Step[]): FactCase => ({
  id: `fh.${id}`,
  world: WORLD,
  before: [...before, OTHER],
  asks,
});
const OPENING: FactCase[] = [
  byRoot("open.root.FD_NSFS_ROOT", opens()),
  byRoot("open.root.nsfdmount", ["shell", (fds, gave) => openIt(handleIn(gave.at(-1)), { mount: fds("uts:init") })]),
  byRoot(
    "open.root.wrongmount",
    ["shell", (_, gave) => openIt(handleIn(gave.at(-1)), { mount: Number(gave[0]) })],
    ["shell", openOther("directory")],
  ),
  byRoot("open.root.FD_PIDFS_ROOT", opens({ mount: "FD_PIDFS_ROOT" })),
  byRoot("open.root.ATFDCWD", opens({ mount: "AT_FDCWD" })),
  ...KINDS.map((kind): FactCase => ({
    id: `fh.open.root.type.${kind}`,
    world: WORLD,
    before: [named(kind === "user" ? "user:init" : `${kind}:other`)],
    asks: opens(),
  })),
  byRoot("open.rdwr", opens({ flags: ["O_RDWR"] })),
  byRoot("open.opath", opens({ flags: ["O_PATH"] })),
  byRoot("open.directory", opens({ flags: ["O_DIRECTORY"] })),
  {
    ...byRoot("open.cloexec.no", opens()),
    shows: (fd, { call }) => `${call("shell", { op: "fcntl", fd: Number(fd), command: "F_GETFD" }) === 1}`,
  },
  {
    ...byRoot("open.identity", opens()),
    shows: (fd, { nameBehind }) => `${nameBehind(Number(fd)) === "net:other"}`,
  },
];

const MALFORMED: Readonly<Record<string, Partial<FileHandle>>> = {
  inum: { inode: 1 },
  type: { nsType: NAMESPACE_KINDS.uts.flag },
  "type.unknown": { nsType: 0x1234 },
  id0: { id: 0n },
  "id.none": { id: 1n << 50n },
  idonly: { nsType: 0, inode: 0 },
  inum0: { inode: 0 },
  type0: { nsType: 0 },
  bytes8: { bytes: 8 },
  bytes24: { bytes: 24 },
  bytes0: { bytes: 0 },
  bytes129: { bytes: 129 },
  htype: { type: 1 },
  tail: { bytes: 24, junkBehind: true },
};
const BAD = Object.entries(MALFORMED).map(([id, change]) => byRoot(`bad.${id}`, opens({}, change)));

const inP: Step[] = [within("pid:other"), ["shell", clone("inside")]];
/** Root of a user namespace of its own, with a network namespace that it made. */
const inU: Step[] = [["shell", unshare("user", "net")]];
const ownLink = (kind: NamespaceKind, of = "shell", by = "shell"): Step[] => [
  [by, open(of, kind)],
  [by, (_, gave) => nameOf(Number(gave.at(-1)))],
];
const PERMITTED: FactCase[] = [
  ...["own", ...KINDS.map((kind) => `own.${kind}`)].map((id): FactCase => ({
    id: `fh.perm.nobody.${id}`,
    before: [...ordinary(65534), named(`${id === "own" ? "net" : id.slice("own.".length)}:init`)],
    asks: opens(),
  })),
  byRoot("perm.nobody.other", opens(), ...ordinary(65534)),
  byRoot("perm.sysadmin_only", opens(), ["shell", capset("CAP_SYS_ADMIN")]),
  byRoot("perm.dacrs_only", opens(), ["shell", capset("CAP_DAC_READ_SEARCH")]),
  byRoot("perm.childpidns.caps", opens({}, {}, "inside"), ...inP),
  { id: "fh.perm.childpidns.own", world: WORLD, before: [...inP, named("net:init")], asks: opens({}, {}, "inside") },
  { id: "fh.perm.userns.own", before: [...inU, ...ownLink("net")], asks: opens() },
  { id: "fh.perm.userns.ownuser", before: [...inU, ...ownLink("user")], asks: opens() },
  { id: "fh.perm.userns.init", before: [...inU, named("net:init")], asks: opens() },
  {
    id: "fh.perm.userns.ownedother",
    before: [...inU, ["shell", clone("other", "net")], ...ownLink("net", "other")],
    asks: opens(),
  },
  {
    id: "fh.perm.init.of.userns",
    before: [["shell", clone("box", "user", "net")], ...ownLink("net", "box")],
    asks: opens(),
  },
];

/** A process in namespaces of its own ends, after a handle of one of them was taken. */
const ended: Step[] = [
  ["T", exit],
  ["shell", wait("T")],
];
const handleOf = (gave: readonly Value[]): FileHandle =>
  handleIn(gave.find((value) => typeof value === "object" && "handle" in value));
const afterwards: Step = ["shell", (_, gave) => openIt(handleOf(gave))];
/** Its network namespace lives on by a socket that the shell has; its user namespace by that. */
const pinned = (kind: "net" | "user"): Step[] => [
  ["shell", clone("T", "user", "net")],
  ["T", openOther("socket")],
  ["T", (_, gave) => send(Number(gave[1]), "shell")],
  ...ownLink(kind, "T"),
  ["shell", (_, gave) => close(Number(gave[3]))],
  ...ended,
];
const LIVES: FactCase[] = [
  {
    id: "fh.dead",
    before: [
      ["shell", clone("T", "net")],
      ...ownLink("net", "T"),
      ["shell", (_, gave) => close(Number(gave[1]))],
      ...ended,
    ],
    asks: afterwards,
  },
  { id: "fh.dead.socketpinned", before: pinned("net"), asks: afterwards },
  { id: "fh.dead.socketpinned.owner", before: pinned("user"), asks: afterwards },
  {
    id: "fh.dead.socketclosed",
    before: [...pinned("net"), ["shell", (_, gave) => close(Number(gave[2]))]],
    asks: afterwards,
  },
  { id: "fh.pid.deadinit", before: [["shell", clone("T", "pid")], ...ownLink("pid", "T"), ...ended], asks: afterwards },
  { id: "fh.pid.own", world: WORLD, before: [...inP, named("pid:other")], asks: opens({}, {}, "inside") },
  { id: "fd.nsfsroot.fstat", asks: ["shell", fstat(-10_003)] },
];

export const HANDLE_FACTS: readonly FactCase[] = [...NAMES, ...NAMING, ...OPENING, ...BAD, ...PERMITTED, ...LIVES];
