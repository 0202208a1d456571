import { changed } from "../../rules/reserved.ts";
import type { NsKey, PidState, World } from "./world.ts";

type PidTrace = Partial<Pick<PidState, "init" | "lastPid">>;

/**
 * What a refused call leaves behind all the same, and no other refusal does: a clone that has taken numbers gives them
 * back, but the next search begins after them; and if it was to make the first process of a pid namespace, none can
 * start there any more. Source: kernel/pid.c alloc_pid, free_pid.
 */
export class Lasting {
  readonly #pids = new Map<NsKey, PidTrace>();

  note(pid: NsKey, trace: PidTrace): void {
    this.#pids.set(pid, { ...this.#pids.get(pid), ...trace });
  }

  /** The world before the call, with what is left of it. What the call itself had made is gone. */
  in(world: World): World {
    let { namespaces } = world;
    for (const [key, trace] of this.#pids) {
      const before = namespaces.get(key);
      if (before?.pid === undefined || isSame(before.pid, trace)) continue;
      namespaces = namespaces.set(key, changed(before, { pid: changed(before.pid, trace) }));
    }
    return namespaces === world.namespaces ? world : { ...world, namespaces };
  }
}

const isSame = (pid: PidState, { init = pid.init, lastPid = pid.lastPid }: PidTrace): boolean =>
  pid.init === init && pid.lastPid === lastPid;
