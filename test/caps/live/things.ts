import { CONSTANTS } from "../../../src/abi/constants.ts";
import { NAMESPACE_KINDS } from "../../../src/abi/namespace-kinds.ts";
import { must } from "../../../src/kernel/build-world.ts";
import { allIds, taskName } from "../../../src/kernel/call.ts";
import { room } from "../../../src/kernel/live/holder-arguments.ts";
import type { LiveActor } from "../../../src/kernel/live/actor.ts";
import type { FileFacts } from "../../../src/caps/situation.ts";
import type { Limits } from "./stage.ts";
import { answered, made, struct, type Aimed } from "./attempt.ts";

const { AT_FDCWD } = CONSTANTS;
const [O_RDONLY, O_WRONLY, O_CREAT] = [0, 1, 0o100];
/** Nobody who is asked about has this id. */
export const STRANGER = 4242;

type Task = Pick<Aimed, "actor" | "by">;

/** The text of /proc/sys/NAME as a task sees it; undefined: it cannot be read. */
export function readSysctl(task: Task, name: string): string | undefined {
  const fd = made(task, "openat", [AT_FDCWD, `/proc/sys/${name}`, O_RDONLY, 0]);
  if (fd < 0) return undefined;
  const { ret, out } = answered(task, "read", [fd, room(4096), 4096]);
  made(task, "close", [fd]);
  return ret < 0 ? undefined : new TextDecoder().decode(out[0]?.subarray(0, ret));
}

export function writeSysctl(task: Task, name: string, text: string): void {
  const fd = made(task, "openat", [AT_FDCWD, `/proc/sys/${name}`, O_WRONLY, 0]);
  const bytes = new TextEncoder().encode(text);
  const written = fd < 0 ? fd : made(task, "write", [fd, bytes, bytes.length]);
  if (written < 0) throw new Error(`${name} could not be set: ${written}`);
  made(task, "close", [fd]);
}

/** A message queue of a stranger's, whom alone its mode would let if it let anybody, in the ipc namespace of a descriptor. */
export function makeQueue(actor: LiveActor, fd: number): number {
  const by = taskName(`queue-maker-${fd}`);
  must(actor, actor.first, { op: "clone", flags: 0, as: by });
  must(actor, by, { op: "setns", fd, nstype: NAMESPACE_KINDS.ipc.flag });
  must(actor, by, { op: "setresgid", ids: allIds(STRANGER) });
  must(actor, by, { op: "setresuid", ids: allIds(STRANGER) });
  const queue = made({ actor, by }, "msgget", [0, 0]);
  if (queue < 0) throw new Error(`no message queue: ${queue}`);
  actor.call(by, { op: "exit" });
  actor.call(actor.first, { op: "wait", child: by });
  return queue;
}

const [RLIMIT_MEMLOCK, RLIMIT_NICE, RLIMIT_RTPRIO] = [8, 13, 14];

/** As far as the kernel lets it: hard limits are raised by few. */
export function setLimits(task: Task, { nice, realTime, lockedMemory }: Limits): void {
  const rows = [
    [RLIMIT_MEMLOCK, lockedMemory],
    [RLIMIT_NICE, nice],
    [RLIMIT_RTPRIO, realTime],
  ] as const;
  for (const [limit, value] of rows) made(task, "prlimit64", [0, limit, struct([8, value], [8, value]), 0]);
}

/** A file with an owner, a group and a mode, in the numbers of the machine. */
export function makeFile(actor: LiveActor, path: string, { uid, gid, mode }: FileFacts): void {
  const task = { actor, by: actor.first };
  const fd = made(task, "openat", [AT_FDCWD, path, O_WRONLY | O_CREAT, 0o600]);
  if (fd < 0) throw new Error(`${path} could not be made: ${fd}`);
  made(task, "close", [fd]);
  made(task, "fchownat", [AT_FDCWD, path, uid, gid, 0]);
  made(task, "fchmodat", [AT_FDCWD, path, mode]);
}
