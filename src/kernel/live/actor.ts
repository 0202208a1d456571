import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Actor } from "../actor.ts";
import { isCredentialCall, taskName, type Call, type TaskName, type Value } from "../call.ts";
import type { LiveActorOptions, Strangers } from "./actor-options.ts";
import {
  awaitEnd,
  awaitRest,
  becomeFirst,
  isFirst,
  leaderName,
  processOf,
  settle,
  settleAll,
  WAIT_OPTIONS,
  type Population,
  type Process,
} from "./actor-ends.ts";
import { credentialCall, status } from "./actor-credentials.ts";
import * as maps from "./actor-maps.ts";
import { become, enterOwnUser, exec, isolateMounts, pivotRoot } from "./actor-setup.ts";
import { callsTogether, type PlainCall } from "./calls-together.ts";
import * as calls from "./holder-calls.ts";
import { readOffsets, writeOffsets } from "./actor-timens.ts";
import { readSysctl, writeSysctl } from "./actor-sysctls.ts";
import { clone3Wish, cloneWish } from "./actor-clone.ts";
import { fileCall, type OtherTasks } from "./file-calls.ts";
import type { CloneCall, EndAnswer, Limit } from "./holder-answer.ts";
import { listNamespaces } from "./list-namespaces.ts";
import { openHolders, type Holder, type Holders } from "./holders.ts";
import type { Native } from "./native.ts";
import { onlyLook } from "./strangers.ts";
import { openSendingPair } from "./send-descriptor.ts";
import { NO_SUCH_PID, PidViews, type PidPath } from "./pid-views.ts";

/** Starts the first task on the running kernel; whoever opens the actor ends it, and every task with it. */
export function openLiveActor(native: Native, options: LiveActorOptions = {}): LiveActor {
  const { limitMs } = options;
  return new LiveActor(openHolders(native, { oneCpu: true, ...(limitMs === undefined ? {} : { limitMs }) }), options);
}

interface Task {
  readonly holder: Holder;
  readonly process: Process;
  readonly pidPath: PidPath;
}

const FIRST = taskName("shell");
/** So long may the first process of a pid namespace take to end; it may have to wait for others to wait. */
const FIRST_LIMIT_MS = 250;
const EXIT_LIMIT_MS = 5000;

/** Real processes that make the calls: each task is a holder. */
export class LiveActor implements Actor, OtherTasks {
  readonly kernel = "live";
  readonly first = FIRST;
  readonly #holders: Holders;
  readonly #tasks = new Map<TaskName, Task>();
  readonly #pids = new PidViews();
  readonly #privateMounts: boolean;
  readonly #strangers: Strangers | undefined;
  /** Those whose clone with CLONE_VFORK has not been answered yet. */
  readonly #suspended = new Set<Holder>();
  /** First processes of pid namespaces that wait for others to wait, before they come to their end. */
  readonly #ending = new Set<TaskName>();
  /** `zombies` have ended, and nobody has waited for them. */
  readonly #population: Population<Task> = { tasks: this.#tasks, zombies: new Map<TaskName, Task>() };

  constructor(holders: Holders, options: LiveActorOptions) {
    this.#holders = holders;
    this.#privateMounts = options.privateMounts ?? false;
    this.#strangers = options.strangers;
    this.#begin(options);
  }

