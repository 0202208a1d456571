import { constants, readFileSync, readlinkSync } from "node:fs";
import { parseStatus } from "../../procfs/status.ts";
import { NSFS_IOCTLS, PIDFD_IOCTLS, requestNumber } from "../../abi/ioctls.ts";
import { CLONE_FLAGS, CONSTANTS } from "../../abi/constants.ts";
import { NAMESPACE_KINDS } from "../../abi/namespace-kinds.ts";
import { namespaceId } from "../../abi/ids.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { errnoName } from "../../abi/errnos.ts";
import type { Actor } from "../actor.ts";
import { allIds, taskName, type Call, type RelationIoctl, type TaskName, type Value } from "../call.ts";
import { room } from "./holder-arguments.ts";
import * as calls from "./holder-calls.ts";
import { cloneArgs } from "./holder-clone.ts";
import { openHolders, type Holder, type Holders } from "./holders.ts";
import type { Native } from "./native.ts";

export interface LiveActorOptions {
  /** The uid and gid that the first task takes, as if it had been started by that user. Needs root, unless it is ours. */
  readonly uid?: number;
  /**
   * Gives the first task a mount namespace of its own, out of which no mount can leak: needed for `bind`. Needs
   * CAP_SYS_ADMIN.
   */
  readonly privateMounts?: boolean;
}

/** Starts the first task on the running kernel; whoever opens the actor ends it, and every task with it. */
export function openLiveActor(native: Native, options: LiveActorOptions = {}): LiveActor {
  return new LiveActor(openHolders(native, { oneCpu: true }), options);
}

interface Task {
  readonly holder: Holder;
  readonly parent: TaskName | undefined;
  /** The pid namespaces that it has a number in, outermost first, by their links. */
  readonly pidPath: readonly string[];
}

/** Above every pid_max. */
const NO_SUCH_PID = 0x7fffffff;
const FIRST = taskName("shell");
/** The least buffer an ioctl's answer needs. */
const ANSWER_BYTES = 8;
/** Whoever has the caller's parent, or its thread group, signals nobody. */
const NO_SIGNAL = CLONE_FLAGS.CLONE_THREAD | CLONE_FLAGS.CLONE_PARENT;
const OPEN_FLAGS = constants.O_RDONLY | CONSTANTS.O_CLOEXEC;

/** Real processes that make the calls: each task is a holder. */
export class LiveActor implements Actor {
  readonly kernel = "live";
  readonly first = FIRST;
  readonly #holders: Holders;
  readonly #tasks = new Map<TaskName, Task>();
  readonly #pidPaths = new Map<string, readonly string[]>();
  readonly #privateMounts: boolean;
  /** Tasks that have exited and whose parent has not waited for them. */
  readonly #zombies = new Map<TaskName, { readonly holder: Holder; readonly parent: TaskName }>();

