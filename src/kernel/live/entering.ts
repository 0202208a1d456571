import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { makedev } from "../../abi/ids.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Entrance, MountView } from "../mounting.ts";
import type { NsFile } from "../observer.ts";
import { room, type Argument } from "./holder-arguments.ts";
import * as calls from "./holder-calls.ts";
import { HolderProgramError } from "./holder-program.ts";
import { openHolders, type Holder, type Holders } from "./holders.ts";
import { mountView } from "./mount-view.ts";
import type { Native } from "./native.ts";
import { LiveNsFile } from "./ns-file.ts";

/** A call that takes longer is given up with the process that made it. */
const LIMIT_MS = 2000;
const NO_POWER = { effective: 0n, permitted: 0n, inheritable: 0n };
const FSCONFIG_CMD_CREATE = 6;
/** struct statx, and where it has the device. */
const STATX = { bytes: 256, major: 136, minor: 140 } as const;

/** ENOSYS: there is no such program for this machine, or it does not start. */
export function openEntering(native: Native): Outcome<Entrance> {
  try {
    return ok(new Entering(native));
  } catch (error) {
    if (error instanceof HolderProgramError) return refused("ENOSYS");
    throw error;
  }
}

/**
 * Processes of ours that enter other namespaces to look. Before it enters, each becomes one that nobody may look into (not
 * dumpable) and that can gain nothing (no_new_privs); once it is in, it gives up all capabilities. It runs no code from there and opens
 * nothing; it ends with its view, with the observer, after the time limit, or with nsatlas itself.
 */
class Entering implements Entrance {
  readonly #native: Native;
  readonly #holders: Holders;

  constructor(native: Native) {
    this.#native = native;
    this.#holders = openHolders(native, { limitMs: LIMIT_MS });
  }

  [Symbol.dispose](): void {
    this.#holders[Symbol.dispose]();
  }

  /** Stands in a mount namespace until the view ends. */
  mounts(file: NsFile): Outcome<MountView> {
    return this.#withHolder((by) => {
      const entered = this.#enter(by, file, "mnt");
      const bare = entered.ok ? calls.capset(by, NO_POWER) : entered;
      if (!bare.ok) return bare;
      const folder = `/proc/${by.holder.pid}`;
      const end = (): void => this.#end(by.holder);
      return ok(mountView({ native: this.#native, folder, isOwn: false, end }));
    });
  }

  /** The device of the mqueue of each ipc namespace: a mount of it is made, looked at and let go, and lies nowhere meanwhile. */
  mqueueDevices(files: readonly NsFile[]): readonly Outcome<bigint>[] {
    const devices: Outcome<bigint>[] = [];
    const done = this.#withHolder((by) => {
      for (const file of files) {
        const entered = this.#enter(by, file, "ipc");
        devices.push(entered.ok ? mqueueDevice(by) : entered);
      }
      this.#end(by.holder);
      return ok(undefined);
    });
    return done.ok ? devices : files.map((_, nth) => devices[nth] ?? done);
  }

  #enter(by: calls.Caller, file: NsFile, kind: NamespaceKind): Outcome<number> {
    if (!(file instanceof LiveNsFile)) return refused("EBADF", "bad-descriptor");
    const opened = calls.open(by, `/proc/${process.pid}/fd/${file.fd}`, CONSTANTS.O_CLOEXEC);
    if (!opened.ok) return opened;
    const entered = calls.setns(by, opened.value, NAMESPACE_KINDS[kind].flag);
    const closed = calls.close(by, opened.value);
    return entered.ok ? closed : entered;
  }

  /** A process for the purpose; it has ended where nothing came of it. */
  #withHolder<T>(use: (by: calls.Caller) => Outcome<T>): Outcome<T> {
    const holder = this.#start();
    if (!holder.ok) return holder;
    const by = { holders: this.#holders, holder: holder.value };
    try {
      const hidden = calls.prctl(by, CONSTANTS.PR_SET_DUMPABLE, 0);
      const bound = hidden.ok ? calls.prctl(by, CONSTANTS.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) : hidden;
      const used = bound.ok ? use(by) : bound;
      if (!used.ok) this.#end(holder.value);
      return used;
    } catch (error) {
      if (!(error instanceof calls.HolderLostError)) throw error;
      this.#end(holder.value);
      return refused(error.how === "timedOut" ? "ETIMEDOUT" : "ESRCH");
    }
  }

  #start(): Outcome<Holder> {
    try {
      return ok(this.#holders.start());
    } catch (error) {
      if (error instanceof HolderProgramError || error instanceof RangeError) return refused("EAGAIN");
      throw error;
    }
  }

  #end(holder: Holder): void {
    if (this.#holders.has(holder)) this.#holders.kill(holder, { limitMs: LIMIT_MS });
    this.#holders.reap(holder.pid);
  }
}

/** fsopen, fsconfig, fsmount: all mounts of an ipc namespace's mqueue are of one file system. Source: ipc/mqueue.c mqueue_get_tree. */
function mqueueDevice(by: calls.Caller): Outcome<bigint> {
  const context = call(by, "fsopen", ["mqueue", 1]);
  if (!context.ok) return context;
  const made = call(by, "fsconfig", [context.value.ret, FSCONFIG_CMD_CREATE, 0, 0, 0]);
  const mount = made.ok ? call(by, "fsmount", [context.value.ret, 1, 0]) : made;
  calls.close(by, context.value.ret);
  if (!mount.ok) return mount;
  const words = [mount.value.ret, "", CONSTANTS.AT_EMPTY_PATH, 0, room(STATX.bytes)];
  const stat = call(by, "statx", words);
  calls.close(by, mount.value.ret);
  if (!stat.ok) return stat;
  const [bytes = new Uint8Array(STATX.bytes)] = stat.value.out;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return ok(makedev({ major: view.getUint32(STATX.major, true), minor: view.getUint32(STATX.minor, true) }));
}

type Name = Parameters<Holders["syscall"]>[1] & string;
function call({ holders, holder }: calls.Caller, name: Name, words: readonly Argument[]) {
  const answer = holders.syscall(holder, name, words);
  if (answer.state !== "done") throw new calls.HolderLostError(name, holder, answer.state);
  return answer.ret < 0 ? refused(errnoName(-answer.ret)) : ok(answer);
}