  #begin({ uid, ownUser = false }: LiveActorOptions): void {
    const holder = this.#holders.start();
    const process = { parent: undefined, hasChildren: false, threaded: false };
    const pidPath = this.#pids.enter({ holders: this.#holders, holder }, []);
    this.#tasks.set(FIRST, { holder, process, pidPath });
    try {
      openSendingPair(this.callerOf(FIRST));
      if (ownUser) enterOwnUser(this.callerOf(FIRST));
      if (this.#privateMounts) isolateMounts(this.callerOf(FIRST));
      if (uid !== undefined) become(this.callerOf(FIRST), uid);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  call(caller: TaskName, call: Call): Outcome<Value> {
    const by = this.callerOf(caller);
    if (this.#strangers !== undefined) onlyLook(call, (name) => this.#tasks.has(taskName(name)));
    if (isCredentialCall(call)) return credentialCall(by, call, (of) => this.numberFor(caller, of));
    switch (call.op) {
      case "setns":
        return calls.setns(by, call.fd, call.nstype);
      case "unshare":
        return calls.unshare(by, call.flags);
      case "clone":
        return this.#clone(caller, call, clone3Wish(call.flags, call.args));
      case "legacy-clone":
        return this.#clone(caller, call, cloneWish(call.flags));
      case "read-sysctl":
        return readSysctl(by, call.name);
      case "write-sysctl":
        return writeSysctl(by, call.name, call.text);
      case "write":
        return maps.writeMap(by, `/proc/${this.pidOf(call.of)}/${call.file}`, call.text);
      case "open-map":
        return maps.openMap(by, `/proc/${this.pidOf(call.of)}/${call.file}`, call.access);
      case "read":
        return maps.read(by, call.fd);
      case "write-fd":
        return maps.write(by, call);
      case "pwrite":
        return maps.pwrite(by, call);
      case "write-timens-offsets":
        return writeOffsets(by, this.pidOf(call.of), call.text);
      case "read-timens-offsets":
        return readOffsets(by, this.pidOf(call.of));
      case "set-dumpable":
        return calls.prctl(by, CONSTANTS.PR_SET_DUMPABLE, call.dumpable ? 1 : 0);
      case "get-dumpable":
        return calls.prctl(by, CONSTANTS.PR_GET_DUMPABLE);
      case "get-securebits":
        return calls.prctl(by, CONSTANTS.PR_GET_SECUREBITS);
      case "exec":
        if (call.setuidRoot === true) throw new TypeError("the holder's program has no set-id bits");
        return this.#exec(caller);
      case "status":
        return status(by, `/proc/${this.pidOf(call.of)}/status`);
      case "pivot-root":
        return pivotRoot(by);
      case "chroot":
        return calls.chroot(by, call.path);
      case "kill":
        return this.#kill(caller, call);
      case "listns":
        return listNamespaces(by, call);
      case "exit-thread":
        return this.#exitThread(caller);
      case "getpid":
        return calls.getpid(by);
      case "getppid":
        return calls.getppid(by);
      case "exit":
        return this.#exit(caller);
      case "wait":
        return this.#wait(caller, call.child);
      default:
        // An ordinary user has no other mounts to change but its own.
        if (call.op === "bind" && !this.#privateMounts && process.geteuid?.() === 0) {
          throw new TypeError("bind is for privateMounts alone");
        }
        return fileCall(by, caller, call, this);
    }
  }

  /** See `callsTogether`. */
  together(caller: TaskName, plain: readonly PlainCall[]): readonly Outcome<Value>[] {
    return callsTogether(this.callerOf(caller), plain, this);
  }

  /** A task's number in the pid namespace of another; where it has none, one that nobody has. */
  numberFor(caller: TaskName, of: TaskName): number {
    const target = this.#tasks.get(of) ?? this.#population.zombies.get(of);
    if (target === undefined) return this.#strangers?.pidOf(of) ?? NO_SUCH_PID;
    return this.#pids.numberFor(this.#taskOf(caller).pidPath, { pid: target.holder.tid, path: target.pidPath });
  }

  /** A task's number, as our own pid namespace has it; of one that is gone, a number that nobody has. */
  pidOf(name: TaskName): number {
    const own = this.#tasks.get(name) ?? this.#population.zombies.get(name);
    return own?.holder.tid ?? this.#strangers?.pidOf(name) ?? NO_SUCH_PID;
  }

  /** Ends every task and starts anew: much quicker than another actor. */
  restart(options: LiveActorOptions = {}): void {
    this.#holders.endEach();
    this.#suspended.clear();
    this.#ending.clear();
    this.#tasks.clear();
    this.#population.zombies.clear();
    this.#begin(options);
  }

  [Symbol.dispose](): void {
    this.#holders[Symbol.dispose]();
  }

  #taskOf(name: TaskName): Task {
    const task = this.#tasks.get(name);
    if (task === undefined) throw new TypeError(`there is no task ${name}`);
    return task;
  }
  /** The holder behind a task, for calls that the model does not have. */
  callerOf(name: TaskName): calls.Caller {
    const { holder } = this.#taskOf(name);
    if (this.#suspended.delete(holder)) {
      const { state } = this.#holders.await(holder);
      if (state !== "done") throw new calls.HolderLostError("clone", holder, state);
    }
    return { holders: this.#holders, holder };
  }

  #clone(caller: TaskName, { as, flags }: { as: TaskName; flags: number }, wish: CloneCall): Outcome<number> {
    if (this.#tasks.has(as)) throw new TypeError(`there is a task ${as} already`);
    const maker = this.#taskOf(caller);
    const { holder } = maker;
    const answer = this.#holders.clone(holder, wish);
    // After CLONE_VFORK the call lasts as long as the child has the memory: what counts is that there is a child.
    const suspended = wish.suspends === true && answer.state === "timedOut" && answer.child !== undefined;
    if (answer.state !== "done" && !suspended) throw new calls.HolderLostError(wish.call, holder, answer.state);
    if (suspended) this.#suspended.add(holder);
    if (answer.child !== undefined) {
      this.#tasks.set(as, {
        holder: answer.child,
        process: processOf(flags, maker.process),
        pidPath: this.#pids.enter({ holders: this.#holders, holder: answer.child }, maker.pidPath),
      });
    }
    if (answer.state !== "done") return ok(this.numberFor(caller, as));
    return answer.ret < 0 ? refused(errnoName(-answer.ret)) : ok(answer.ret);
  }

  #exec(name: TaskName): Outcome<number> {
    const { process } = this.#taskOf(name);
    const outcome = exec(this.callerOf(name));
    if (outcome.ok && process.threaded) becomeFirst(this.#holders, this.#population, name);
    return outcome;
  }

  #exitThread(name: TaskName): Outcome<number> {
    const limitMs = isFirst(this.callerOf(name)) ? FIRST_LIMIT_MS : EXIT_LIMIT_MS;
    const ended = this.#holders.exit(this.#taskOf(name).holder, { threadOnly: true, limitMs });
    if (ended === "timedOut") this.#ending.add(leaderName(this.#population, name));
    settleAll(this.#holders, this.#population);
    return ok(0);
  }

  #exit(name: TaskName): Outcome<number> {
    const by = this.callerOf(name);
    this.#end(name, (limit) => this.#holders.exit(by.holder, limit), isFirst(by));
    return ok(0);
  }