  constructor(holders: Holders, { uid, privateMounts = false }: LiveActorOptions) {
    this.#holders = holders;
    this.#privateMounts = privateMounts;
    const holder = holders.start();
    this.#tasks.set(FIRST, { holder, parent: undefined, pidPath: [readlinkSync(`/proc/${holder.pid}/ns/pid`)] });
    try {
      if (privateMounts) this.#isolateMounts();
      if (uid !== undefined) this.#become(uid);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  call(caller: TaskName, call: Call): Outcome<Value> {
    const by = this.#callerOf(caller);
    switch (call.op) {
      case "open":
        return calls.open(by, `/proc/${this.pidOf(call.of)}/ns/${call.link}`, OPEN_FLAGS);
      case "close":
        return calls.close(by, call.fd);
      case "fstat": {
        const stat = calls.fstat(by, call.fd);
        return stat.ok ? ok({ namespace: namespaceId(stat.value.dev, stat.value.ino) }) : stat;
      }
      case "ioctl":
        return this.#ioctl(caller, call.fd, call.request, call.argument ?? 0);
      case "fcntl":
        return calls.fcntl(by, call.fd, CONSTANTS[call.command]);
      case "setns":
        return calls.setns(by, call.fd, call.nstype);
      case "pidfd_open":
        return calls.pidfdOpen(
          by,
          typeof call.of === "object" ? call.of.number : this.#numberFor(caller, call.of),
          call.flags,
        );
      case "pidfd-ioctl":
        return calls.ioctl(by, call.fd, requestNumber(PIDFD_IOCTLS[call.request]), call.argument ?? 0);
      case "dup":
        return calls.dup(by, call.fd);
      case "open-other":
        return this.#openOther(by, call.what);
      case "unshare":
        return calls.unshare(by, call.flags);
      case "clone":
        return this.#clone(caller, call.flags, call.as);
      case "write": {
        const path = `/proc/${this.pidOf(call.of)}/${call.file}`;
        const written = calls.writeFile(by, path, call.text, constants.O_WRONLY | CONSTANTS.O_CLOEXEC);
        return written.write ?? written.open;
      }
      case "bind":
        return this.#bind(by, call.fd, call.path);
      case "unbind":
        return calls.umount2(by, call.path, CONSTANTS.MNT_DETACH);
      case "set-dumpable":
        return calls.prctl(by, CONSTANTS.PR_SET_DUMPABLE, call.dumpable ? 1 : 0);
      case "capset":
        return calls.capset(by, { effective: call.effective, permitted: call.permitted, inheritable: 0n });
      case "setresuid":
        return calls.setresuid(by, call.ids);
      case "setresgid":
        return calls.setresgid(by, call.ids);
      case "chroot":
        return calls.chroot(by, call.path);
      case "exit-thread":
        this.#holders.exit(by.holder, { threadOnly: true });
        return ok(0);
      case "exit":
        return this.#exit(caller);
      case "wait":
        return this.#wait(by, call.child);
      default:
        return unreachable(call);
    }
  }

  /** A task's number as another sees it; one that nobody has where it sees none. */
  #numberFor(caller: TaskName, of: TaskName): number {
    const [mine, theirs] = [this.#taskOf(caller).pidPath, this.#taskOf(of).pidPath];
    const visible = mine.every((ns, level) => theirs[level] === ns);
    return (visible ? nsPids(this.pidOf(of))[mine.length - 1] : undefined) ?? NO_SUCH_PID;
  }

  /**
   * The pid namespaces of a new task, outermost first. The first process of one is number 1 there, and the namespace
   * lies below its maker's; whoever has another number came to where somebody was before.
   */
  #pidPathOf(pid: number, maker: Task): readonly string[] {
    const own = readlinkSync(`/proc/${pid}/ns/pid`);
    const isFirst = nsPids(pid).length > 1 && nsPids(pid).at(-1) === 1;
    const path = isFirst ? [...maker.pidPath, own] : (this.#pidPaths.get(own) ?? maker.pidPath);
    this.#pidPaths.set(own, path);
    return path;
  }

  /** A task's pid, as our own pid namespace has it. */
  pidOf(name: TaskName): number {
    return this.#taskOf(name).holder.pid;
  }

  [Symbol.dispose](): void {
    this.#holders[Symbol.dispose]();
  }

  #taskOf(name: TaskName): Task {
    const task = this.#tasks.get(name);
    if (task === undefined) throw new TypeError(`there is no task ${name}`);
    return task;
  }
  #callerOf(name: TaskName): calls.Caller {
    return { holders: this.#holders, holder: this.#taskOf(name).holder };
  }

  #ioctl(caller: TaskName, fd: number, request: RelationIoctl, argument: number): Outcome<Value> {
    const { gives, ...row } = NSFS_IOCTLS[request];
    const number = requestNumber(row);
    if (gives === "fd" || gives === "return") return calls.ioctl(this.#callerOf(caller), fd, number, argument);
    const { holder } = this.#taskOf(caller);
    const answer = this.#holders.syscall(holder, "ioctl", [fd, number, room(ANSWER_BYTES)]);
    if (answer.state !== "done") throw new calls.HolderLostError("ioctl", holder, answer.state);
    if (answer.ret < 0) return refused(errnoName(-answer.ret));
    const bytes = answer.out[0] ?? new Uint8Array(ANSWER_BYTES);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return ok(gives === "u32" ? view.getUint32(0, true) : view.getBigUint64(0, true));
  }

