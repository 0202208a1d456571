import type { NamespaceId } from "../abi/ids.ts";
import { LINKS } from "../abi/proc-links.ts";
import type { MountView } from "../kernel/mounting.ts";
import type { NsFile, Observer } from "../kernel/observer.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { localPath } from "../snapshot/local-path.ts";
import type { PinRecord } from "../snapshot/types.ts";
import type { Doorway } from "./doorway.ts";
import { NETNS_FOLDER } from "./pins.ts";

/** Of each sort of way so many are tried: what led there a moment ago may be gone. */
const FEW = 4;

/** Where and how to look for what leads to a namespace. */
export interface KnownIn {
  readonly observer: Observer;
  readonly index: SnapshotIndex;
  /** Enters mount namespaces that no process is in, for what is mounted there alone. */
  readonly doorway: Doorway;
}

/**
 * Opens a namespace that a look has found, by whatever led to it; what opens is compared with what was found. The caller ends
 * it. ENOENT: nothing leads there any more, or only what cannot be opened from here. ECANCELED: it takes entering another, and
 * that is not wanted. Else the last refusal.
 */
export function openKnown(known: KnownIn, id: NamespaceId): Outcome<NsFile> {
  return openOnce({ ...known, tried: new Set() }, id);
}

interface Search extends KnownIn {
  /** Each namespace is looked for once, whatever is above and below. */
  readonly tried: Set<NamespaceId>;
}

function openOnce(search: Search, id: NamespaceId): Outcome<NsFile> {
  let last: Outcome<NsFile> = refused("ENOENT");
  if (search.tried.has(id)) return last;
  search.tried.add(id);
  for (const open of waysTo(search, id)) {
    const opened = open();
    if (opened.ok && opened.value.id === id) return opened;
    if (opened.ok) opened.value[Symbol.dispose]();
    else if (opened.errno !== "ENOENT") last = opened;
  }
  return last;
}

function* waysTo(search: Search, id: NamespaceId): Generator<() => Outcome<NsFile>> {
  const { observer, index } = search;
  const { procRoot } = observer;
  for (const path of pathsTo(index, id, procRoot)) yield () => observer.open(path);
  for (const pin of (index.pins.get(id) ?? []).slice(0, FEW)) {
    const { path } = pin;
    if (path === undefined || localPath(pin) !== undefined) continue;
    yield () => {
      const entered = viewOf(search, pin);
      if (!entered.ok) return entered;
      using view = entered.value;
      return view.open(path, { local: false });
    };
  }
  for (const { what, pid, tid, fd } of (index.descriptors.get(id) ?? []).slice(0, FEW)) {
    const task = { pid, ...(tid !== undefined && { tid }) };
    if (what === "socket") yield () => observer.openSocketNamespace(task, { fd });
  }
  // Nothing but what is below leads there: the kernel shows the way up.
  for (const [below, up] of [
    [index.children, "openParent"],
    [index.owned, "openOwner"],
  ] as const) {
    for (const { id: child } of (below.get(id) ?? []).slice(0, FEW)) {
      yield () => {
        const opened = openOnce(search, child);
        if (!opened.ok) return opened;
        using file = opened.value;
        return file[up]();
      };
    }
  }
}

/** The files that can be opened as they stand. */
function* pathsTo(index: SnapshotIndex, id: NamespaceId, procRoot: string): Generator<string> {
  const own = LINKS.find((link) => index.snapshot.viewpoint.namespaces[link] === id);
  if (own !== undefined) yield `${procRoot}/self/ns/${own}`;
  for (const tasks of [index.members, index.forChildren]) {
    for (const { pid, namespaces } of (tasks.get(id) ?? []).slice(0, FEW)) {
      const link = LINKS.find((name) => namespaces[name] === id);
      if (link !== undefined) yield `${procRoot}/${pid}/ns/${link}`;
    }
  }
  for (const tasks of [index.threads, index.threadsForChildren]) {
    for (const { pid, tid, namespaces } of (tasks.get(id) ?? []).slice(0, FEW)) {
      const link = LINKS.find((name) => namespaces[name] === id);
      if (link !== undefined) yield `${procRoot}/${pid}/task/${tid}/ns/${link}`;
    }
  }
  for (const pin of (index.pins.get(id) ?? []).slice(0, FEW)) {
    const path = localPath(pin);
    if (path !== undefined) yield path;
  }
  for (const { name } of (index.names.get(id) ?? []).slice(0, FEW)) yield `${NETNS_FOLDER}/${name}`;
  for (const { what, pid, tid = pid, fd } of (index.descriptors.get(id) ?? []).slice(0, FEW)) {
    if (what === "namespace") yield `${procRoot}/${pid}/task/${tid}/fd/${fd}`;
  }
}

/** What is mounted where a mount lies: as a process there sees it, or one of ours that enters. */
function viewOf(search: Search, { mountNamespace, through }: PinRecord): Outcome<MountView> {
  const { observer, index, doorway } = search;
  const isKnown = mountNamespace !== undefined && mountNamespace !== "unknown";
  const pid = through ?? (isKnown ? index.members.get(mountNamespace)?.[0]?.pid : undefined);
  if (pid !== undefined) return ok(observer.mountView(pid));
  if (!isKnown) return refused("ENOENT");
  const opened = openOnce(search, mountNamespace);
  if (!opened.ok) return opened;
  using file = opened.value;
  return doorway.enter(file);
}