  /** SIGKILL, or none. The dispatcher repeats it, and waits for the end: of its own end the caller could not tell. */
  #kill(caller: TaskName, { of, signal }: { of: TaskName; signal: "SIGKILL" | "none" }): Outcome<number> {
    const by = this.callerOf(caller);
    const target = this.#tasks.get(of);
    const name = leaderName({ tasks: this.#tasks }, of);
    const { holder, process } = this.#taskOf(target === undefined ? caller : name);
    // The first process of a pid namespace does not hear of signals from within.
    const ends = signal === "SIGKILL" && target !== undefined && this.numberFor(caller, name) !== 1;
    const isSelf = ends && process === this.#taskOf(caller).process;
    const sent = calls.kill(by, this.numberFor(caller, of), signal === "none" || isSelf ? 0 : CONSTANTS.SIGKILL);
    if (sent.ok && ends) this.#end(name, (limit) => this.#holders.kill(holder, limit), true);
    return sent;
  }

  /** The first process of a pid namespace may have to wait for zombies in it that others are to wait for. */
  #end(name: TaskName, how: (limit: Limit) => EndAnswer, mayWait: boolean): void {
    const task = this.#taskOf(name);
    const limitMs = mayWait ? FIRST_LIMIT_MS : EXIT_LIMIT_MS;
    const ended = how({ limitMs });
    if (ended === "timedOut") this.#ending.add(leaderName(this.#population, name));
    else if (task.process.threaded) awaitEnd(task.holder.pid, limitMs);
    this.#population.zombies.set(name, task);
    this.#population.tasks.delete(name);
    // Further threads of its own end with it, unseen so far.
    if (mayWait || task.process.hasChildren || task.process.threaded) settleAll(this.#holders, this.#population);
    else settle(this.#holders, this.#population, name);
  }

  #wait(caller: TaskName, child: TaskName): Outcome<number> {
    const by = this.callerOf(caller);
    const number = this.numberFor(caller, child);
    const wait = (): Outcome<calls.Waited> => calls.wait4(by, number, WAIT_OPTIONS);
    let waited = wait();
    const ending = this.#ending.has(child) ? this.#population.zombies.get(child) : undefined;
    if (ending !== undefined && waited.ok && waited.value.pid === 0) {
      awaitRest(ending.holder.pid, EXIT_LIMIT_MS, () => {
        waited = wait();
        return !waited.ok || waited.value.pid !== 0;
      });
    }
    if (this.#ending.size > 0) settleAll(this.#holders, this.#population);
    else settle(this.#holders, this.#population, child);
    if (waited.ok && waited.value.pid !== 0) this.#ending.delete(child);
    return waited.ok ? ok(waited.value.pid) : waited;
  }
}
