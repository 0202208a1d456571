import type { NamespaceId } from "../../abi/ids.ts";
import { KINDS } from "../../abi/namespace-kinds.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import { compareSeniority } from "../../snapshot/senior.ts";
import type { ProcessRecord } from "../../snapshot/types.ts";
import { once } from "../../snapshot/once.ts";

/** Processes that are in the same namespaces, every one of them. */
export interface Crowd {
  readonly senior: ProcessRecord;
  readonly count: number;
}

/** All processes in crowds, the crowd with the most senior process first. Zombies are in none: they are about to go. */
export const crowdsOf = once((index: SnapshotIndex): readonly Crowd[] => {
  const crowds = new Map<string, { senior: ProcessRecord; count: number }>();
  for (const process of index.snapshot.processes) {
    if (process.zombie) continue;
    const key = KINDS.map((kind) => process.namespaces[kind] ?? "").join(" ");
    const crowd = crowds.get(key);
    if (crowd === undefined) crowds.set(key, { senior: process, count: 1 });
    else {
      crowd.count += 1;
      if (compareSeniority(process, crowd.senior) < 0) crowd.senior = process;
    }
  }
  return [...crowds.values()].toSorted((a, b) => compareSeniority(a.senior, b.senior));
});

/** The crowd that stands for each namespace: the first that is in it. */
export function homes(crowds: readonly Crowd[]): Map<NamespaceId, Crowd> {
  const home = new Map<NamespaceId, Crowd>();
  for (const crowd of crowds) {
    for (const kind of KINDS) {
      const id = crowd.senior.namespaces[kind];
      if (id !== undefined && !home.has(id)) home.set(id, crowd);
    }
  }
  return home;
}
