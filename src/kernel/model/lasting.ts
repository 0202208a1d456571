import { changed } from "../../rules/reserved.ts";
import { changedNamespace, changedPid } from "./shapes.ts";
import type { FsKey, NsKey, PidState, World } from "./world.ts";

/** A mount namespace that never was: keys begin at 1. */
const NOWHERE = 0 as NsKey;

type PidTrace = Partial<Pick<PidState, "init" | "lastPid">>;

/**
 * What a refused call leaves behind all the same, and no other refusal does: a clone that has taken numbers gives them
 * back, but the next search begins after them; and if it was to make the first process of a pid namespace, none can
 * start there any more. The time namespace that the child was to enter has its offsets fixed by then. Source: kernel/pid.c
 * alloc_pid, free_pid, kernel/fork.c copy_process.
 */
export class Lasting {
  /** Most calls leave nothing: the map is made with its first entry. */
  #pids: Map<NsKey, PidTrace> | undefined;
  #frozen: NsKey | undefined;
  #left: { readonly fs: FsKey; readonly locked: boolean } | undefined;

  note(pid: NsKey, trace: PidTrace): void {
    this.#pids ??= new Map();
    this.#pids.set(pid, { ...this.#pids.get(pid), ...trace });
  }

  noteFrozen(time: NsKey): void {
    this.#frozen = time;
  }

  /** Where this root lies has ended with the call. */
  noteRoot(fs: FsKey, { locked }: { locked: boolean }): void {
    this.#left = { fs, locked };
  }

  /** The world before the call, with what is left of it. What the call itself had made is gone. */
  in(world: World): World {
    let { namespaces } = world;
    for (const [key, trace] of this.#pids ?? []) {
      const before = namespaces.get(key);
      if (before?.pid === undefined || isSame(before.pid, trace)) continue;
      namespaces = namespaces.set(key, changedNamespace(before, { pid: changedPid(before.pid, trace) }));
    }
    const entered = this.#frozen === undefined ? undefined : namespaces.get(this.#frozen);
    if (entered?.time?.frozen === false) {
      namespaces = namespaces.set(
        entered.key,
        changedNamespace(entered, { time: changed(entered.time, { frozen: true }) }),
      );
    }
    const root = this.#left === undefined ? undefined : world.fss.get(this.#left.fs);
    const fss =
      root === undefined || this.#left === undefined
        ? world.fss
        : world.fss.set(this.#left.fs, changed(root, { mnt: NOWHERE, locked: this.#left.locked }));
    return namespaces === world.namespaces && fss === world.fss ? world : { ...world, namespaces, fss };
  }
}

const isSame = (pid: PidState, { init = pid.init, lastPid = pid.lastPid }: PidTrace): boolean =>
  pid.init === init && pid.lastPid === lastPid;
