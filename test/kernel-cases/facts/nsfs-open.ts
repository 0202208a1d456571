import { KINDS } from "../../../src/abi/namespace-kinds.ts";
import { inodeOf, deviceTextOf } from "../../../src/abi/ids.ts";
import { LINKS, type ProcLink } from "../../../src/abi/proc-links.ts";
import { namespaceIn, taskName, type Call, type Value } from "../../../src/kernel/call.ts";
import type { OpenFlag } from "../../../src/kernel/file-call.ts";
import type { FactCase, Step } from "../fact-case.ts";
import {
  capset,
  clone,
  dumpable,
  exit,
  fstat,
  ioctl,
  open,
  read,
  setns,
  setresgid,
  setresuid,
  unshare,
} from "../script.ts";
import { becomeWith, textOf } from "./map-steps.ts";
import { cloneWith, linkId, ordinary, THREAD, wait, within } from "./standings.ts";

/** The files of /proc/PID/ns: opening them, reading them, who may. */
const readlink = (of: string, link: ProcLink): Call => ({ op: "readlink", of: taskName(of), link });
const stat = (of: string, link: ProcLink): Call => ({ op: "stat", of: taskName(of), link });
const lstat = (of: string, link: ProcLink): Call => ({ op: "lstat", of: taskName(of), link });
const reopen = (of: string, fd: number): Call => ({ op: "reopen", of: taskName(of), fd });
const openFolder = (of: string): Call => ({ op: "open-folder", of: taskName(of) });
const inode = (value: Value): string => inodeOf(namespaceIn(value) ?? unexpected(value));
function unexpected(value: Value): never {
  throw new Error(`no namespace: ${JSON.stringify(value)}`);
}
const first = (gave: readonly unknown[]): number => Number(gave[0]);

// The actor's first task has mounts of its own, so that its mount namespace is not the initial one.
const INITIAL = KINDS.filter((kind) => kind !== "mnt").map((kind): FactCase => ({
  id: `nsfs.init_ino.${kind}`,
  asks: ["shell", stat("shell", kind)],
  shows: (value) => `${inode(value)} (0x${Number(inode(value)).toString(16)})`,
}));

const textCase = (id: string, link: ProcLink): FactCase => ({
  id: `nsfs.readlink.${id}`,
  asks: ["shell", readlink("shell", link)],
  shows: textOf,
});
const opening = (id: string, ...flags: OpenFlag[]): FactCase => ({
  id: `nsfs.${id}`,
  asks: ["shell", open("shell", "net", ...flags)],
});
const place: Step = ["shell", open("shell", "net", "O_PATH")];
const OPENING: FactCase[] = [
  textCase("text", "uts"),
  textCase("pfc", "pid_for_children"),
  textCase("tfc", "time_for_children"),
  { id: "nsfs.read", before: [["shell", open("shell", "net")]], asks: ["shell", (_, gave) => read(first(gave))] },
  {
    id: "nsfs.getfl",
    before: [["shell", open("shell", "net")]],
    asks: ["shell", (_, gave) => ({ op: "fcntl", fd: first(gave), command: "F_GETFL" })],
    shows: (flags) => `0x${Number(flags).toString(16)}`,
  },
  {
    id: "nsfs.reopen.fd",
    before: [["shell", open("shell", "net")]],
    asks: ["shell", (_, gave) => reopen("shell", first(gave))],
  },
  opening("open.rdwr.root", "O_RDWR"),
  { ...opening("open.rdwr.nobody", "O_RDWR"), before: ordinary(65534) },
  {
    ...opening("open.rdonly.nobody"),
    before: [
      ["shell", setresgid(65534)],
      ["shell", setresuid(65534)],
    ],
  },
  {
    id: "nsfs.opendir.self.nobody.nondumpable",
    before: [
      ["shell", setresgid(65534)],
      ["shell", setresuid(65534)],
    ],
    asks: ["shell", openFolder("shell")],
  },
  { id: "nsfs.opath.setns", before: [place], asks: ["shell", (_, gave) => setns(first(gave))] },
  { id: "nsfs.opath.ioctl", before: [place], asks: ["shell", (_, gave) => ioctl(first(gave), "NS_GET_NSTYPE")] },
  { id: "nsfs.opath.fstat", before: [place], asks: ["shell", (_, gave) => fstat(first(gave))] },
  { id: "nsfs.opath.reopen", before: [place], asks: ["shell", (_, gave) => reopen("shell", first(gave))] },
  {
    id: "nsfs.opath.nofollow.setns",
    before: [["shell", open("shell", "net", "O_PATH", "O_NOFOLLOW")]],
    asks: ["shell", (_, gave) => setns(first(gave))],
  },
  opening("nofollow", "O_NOFOLLOW"),
  opening("trunc", "O_RDWR", "O_TRUNC"),
  {
    id: "nsfs.samedev",
    before: [["shell", stat("shell", "net")]],
    asks: ["shell", stat("shell", "uts")],
    shows: (uts, { gave: [net = 0] }) => {
      const device = (value: Value): string => deviceTextOf(namespaceIn(value) ?? unexpected(value));
      return `${device(uts) === device(net)}`;
    },
  },
  {
    id: "nsfs.oldproc.self",
    world: "pid:P",
    before: [within("pid:P"), ["shell", clone("inside")]],
    asks: ["inside", open("inside", "pid")],
  },
];

