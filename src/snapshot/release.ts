import type { NamespaceId } from "../abi/ids.ts";
import type { Holder } from "./holders.ts";
import type { SnapshotIndex } from "./index-snapshot.ts";
import type { MountPlace, NamespaceRecord, ProcessRecord } from "./types.ts";

/** What would make a holder let go. Nothing of it is ever done by nsatlas. */
export type Release =
  | { readonly do: "end-process"; readonly process: ProcessRecord }
  /** It has ended; its parent has to wait for it, or to end itself. */
  | { readonly do: "reap"; readonly process: ProcessRecord }
  | { readonly do: "end-thread"; readonly process: ProcessRecord; readonly tid: number }
  | { readonly do: "close"; readonly process: ProcessRecord; readonly fd: number; readonly tid?: number }
  /** It is nsatlas itself, which looked. */
  | { readonly do: "end-nsatlas" }
  /** A thread of the kernel's own. */
  | { readonly do: "nothing" }
  /**
   * `stacked`: so many mounts of namespaces lie there, of which the uppermost goes first. `hiddenBy`: the path of what has to be
   * unmounted before, whatever it is; its own where that lies on it there.
   */
  | ({ readonly do: "unmount"; readonly stacked: number; readonly hiddenBy?: string } & MountPlace)
  /** Whatever holds that namespace has to let go of it. */
  | { readonly do: "let-go"; readonly namespace: NamespaceRecord };

/** What would make each holder of a snapshot let go. */
export function releasesIn(index: SnapshotIndex): (holder: Holder) => Release {
  const stacks = stackedMounts(index);
  /** Those with further threads that are in other namespaces, as all are where the first one has ended. */
  const threaded = new Set(index.snapshot.threads.map(({ pid }) => pid));
  // A zombie whose further threads go on is none that anybody could wait for.
  const end = (process: ProcessRecord): Release => ({
    do: process.zombie && !threaded.has(process.pid) ? "reap" : "end-process",
    process,
  });
  return (holder) => {
    switch (holder.kind) {
      case "child":
      case "owned":
        return { do: "let-go", namespace: holder.namespace };
      case "bind-mount":
        return unmount(holder.pin, stacks, holder.pin.hiddenBy);
      case "mount":
        return unmount(holder.mount, stacks);
      default:
    }
    const { process } = holder;
    if (isViewer(index, process)) return { do: "end-nsatlas" };
    if (process.kernelThread) return { do: "nothing" };
    if (holder.kind === "process") return end(process);
    if (holder.kind === "thread" || holder.kind === "for-children") {
      return holder.thread === undefined ? end(process) : { do: "end-thread", process, tid: holder.thread.tid };
    }
    const { fd, tid } = holder.descriptor;
    return tid === undefined ? { do: "close", process, fd } : { do: "close", process, fd, tid };
  };
}

/** nsatlas itself, where pids are those of its own pid namespace. */
const isViewer = ({ snapshot: { viewpoint, coverage } }: SnapshotIndex, { pid }: ProcessRecord): boolean =>
  viewpoint.source === "live" &&
  pid === viewpoint.pid &&
  !coverage.some(({ notes }) => notes?.includes("proc-of-another-pid-namespace") === true);

/** How many mounts of namespaces lie at one place, by mount namespace and path. The uppermost is unmounted first. */
function stackedMounts({ snapshot }: SnapshotIndex): ReadonlyMap<string, number> {
  const stacks = new Map<string, number>();
  for (const mount of [...snapshot.pins, ...snapshot.mounts]) {
    const key = placeKey(mount);
    if (key !== undefined) stacks.set(key, (stacks.get(key) ?? 0) + 1);
  }
  return stacks;
}

function placeKey({ mountNamespace, path, through }: MountPlace): string | undefined {
  const where: NamespaceId | "unknown" | "" = mountNamespace ?? "";
  return path === undefined ? undefined : `${where} ${through ?? ""} ${path}`;
}

function unmount(
  { mountNamespace, path, through, mountId }: MountPlace,
  stacks: ReadonlyMap<string, number>,
  hiddenBy?: string,
): Release {
  const place: MountPlace = {
    mountId,
    ...(mountNamespace === undefined ? {} : { mountNamespace }),
    ...(path === undefined ? {} : { path }),
    ...(through === undefined ? {} : { through }),
  };
  const stacked = stacks.get(placeKey(place) ?? "") ?? 1;
  return { do: "unmount", stacked, ...place, ...(hiddenBy === undefined ? {} : { hiddenBy }) };
}
