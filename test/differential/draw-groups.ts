import { CLONE_FLAGS, CONSTANTS } from "../../src/abi/constants.ts";
import { PIDFD_IOCTL_NAMES } from "../../src/abi/ioctls.ts";
import { KINDS, NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { LINKS } from "../../src/abi/proc-links.ts";
import { allIds, type Call, type TaskName } from "../../src/kernel/call.ts";
import type { Task } from "../../src/kernel/model/world.ts";
import { hasChange } from "../../src/rules/kernel-changes.ts";
import type { Digits } from "./digits.ts";
import { EMPTY_FOLDER } from "./draw-creation.ts";
import { BIND_NAMES } from "./draw-files.ts";
import { drawPerson, type Bound } from "./draw-people.ts";
import type { Scene } from "./scene.ts";

interface Group {
  /** How often it is drawn, against single calls. */
  readonly weight: number;
  draw(scene: Scene, caller: Task, digits: Digits): readonly Bound[];
}

/** Calls that belong together, for what single ones hardly ever come to. */
export const GROUPS = {
  person: { weight: 10, draw: drawPerson },
  "bind mount": { weight: 4, draw: drawBind },
  limit: { weight: 4, draw: drawLimit },
  "ended process": { weight: 3, draw: drawEnd },
  socket: { weight: 3, draw: drawSocket },
  "time namespace": { weight: 2, draw: drawTime },
  "pid namespace without a first process": { weight: 2, draw: drawDeadPid },
  "shared root": { weight: 2, draw: drawSharedRoot },
  "full pid namespace": { weight: 1, draw: drawFullPid },
  "locked securebits": { weight: 1, draw: drawLocked },
  "file of a process": { weight: 1, draw: drawFileOf },
} as const satisfies Record<string, Group>;
export type GroupName = keyof typeof GROUPS;

const by = (who: TaskName, ...calls: Call[]): readonly Bound[] => calls.map((call) => ({ caller: who, call }));

/** A namespace file mounted, opened through its mount, and the mount taken away, which an open file may forbid. */
function drawBind(scene: Scene, caller: Task, digits: Digits): readonly Bound[] {
  const fd = scene.nextDescriptor(caller);
  const path = digits.pick(BIND_NAMES);
  return by(
    caller.name,
    // Their own mounts are what those without other privileges can change.
    ...(digits.once(2) ? [unshare(digits.once(2) ? ["user", "mnt"] : ["mnt"])] : []),
    { op: "open", of: caller.name, link: digits.pick(LINKS) },
    { op: "bind", fd, path },
    { op: "open-path", path },
    ...(digits.once(3) ? [unshare(digits.once(2) ? ["mnt"] : ["user", "mnt"])] : []),
    ...(digits.once(2) ? [{ op: "close", fd: fd + 1 } as const] : []),
    { op: "unbind", path, ...(digits.once(2) ? { detach: false } : {}) },
  );
}

/** The caller becomes root of a user namespace of its own. */
function asOwnRoot(scene: Scene, caller: Task): readonly Call[] {
  const { uid, gid } = scene.ownIds(caller);
  const write = (file: "uid_map" | "gid_map" | "setgroups", text: string): Call => ({
    op: "write",
    of: caller.name,
    file,
    text,
  });
  return [
    unshare(["user"]),
    write("setgroups", "deny"),
    write("gid_map", `0 ${gid} 1`),
    write("uid_map", `0 ${uid} 1`),
  ];
}

/** A limit of the caller's own user namespace, and a namespace that may be one too many. */
function drawLimit(scene: Scene, caller: Task, digits: Digits): readonly Bound[] {
  const kind = digits.pick(KINDS);
  const as = scene.newName();
  return by(
    caller.name,
    ...(digits.once(2) ? asOwnRoot(scene, caller) : []),
    { op: "write-sysctl", name: `max_${kind}_namespaces`, text: digits.pick(["0", "1", "2"]) },
    unshare(digits.once(3) ? [kind, digits.pick(KINDS)] : [kind]),
    ...(as === undefined ? [] : [clone(as, [kind])]),
    unshare([kind]),
  );
}

/** A process that ends while a descriptor leads to it, as a zombie and after somebody waited. */
function drawEnd(scene: Scene, caller: Task, digits: Digits): readonly Bound[] {
  const child = scene.newName();
  if (child === undefined) return [];
  const fd = scene.nextDescriptor(caller);
  const ask = (): Call =>
    digits.once(3)
      ? { op: "setns", fd, nstype: NAMESPACE_KINDS[digits.pick(KINDS)].flag }
      : { op: "pidfd-ioctl", fd, request: digits.pick(PIDFD_IOCTL_NAMES), argument: 0 };
  return [
    ...by(
      caller.name,
      clone(child, digits.once(2) ? [digits.pick(KINDS)] : []),
      { op: "pidfd_open", of: child, flags: digits.once(4) ? CONSTANTS.PIDFD_THREAD : 0 },
      ask(),
    ),
    ...by(child, ...(digits.once(4) ? [{ op: "set-dumpable", dumpable: false } as const] : []), { op: "exit" }),
    ...by(caller.name, ask(), ask(), { op: "wait", child }, ask(), ask()),
  ];
}

/** Sockets keep their network namespace, and know the process that made their other end. */
function drawSocket(scene: Scene, caller: Task, digits: Digits): readonly Bound[] {
  const fd = scene.nextDescriptor(caller);
  const what = digits.pick(["inet-socket", "socket-pair", "socket"] as const);
  const option = what === "inet-socket" ? "SO_NETNS_COOKIE" : "SO_PEERPIDFD";
  return by(
    caller.name,
    ...(digits.once(2) ? [unshare(digits.once(2) ? ["user", "net"] : ["net"])] : []),
    { op: "open-other", what },
    ...(digits.once(2) ? [unshare(["net"])] : []),
    { op: "ioctl", fd, request: "SIOCGSKNS" },
    { op: "getsockopt", fd, option, ...(digits.once(4) ? { bytes: digits.pick([3, 4, 7, 8, 9]) } : {}) },
    ...(digits.once(4) ? [{ op: "write-fd", fd, text: "0 0 1" } as const] : []),
  );
}

/** Offsets, while nobody has entered the time namespace and after. */
function drawTime(scene: Scene, caller: Task, digits: Digits): readonly Bound[] {
  const as = scene.newName();
  const offsets = (): Call => ({
    op: "write-timens-offsets",
    of: caller.name,
    text: digits.pick(["monotonic 60 0", "boottime 7 1\n", "monotonic 1 1\nboottime -1 0\n", "1 1 1"]),
  });
  const how: Call =
    as === undefined
      ? { op: "exec" }
      : digits.pick([clone(as, []), clone(as, ["time"]), { op: "legacy-clone", flags: 17, as }, { op: "exec" }]);
  return by(
    caller.name,
    unshare(digits.once(2) ? ["user", "time"] : ["time"]),
    offsets(),
    ...(how.op === "exec" && caller.threads.size + Number(caller.leader !== caller.name) > 0 ? [] : [how]),
    offsets(),
    { op: "read-timens-offsets", of: caller.name },
  );
}

/** A pid namespace whose first process ends: nothing can be made in it any more. */
function drawDeadPid(scene: Scene, caller: Task, digits: Digits): readonly Bound[] {
  const first = scene.newName();
  const second = scene.newName();
  if (first === undefined || second === undefined) return [];
  return [
    ...by(
      caller.name,
      unshare(digits.once(2) ? ["user", "pid"] : ["pid"]),
      { op: "open", of: caller.name, link: "pid_for_children" },
      ...(digits.once(3) ? [unshare(["pid"])] : []),
      clone(first, []),
    ),
    ...by(first, { op: "exit" }),
    ...by(
      caller.name,
      ...(digits.once(2) ? [{ op: "wait", child: first } as const] : []),
      { op: "open", of: caller.name, link: "pid_for_children" },
      { op: "ioctl", fd: scene.nextDescriptor(caller), request: digits.pick(["NS_GET_PARENT", "NS_GET_USERNS"]) },
      clone(second, digits.once(3) ? ["pid"] : []),
    ),
  ];
}

/** A root that one who shares it takes along into another mount namespace, which may end while others still have it. */
function drawSharedRoot(scene: Scene, caller: Task, digits: Digits): readonly Bound[] {
  const other = scene.newName();
  const sharer = scene.newName();
  if (other === undefined || sharer === undefined) return [];
  const path = digits.pick(BIND_NAMES);
  const fd = scene.nextDescriptor(caller);
  const call = (): Call =>
    digits.pick<Call>([
      unshare(["user"]),
      unshare(["mnt"]),
      unshare(["user", "mnt"]),
      { op: "unshare", flags: CLONE_FLAGS.CLONE_FS },
      { op: "open", of: caller.name, link: "mnt" },
      { op: "bind", fd, path },
      { op: "unbind", path },
      { op: "open-path", path },
      { op: "setns", fd, nstype: 0 },
      { op: "chroot", path: digits.pick(["/", EMPTY_FOLDER]) },
      { op: "pivot-root" },
    ]);
  const leave = (who: TaskName): readonly Bound[] => [
    ...by(who, digits.once(2) ? { op: "exit" } : unshare(["mnt"])),
    ...by(caller.name, { op: "wait", child: who }),
  ];
  return [
    ...by(
      caller.name,
      clone(other, digits.once(3) ? ["user", "mnt", "net"] : ["mnt", "net"]),
      { op: "pidfd_open", of: other, flags: 0 },
      { op: "clone", as: sharer, flags: CLONE_FLAGS.CLONE_FS },
    ),
    ...by(sharer, { op: "setns", fd, nstype: flagsOf(digits.once(3) ? ["user", "mnt"] : ["mnt", "net"]) }),
    ...by(digits.once(3) ? sharer : caller.name, call(), call()),
    ...(digits.once(2) ? [...leave(sharer), ...leave(other), ...by(caller.name, { op: "close", fd })] : []),
    ...by(caller.name, call(), call(), call(), unshare(["user"])),
  ];
}

/** A pid namespace with one number behind those that stay free for the machine's own, and who would have a second. */
function drawFullPid(scene: Scene, caller: Task, digits: Digits): readonly Bound[] {
  const [first, last, ...more] = [scene.newName(), scene.newName(), scene.newName(), scene.newName()];
  // Before there was one number for all.
  const isOwn = hasChange(scene.world.release, "pid-max-by-namespace");
  if (first === undefined || last === undefined || !isOwn) return [];
  return [
    ...by(caller.name, ...(digits.once(2) ? asOwnRoot(scene, caller) : []), clone(first, ["pid"])),
    ...by(
      first,
      { op: "write-sysctl", name: "pid_max", text: "301" },
      { op: "write-sysctl", name: "ns_last_pid", text: "299" },
      clone(last, []),
      ...more.flatMap((as): Call[] => {
        if (as === undefined) return [];
        return [digits.once(2) ? clone(as, digits.once(3) ? ["pid"] : []) : { op: "legacy-clone", as, flags: 17 }];
      }),
    ),
  ];
}

/** What the lock of a bit keeps as it is. */
function drawLocked(_: Scene, caller: Task, digits: Digits): readonly Bound[] {
  const { SECBIT_KEEP_CAPS, SECBIT_NO_SETUID_FIXUP } = CONSTANTS;
  const bit = digits.once(4) ? SECBIT_NO_SETUID_FIXUP : SECBIT_KEEP_CAPS;
  const change: Call = digits.once(3)
    ? { op: "set-securebits", bits: digits.pick([0, bit, bit << 1]) }
    : { op: "set-keep-caps", keep: digits.once(2) };
  return by(
    caller.name,
    { op: "set-securebits", bits: (bit << 1) | (digits.once(2) ? bit : 0) },
    change,
    setresuid(digits.pick([0, 1000])),
    change,
  );
}

/** A file below a process's folder that outlasts the process: it opens anew as long as somebody may wait for that one. */
function drawFileOf(scene: Scene, caller: Task, digits: Digits): readonly Bound[] {
  const child = scene.newName();
  if (child === undefined) return [];
  const fd = scene.nextDescriptor(caller);
  const reopen: Call = { op: "reopen", of: caller.name, fd };
  const file = digits.pick(["uid_map", "gid_map", "projid_map", "setgroups"] as const);
  return [
    ...by(caller.name, clone(child, digits.once(3) ? ["user"] : []), {
      op: "open-map",
      of: child,
      file,
      access: "read",
    }),
    ...(digits.once(2) ? by(caller.name, reopen) : []),
    ...by(child, { op: "exit" }),
    ...by(caller.name, reopen, { op: "wait", child }, reopen, { op: "read", fd }),
  ];
}

type Kinds = readonly (keyof typeof NAMESPACE_KINDS)[];
const flagsOf = (kinds: Kinds): number => kinds.reduce((flags, kind) => flags | NAMESPACE_KINDS[kind].flag, 0);
const unshare = (kinds: Kinds): Call => ({ op: "unshare", flags: flagsOf(kinds) });
const setresuid = (id: number): Call => ({ op: "setresuid", ids: allIds(id) });
const clone = (as: TaskName, kinds: Kinds): Call => ({ op: "clone", as, flags: flagsOf(kinds) });