  #clone(caller: TaskName, flags: number, as: TaskName): Outcome<number> {
    if (this.#tasks.has(as)) throw new TypeError(`there is a task ${as} already`);
    const maker = this.#taskOf(caller);
    const { holder } = maker;
    const answer = this.#holders.clone(holder, {
      call: "clone3",
      args: cloneArgs({ flags, ...(flags & NO_SIGNAL ? { exitSignal: 0 } : {}) }),
    });
    if (answer.state !== "done") throw new calls.HolderLostError("clone3", holder, answer.state);
    if (answer.child !== undefined) {
      this.#tasks.set(as, {
        holder: answer.child,
        parent: caller,
        pidPath: this.#pidPathOf(answer.child.pid, maker),
      });
    }
    return answer.ret < 0 ? refused(errnoName(-answer.ret)) : ok(answer.ret);
  }

  /** A pipe's read end is what counts: the write end is closed at once. */
  #openOther(by: calls.Caller, what: "null" | "directory" | "pipe" | "socket"): Outcome<number> {
    switch (what) {
      case "null":
        return calls.open(by, "/dev/null", OPEN_FLAGS);
      case "directory":
        return calls.open(by, "/", OPEN_FLAGS | constants.O_DIRECTORY);
      case "socket":
        return calls.socket(by, CONSTANTS.AF_UNIX, CONSTANTS.SOCK_DGRAM | CONSTANTS.O_CLOEXEC);
      case "pipe":
        return calls.pipeEnd(by);
    }
  }

  #bind(by: calls.Caller, fd: number, path: string): Outcome<number> {
    if (!this.#privateMounts) throw new TypeError("bind is for an actor with mounts of its own: privateMounts");
    const made = calls.open(by, path, constants.O_CREAT | constants.O_RDONLY | CONSTANTS.O_CLOEXEC);
    if (made.ok) calls.close(by, made.value);
    return calls.mount(by, { source: `/proc/self/fd/${fd}`, target: path, flags: CONSTANTS.MS_BIND });
  }

  /** A task whose parent has ended has the dispatcher as parent, which waits for it as the model's outside does. */
  #exit(name: TaskName): Outcome<number> {
    const { holder, parent } = this.#taskOf(name);
    this.#holders.exit(holder);
    this.#tasks.delete(name);
    if (parent === undefined || !this.#tasks.has(parent)) this.#holders.reap(holder.pid);
    else this.#zombies.set(name, { holder, parent });
    for (const [child, zombie] of this.#zombies) {
      if (zombie.parent !== name) continue;
      this.#holders.reap(zombie.holder.pid);
      this.#zombies.delete(child);
    }
    return ok(0);
  }

  #wait(by: calls.Caller, child: TaskName): Outcome<number> {
    const zombie = this.#zombies.get(child);
    // The number as the caller sees it is not known here; a caller in our own pid namespace is all that waits so far.
    if (zombie === undefined) return refused("ECHILD");
    const waited = calls.wait4(by, zombie.holder.pid);
    if (waited.ok) this.#zombies.delete(child);
    return waited.ok ? ok(waited.value.pid) : waited;
  }

  #isolateMounts(): void {
    const by = this.#callerOf(FIRST);
    succeed(calls.unshare(by, NAMESPACE_KINDS.mnt.flag));
    succeed(calls.mount(by, { source: "none", target: "/", flags: CONSTANTS.MS_REC | CONSTANTS.MS_PRIVATE }));
  }
  #become(uid: number): void {
    const by = this.#callerOf(FIRST);
    if (process.geteuid?.() === 0) succeed(calls.setgroups(by, []));
    succeed(calls.setresgid(by, allIds(uid)));
    succeed(calls.setresuid(by, allIds(uid)));
    // As after the execve that a login makes.
    succeed(calls.prctl(by, CONSTANTS.PR_SET_DUMPABLE, 1));
  }
}

/** A process's numbers, from our own pid namespace downwards. */
function nsPids(pid: number): readonly number[] {
  const status = parseStatus(readFileSync(`/proc/${pid}/status`, "latin1"));
  return (status.ok ? status.value.nsPid : undefined) ?? [pid];
}

function succeed(outcome: Outcome<number>): void {
  if (!outcome.ok) throw new Error(`the first task could not be set up: ${outcome.errno}`);
}

function unreachable(call: never): never {
  throw new TypeError(`no such call: ${JSON.stringify(call)}`);
}
