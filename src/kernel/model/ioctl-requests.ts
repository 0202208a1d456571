import { CONSTANTS } from "../../abi/constants.ts";
import { NSFS_IOCTL_NAMES, NSFS_IOCTLS, requestNumber, type NsfsIoctl } from "../../abi/ioctls.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Value } from "../call.ts";
import type { FileCall, IoctlArgument, IoctlRequest } from "../file-call.ts";
import { fileAt, install, numberIn } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { nsfsIoctl, type Passed } from "./ioctl.ts";
import { mayAskOf } from "./pidfds.ts";
import { socketNamespace } from "./sockets.ts";
import type { Task } from "./world.ts";

/** Above every pid_max. */
const NO_SUCH_PID = 0x7fffffff;

/** ioctl(2). Source: fs/ioctl.c do_vfs_ioctl, fs/nsfs.c ns_ioctl. */
export function ioctl(
  draft: Draft,
  caller: Task,
  { fd, request, argument }: Extract<FileCall, { op: "ioctl" }>,
): Outcome<Value> {
  const file = fileAt(draft, caller, fd);
  if (!file.ok) return file;
  const { flags, target } = file.value;
  if ((flags & CONSTANTS.O_PATH) !== 0) return refused("EBADF", "bad-descriptor");
  if (target.type === "pidfd") {
    const may = mayAskOf(draft, caller, target, { passesSome: passesSome(request, argument) });
    return may.ok ? refused("ENOTTY", request === "SIOCGSKNS" ? "not-a-socket" : "not-a-namespace-file") : may;
  }
  if (request === "SIOCGSKNS") {
    return target.type === "socket" ? socketNamespace(draft, caller, target) : refused("ENOTTY", "not-a-socket");
  }
  if (target.type !== "namespace") return refused("ENOTTY", "not-a-namespace-file");
  // Of a regular file, which a namespace file is to the rest of the kernel, nothing is left to read.
  if (request === CONSTANTS.FIONREAD) return ok(0);
  const name = typeof request === "number" ? nameOf(request, draft.release) : ok({ name: request, short: false });
  if (!name.ok) return name;
  const { name: meant, short } = name.value;
  const ns = draft.namespace(target.namespace);
  const reply = nsfsIoctl(draft, caller, ns, { request: meant, short, passed: passedAs(draft, argument) });
  if (!reply.ok) return reply;
  return ok(
    "opens" in reply.value
      ? install(draft, caller, { type: "namespace", namespace: reply.value.opens })
      : reply.value.number,
  );
}

/** Request numbers by what they are without the size, which is part of most. */
const SIZE = 0x3fff0000;
const EXTENSIBLE: ReadonlySet<NsfsIoctl> = new Set(["NS_MNT_GET_INFO", "NS_MNT_GET_NEXT", "NS_MNT_GET_PREV"]);
const withoutSize = (request: number): number => (request & ~SIZE) >>> 0;
const sizeOf = (request: number): number => (request & SIZE) >>> 16;
const LAST_BYTE = 0xff;
const BY_LAST_BYTE: ReadonlyMap<number, NsfsIoctl> = new Map(
  [...EXTENSIBLE].map((name) => [NSFS_IOCTLS[name].number, name]),
);
const BY_NUMBER: ReadonlyMap<number, NsfsIoctl> = new Map(
  NSFS_IOCTL_NAMES.map((name) => [withoutSize(requestNumber(NSFS_IOCTLS[name])), name]),
);

/**
 * The three that take a struct allow a larger one. Before Linux 6.18 they are known by their number alone, whatever the
 * other bits say, and a struct that is too short is noticed later.
 */
function nameOf(request: number, release: string): Outcome<{ name: NsfsIoctl; short: boolean }> {
  const strict = hasChange(release, "short-struct-is-enotty");
  const name = BY_NUMBER.get(withoutSize(request)) ?? (strict ? undefined : BY_LAST_BYTE.get(request & LAST_BYTE));
  if (name === undefined) return refused("ENOTTY", "call-unknown-to-kernel");
  const { size } = NSFS_IOCTLS[name];
  const given = sizeOf(request);
  if (given === size || (given > size && EXTENSIBLE.has(name))) return ok({ name, short: false });
  if (!strict && EXTENSIBLE.has(name)) return ok({ name, short: given < size });
  return refused("ENOTTY", "call-unknown-to-kernel");
}

/** Whether there is a number or an address behind the request: an answer that is written needs one. */
function passesSome(request: IoctlRequest, argument: IoctlArgument | undefined): boolean {
  if (argument !== undefined) return argument !== "null" && argument !== 0;
  if (typeof request === "number") return true;
  if (request === "SIOCGSKNS") return false;
  const { gives, size } = NSFS_IOCTLS[request];
  return gives === "fd" ? size > 0 : gives !== "return";
}

function passedAs(draft: Draft, argument: IoctlArgument | undefined): Passed {
  if (typeof argument !== "object") return argument ?? "room";
  const [task, viewer] = [draft.tasks.get(argument.numberOf), draft.task(argument.seenBy)];
  return (task === undefined ? undefined : numberIn(task, viewer.pid)) ?? NO_SUCH_PID;
}
