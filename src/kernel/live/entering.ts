import { readFileSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { makedev } from "../../abi/ids.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type {
  HostNames,
  IdMapTexts,
  IpcUse,
  NetworkSysctls,
  NetworkTold,
  PidTold,
  UserLimits,
  Whose,
} from "../attributes.ts";
import type { Entrance, MountView } from "../mounting.ts";
import type { NsFile } from "../observer.ts";
import { room, type Argument } from "./holder-arguments.ts";
import * as calls from "./holder-calls.ts";
import { HolderProgramError } from "./holder-program.ts";
import type { Holders } from "./holders.ts";
import { mountView } from "./mount-view.ts";
import type { Native } from "./native.ts";
import { outcomeOf } from "./outcome-of.ts";
import { CLOCKS, HOST_NAMES, IPC_USE, NETWORK_SYSCTL_TEXTS, textsOf, USER_LIMITS } from "./tell-attributes.ts";
import { PID_TOLD } from "./tell-pid.ts";
import { NETNS_NUMBERS, NETWORK, tellNetnsids } from "./tell-network.ts";
import { Visitors } from "./visitors.ts";

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

/** Processes of ours that enter other namespaces to look, as `Visitors` says. None runs code from there, or opens a file of it. */
class Entering implements Entrance {
  readonly #native: Native;
  readonly #visitors: Visitors;

  constructor(native: Native) {
    this.#native = native;
    this.#visitors = new Visitors(native);
  }

  [Symbol.dispose](): void {
    this.#visitors[Symbol.dispose]();
  }

  /** Stands in a mount namespace until the view ends. */
  mounts(file: NsFile): Outcome<MountView> {
    return this.#visitors.withHolder((by) => {
      const entered = this.#visitors.enterBare(by, { to: file, kind: "mnt" });
      if (!entered.ok) return entered;
      const folder = `/proc/${by.holder.pid}`;
      const end = (): void => this.#visitors.end(by.holder);
      return ok(mountView({ native: this.#native, folder, isOwn: false, end }));
    });
  }

  /** The device of the mqueue of each ipc namespace: a mount of it is made, looked at and let go, and lies nowhere meanwhile. */
  mqueueDevices(files: readonly NsFile[]): readonly Outcome<bigint>[] {
    const devices: Outcome<bigint>[] = [];
    const done = this.#visitors.withHolder((by) => {
      for (const file of files) {
        const entered = this.#visitors.enter(by, { to: file, kind: "ipc" });
        devices.push(entered.ok ? mqueueDevice(by) : entered);
      }
      this.#visitors.end(by.holder);
      return ok(undefined);
    });
    // By way of its owner each is entered by a process of its own: from there no other can be.
    const answers = done.ok ? devices : files.map((_, nth) => devices[nth] ?? done);
    return answers.map((answer, nth) => {
      const to = files[nth];
      if (answer.ok || answer.errno !== "EPERM" || to === undefined) return answer;
      return this.#visitors.byOwner({ to, kind: "ipc" }, mqueueDevice);
    });
  }

  hostNames(of: readonly Whose[]): readonly Outcome<HostNames>[] {
    return this.#visitors.visitEach("uts", of, () => HOST_NAMES);
  }

  clocks(of: readonly Whose[]): readonly Outcome<string>[] {
    return this.#visitors.visitEach("time", of, () => CLOCKS);
  }

  cgroups(of: readonly Whose[], paths: readonly (readonly string[])[]): readonly Outcome<readonly Outcome<string>[]>[] {
    return this.#visitors.visitEach("cgroup", of, (nth) => textsOf(paths[nth] ?? []));
  }

  userLimits(of: readonly Whose[]): readonly Outcome<UserLimits>[] {
    return this.#visitors.visitEach("user", of, () => USER_LIMITS);
  }

  /** Its files are read from here, while it is there: so outside ids are our numbers. */
  idMaps(to: NsFile): Outcome<IdMapTexts> {
    return this.#visitors.withHolder((by) => {
      const entered = this.#visitors.enterBare(by, { to, kind: "user" });
      if (!entered.ok) return entered;
      const { pid } = by.holder;
      const read = (file: string): Outcome<string> => outcomeOf(() => readFileSync(`/proc/${pid}/${file}`, "latin1"));
      const [uid, gid, projid, setgroups] = [read("uid_map"), read("gid_map"), read("projid_map"), read("setgroups")];
      if (!uid.ok) return uid;
      if (!gid.ok) return gid;
      this.#visitors.end(by.holder);
      return ok({ pid, uid: uid.value, gid: gid.value, projid, setgroups });
    });
  }

  /** A process of ours has it for its children, and the child is in it for as long as it takes to read a file. */
  pidNamespaces(of: readonly NsFile[]): readonly Outcome<PidTold>[] {
    return this.#visitors.visitBorn("pid", of, PID_TOLD);
  }

  ipcUse(of: readonly Whose[]): readonly Outcome<IpcUse>[] {
    return this.#visitors.visitEach("ipc", of, () => IPC_USE);
  }

  network(of: readonly Whose[]): readonly Outcome<NetworkTold>[] {
    return this.#visitors.visitEach("net", of, () => NETWORK);
  }

  networkSysctls(of: readonly Whose[]): readonly Outcome<NetworkSysctls>[] {
    return this.#visitors.visitEach("net", of, () => NETWORK_SYSCTL_TEXTS);
  }

  netnsNumbers(of: readonly Whose[]): readonly Outcome<readonly number[]>[] {
    return this.#visitors.visitEach("net", of, () => NETNS_NUMBERS);
  }

  netnsids(to: Whose, of: readonly NsFile[]): Outcome<readonly Outcome<number>[]> {
    return this.#visitors.visit({ to, kind: "net", carrying: of }, tellNetnsids);
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