/** A root process, and a caller who may not read it. */
const foreign: Step[] = [["shell", clone("T")], ...ordinary(65534)];
const ofForeign = (id: string, call: Call): FactCase => ({
  id: `nsfs.perm.${id}`,
  before: foreign,
  asks: ["shell", call],
});
/** Both are the same ordinary user's. */
const siblings: Step[] = [...ordinary(65534), ["shell", clone("T")]];
const below: Step[] = [...ordinary(65534), ["shell", clone("T", "user")]];
const together: Step[] = [...ordinary(65534), ["shell", unshare("user")], ["shell", clone("T")]];
const readable = (id: string, before: readonly Step[], link: ProcLink = "net"): FactCase => ({
  id: `nsfs.perm.${id}`,
  before,
  asks: ["shell", open("T", link)],
});
const target = (uids: Parameters<typeof setresuid>[0], gid: number): Step[] => [
  ["shell", clone("T")],
  ["T", setresgid(gid)],
  ["T", setresuid(uids)],
  ["T", dumpable],
];
const PERMITTED: FactCase[] = [
  ofForeign("open.other", open("T", "net")),
  ofForeign("readlink.other", readlink("T", "net")),
  ofForeign("stat.other", stat("T", "net")),
  ofForeign("lstat.other", lstat("T", "net")),
  ofForeign("opath.other", open("T", "net", "O_PATH")),
  ofForeign("opathnf.other", open("T", "net", "O_PATH", "O_NOFOLLOW")),
  ofForeign("opendir.other", openFolder("T")),
  readable("sameuid.dumpable", siblings),
  readable("sameuid.nondumpable", [...siblings, ["T", { op: "set-dumpable", dumpable: false }]]),
  readable("owner_of_userns", below),
  readable("owner_of_userns.user", below, "user"),
  readable("child_to_parent_userns", [...siblings, ["shell", unshare("user")]]),
  {
    id: "nsfs.perm.join",
    before: [...below, ["shell", open("T", "user")]],
    asks: ["shell", (_, gave) => setns(Number(gave.at(-1)), "user")],
  },
  readable("sameuserns.caps", together),
  readable("sameuserns.capsubset", [...together, ["shell", capset()]]),
  readable("sys_ptrace", [["shell", clone("T")], ...becomeWith("shell", 2000, "CAP_SYS_PTRACE")]),
  readable("sys_admin", [["shell", clone("T")], ...becomeWith("shell", 2000, "CAP_SYS_ADMIN")]),
  readable("suid_differs", [...target({ real: 1000, effective: 1000, saved: 1001 }, 1000), ...ordinary(1000)]),
  readable("gid_differs", [...target(1000, 1001), ...ordinary(1000)]),
];

const zombie: Step[] = [
  ["shell", clone("Z")],
  ["Z", exit],
];
const ENDED: FactCase[] = [
  ...LINKS.map((link): FactCase => ({
    id: `nsfs.zombie.readlink.${link}`,
    before: zombie,
    asks: ["shell", readlink("Z", link)],
  })),
  { id: "nsfs.reaped.open", before: [...zombie, ["shell", wait("Z")]], asks: ["shell", open("Z", "net")] },
];

const helper: Step[] = [
  ["shell", clone("helper", "uts")],
  ["helper", open("helper", "uts")],
  ["helper", unshare("uts")],
];
const fromHelper: Step = ["shell", (_, gave) => reopen("helper", Number(gave[1]))];
const OF_HELPER: FactCase[] = [
  { id: "nsfs.procfd.reopen", before: helper, asks: fromHelper },
  {
    id: "nsfs.procfd.isns",
    before: [...helper, fromHelper],
    asks: ["shell", (_, gave) => ioctl(Number(gave[3]), "NS_GET_NSTYPE")],
    shows: (flag) => `0x${Number(flag).toString(16)}`,
  },
  { id: "nsfs.procfd.nobody", before: [...helper, ...ordinary(2000)], asks: fromHelper },
];

const threaded: Step[] = [
  ["shell", cloneWith("thread", THREAD)],
  ["thread", unshare("uts")],
];
const differs = (scene: Parameters<NonNullable<FactCase["shows"]>>[1]): boolean =>
  linkId(scene, "thread", "uts", "shell") !== linkId(scene, "shell", "uts");
const THREADS: FactCase[] = [
  {
    id: "nsfs.thread.proc_self",
    before: threaded,
    asks: ["shell", open("thread", "uts")],
    shows: (_, scene) => `${differs(scene)}`,
  },
  {
    id: "nsfs.thread.proc_tid",
    before: threaded,
    asks: ["shell", open("thread", "uts")],
    shows: (fd, scene) => {
      const own = linkId(scene, "thread", "uts");
      const same = JSON.stringify(scene.call("shell", fstat(Number(fd)))) === own;
      return same && differs(scene) ? "resolves to that thread's ns" : "resolves to another";
    },
  },
];

export const NSFS_OPEN_FACTS: readonly FactCase[] = [
  ...INITIAL,
  ...OPENING,
  ...PERMITTED,
  ...ENDED,
  ...OF_HELPER,
  ...THREADS,
];
