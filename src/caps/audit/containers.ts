import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { ProcessRecord } from "../../snapshot/types.ts";
import { readCgroupPath } from "../../traces/read-path.ts";
import { once } from "../../snapshot/once.ts";

/** The processes of one container, as the names of their control groups tell. */
export interface Container {
  /** Its kind of engine and its name: `docker 0123…`. */
  readonly name: string;
  readonly processes: readonly ProcessRecord[];
}

/** The containers of a snapshot, in the order of their first processes. One pass; each path is read once. */
export const containersOf = once((index: SnapshotIndex): ReadonlyMap<string, Container> => {
  const names = new Map<string, string | undefined>();
  const found = new Map<string, Container & { readonly processes: ProcessRecord[] }>();
  for (const process of index.snapshot.processes) {
    const { cgroup, zombie } = process;
    if (cgroup === undefined || zombie) continue;
    if (!names.has(cgroup)) names.set(cgroup, containerIn(cgroup));
    const name = names.get(cgroup);
    if (name === undefined) continue;
    const container = found.get(name);
    if (container === undefined) found.set(name, { name, processes: [process] });
    else container.processes.push(process);
  }
  return found;
});

/** The outermost container on the way, unless what watches over it comes first. A virtual machine is none. */
function containerIn(path: string): string | undefined {
  for (const { kind, engine, name } of readCgroupPath(path)) {
    if (kind === "monitor") return undefined;
    if (kind === "container" || (kind === "machine" && engine === "nspawn")) {
      return engine === undefined ? name : `${engine} ${name}`;
    }
  }
  return undefined;
}
