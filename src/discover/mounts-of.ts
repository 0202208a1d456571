import type { NamespaceId } from "../abi/ids.ts";
import type { NsFile, Observer } from "../kernel/observer.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { localPath } from "../snapshot/local-path.ts";
import { Doorway } from "./doorway.ts";
import { readTable, type ReadTable } from "./mount-table.ts";

/** The mounts of one mount namespace that was seen; `path` is a file of it, where one is known. */
export function mountsOf(
  observer: Observer,
  index: SnapshotIndex,
  { id, path, enter }: { id: NamespaceId; path: string | undefined; enter: boolean },
): ReadTable {
  const members = [
    ...(index.members.get(id) ?? []).map(({ pid }) => pid),
    ...(index.threads.get(id) ?? []).map(({ tid }) => tid),
  ];
  using doorway = new Doorway(observer, { mayEnter: enter });
  using file = openNamespace(observer, index, { id, path, members });
  return readTable(observer, doorway, { file, members, isOwn: index.snapshot.viewpoint.namespaces.mnt === id });
}

/** By whatever leads to it; at last by the kernel's own list. */
function openNamespace(
  observer: Observer,
  index: SnapshotIndex,
  { id, path, members }: { id: NamespaceId; path: string | undefined; members: readonly number[] },
): NsFile | undefined {
  const { procRoot } = observer;
  const ways = [
    ...(path === undefined ? [] : [path]),
    ...members.slice(0, FEW).map((pid) => `${procRoot}/${pid}/ns/mnt`),
    ...(index.descriptors.get(id) ?? []).slice(0, FEW).map(({ pid, fd }) => `${procRoot}/${pid}/fd/${fd}`),
    ...(index.pins.get(id) ?? []).flatMap((pin) => localPath(pin) ?? []),
  ];
  for (const way of ways) {
    const opened = observer.open(way);
    if (!opened.ok) continue;
    if (opened.value.id === id) return opened.value;
    opened.value[Symbol.dispose]();
  }
  for (const step of ["next", "previous"] as const) {
    let at = observer.open(`${procRoot}/self/ns/mnt`);
    while (at.ok && at.value.id !== id) {
      using here = at.value;
      at = here.openNextMount(step);
    }
    if (at.ok) return at.value;
  }
  return undefined;
}
const FEW = 4;
