import type { ProcessRecord } from "../snapshot/types.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { callerOf, type Caller } from "./caller.ts";
import { groundOf, HIDDEN } from "./ground.ts";
import { once } from "../snapshot/once.ts";
import { push } from "../snapshot/push.ts";

/** Processes that the walk cannot tell apart: the same user namespace, effective uid and effective set. */
export interface Alike {
  readonly caller: Caller;
  readonly processes: readonly ProcessRecord[];
}

/** The processes of a user namespace, by what the walk asks of them. */
export interface Inhabitants {
  readonly all: readonly Alike[];
  /** By effective uid, as far as it is known. */
  readonly byUid: ReadonlyMap<number, readonly Alike[]>;
}

/**
 * Everybody who has not ended, by the number of their user namespace in the `Ground` (`HIDDEN`: not seen). Made once for a
 * snapshot, in one pass: each distinct set of credentials is there once.
 */
export const peopleOf = once(gather);

interface Gathering {
  readonly caller: Caller;
  readonly processes: ProcessRecord[];
}

function gather(index: SnapshotIndex): ReadonlyMap<number, Inhabitants> {
  const ground = groundOf(index);
  const alike = new Map<string, Gathering>();
  for (const process of index.snapshot.processes) {
    // Who has ended keeps its credentials, and makes no use of them.
    if (process.zombie) continue;
    const caller = callerOf(ground, { process });
    const key = `${caller.user} ${caller.euid} ${process.status?.capabilities.effective ?? ""}`;
    const same = alike.get(key);
    if (same === undefined) alike.set(key, { caller, processes: [process] });
    else same.processes.push(process);
  }
  const places = new Map<number, { all: Alike[]; byUid: Map<number, Alike[]> }>();
  for (const one of alike.values()) {
    const { user, euid } = one.caller;
    const there = places.get(user) ?? { all: [], byUid: new Map<number, Alike[]>() };
    places.set(user, there);
    there.all.push(one);
    if (euid === HIDDEN) continue;
    push(there.byUid, euid, one);
  }
  return places;
}
