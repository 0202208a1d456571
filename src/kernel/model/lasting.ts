import { changed } from "../../rules/reserved.ts";
import { changedNamespace, changedPid } from "./shapes.ts";
import type { NsKey, PidState, World } from "./world.ts";

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

  note(pid: NsKey, trace: PidTrace): void {
    this.#pids ??= new Map();
    this.#pids.set(pid, { ...this.#pids.get(pid), ...trace });
  }

  noteFrozen(time: NsKey): void {
    this.#frozen = time;
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
    return namespaces === world.namespaces ? world : { ...world, namespaces };
  }
}

const isSame = (pid: PidState, { init = pid.init, lastPid = pid.lastPid }: PidTrace): boolean =>
  pid.init === init && pid.lastPid === lastPid;
