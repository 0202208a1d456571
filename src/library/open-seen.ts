import type { NamespaceId } from "../abi/ids.ts";
import { LINKS } from "../abi/proc-links.ts";
import { NETNS_FOLDER } from "../discover/pins.ts";
import type { NsFile } from "../kernel/observer.ts";
import type { Outcome } from "../rules/outcome.ts";
import { refused } from "../rules/outcome.ts";
import { findNamespace, type NamespaceName } from "../snapshot/find-namespace.ts";
import { indexSnapshot, type SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { localPath } from "../snapshot/local-path.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import { discoverWith } from "./discover.ts";
import { notOne, notSeen } from "./name-error.ts";
import type { Asking } from "./owned-file.ts";

/**
 * Opens the namespace that an inode or an id means, among all that can be seen. What was found may be gone again by
 * then: every way to it is tried, and what opens is compared with what was found.
 */
export async function openSeen(text: string, name: NamespaceName, asking: Asking): Promise<NsFile> {
  const index = indexSnapshot(await discoverWith({}, asking));
  const found = findNamespace(index, name);
  if (found.found !== "one") throw notOne(text, found, name.kind, asking.language);
  const opened = openById(found.namespace, index, asking);
  if (!opened.ok) throw notSeen(text, asking.language);
  return opened.value;
}

/** The file of a namespace that was seen, by any way that led to it then; ENOENT where none does any more. The caller ends it. */
export function openById({ id, kind }: NamespaceRecord, index: SnapshotIndex, asking: Asking): Outcome<NsFile> {
  for (const path of pathsTo(id, index, asking.observer.procRoot)) {
    const opened = only(id, asking.observer.open(path));
    if (opened.ok) return opened;
  }
  // No file leads to it: it lives by what is below, and from there the kernel shows the way up.
  for (const child of index.children.get(id) ?? []) {
    const opened = upFrom(openById(child, index, asking), id, (file) => file.openParent());
    if (opened.ok) return opened;
  }
  if (kind !== "user") return refused("ENOENT");
  for (const owned of index.owned.get(id) ?? []) {
    const opened = upFrom(openById(owned, index, asking), id, (file) => file.openOwner());
    if (opened.ok) return opened;
  }
  return refused("ENOENT");
}

/** The files that led to it, those of processes first. */
function* pathsTo(id: NamespaceId, index: SnapshotIndex, procRoot: string): Generator<string> {
  for (const processes of [index.members, index.forChildren]) {
    for (const { pid, namespaces } of processes.get(id) ?? []) {
      const link = LINKS.find((link) => namespaces[link] === id);
      if (link !== undefined) yield `${procRoot}/${pid}/ns/${link}`;
    }
  }
  for (const pin of index.pins.get(id) ?? []) {
    const path = localPath(pin);
    if (path !== undefined) yield path;
  }
  for (const { name } of index.names.get(id) ?? []) yield `${NETNS_FOLDER}/${name}`;
  const own = LINKS.find((link) => index.snapshot.viewpoint.namespaces[link] === id);
  if (own !== undefined) yield `${procRoot}/self/ns/${own}`;
}

/** A file is of use where it is that of the namespace that was looked for. */
function only(id: NamespaceId, opened: Outcome<NsFile>): Outcome<NsFile> {
  if (!opened.ok || opened.value.id === id) return opened;
  opened.value[Symbol.dispose]();
  return refused("ENOENT");
}

function upFrom(below: Outcome<NsFile>, id: NamespaceId, up: (file: NsFile) => Outcome<NsFile>): Outcome<NsFile> {
  if (!below.ok) return below;
  using file = below.value;
  return only(id, up(file));
}
