import { inodeOf, type NamespaceId } from "../../src/abi/ids.ts";
import { inconsistencies } from "../../src/snapshot/consistency.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import { emptyNamespaces } from "../../src/snapshot/leaks.ts";
import type { NamespaceRecord, Snapshot } from "../../src/snapshot/types.ts";

/**
 * What is impossible in a snapshot, whatever the machine does while it is taken; empty where all is well. Besides the laws
 * of the format: each of the marks that the churner leaves (churner.c) says which namespace a task is in, has open or has
 * mounted, by an id that is never used again.
 */
export function untruths(snapshot: Snapshot): string[] {
  return [
    ...[...inconsistencies(snapshot)].map(({ place, message }) => `${place.en}: ${message.en}`),
    ...snapshot.coverage.flatMap(({ source, seen }) => (seen < 0 ? [`of ${source}, ${seen} were seen`] : [])),
    ...twins(snapshot),
    ...wrongMarks(snapshot),
    ...orphans(snapshot),
  ];
}

/** No two records are of one namespace: neither by number nor by the 64-bit id. */
function twins({ namespaces }: Snapshot): string[] {
  const met = new Map<string, NamespaceId>();
  return namespaces.flatMap(({ id, uniqueId }) => {
    const keys = [`number ${inodeOf(id)}`, ...(uniqueId === undefined ? [] : [`id ${uniqueId}`])];
    return keys.flatMap((key) => {
      const other = met.get(key);
      met.set(key, id);
      return other === undefined ? [] : [`${key} is of ${other} and of ${id}`];
    });
  });
}

/** `u123`: what leaves a mark, and the id of a namespace. */
const MARK = /(?:^|\/)([utfb])(\d+)$/;

const markOf = (what: string, text: string): string | undefined => {
  const [, letter, id] = MARK.exec(text) ?? [];
  return letter === what ? id : undefined;
};

function wrongMarks({ namespaces, processes, threads, descriptors, pins }: Snapshot): string[] {
  const records = new Map(namespaces.map((record) => [record.id, record]));
  const named = new Map(processes.map((process) => [process.pid, process]));
  const wrong = (who: string, mark: string | undefined, id: NamespaceId | undefined): string[] => {
    const found: NamespaceRecord | undefined = id === undefined ? undefined : records.get(id);
    if (mark === undefined || found?.uniqueId === undefined || found.uniqueId === mark) return [];
    return [`${who} has to do with the namespace of id ${mark}, not with ${id} of id ${found.uniqueId}`];
  };
  return [
    ...processes.flatMap(({ pid, comm, namespaces: { uts } }) => wrong(`process ${pid}`, markOf("u", comm), uts)),
    ...threads.flatMap(({ tid, comm, namespaces: { uts } }) => wrong(`thread ${tid}`, markOf("t", comm), uts)),
    ...descriptors.flatMap(({ pid, fd, what, namespace }) =>
      what === "namespace"
        ? wrong(`descriptor ${fd} of ${pid}`, markOf("f", named.get(pid)?.comm ?? ""), namespace)
        : [],
    ),
    ...pins.flatMap(({ path = "", namespace }) => wrong(`the mount at ${path}`, markOf("b", path), namespace)),
  ];
}

/** Nothing is found but by a holder; the kernel lists mount namespaces alone. */
function orphans(snapshot: Snapshot): string[] {
  if (snapshot.viewpoint.uid.effective !== 0) return [];
  return emptyNamespaces(indexSnapshot(snapshot))
    .filter(({ namespace, holders }) => namespace.kind !== "mnt" && holders.length === 0)
    .map(({ namespace }) => `${namespace.kind} ${namespace.id} has no holder`);
}
