import type { NamespaceId } from "../abi/ids.ts";
import { parentChain } from "./ancestors.ts";
import type { SnapshotIndex } from "./index-snapshot.ts";
import type { ProcessRecord } from "./types.ts";

/** A number of a process or thread. */
export interface PidNumber {
  /** The pid namespace that it is of; undefined where that was not seen. */
  readonly namespace: NamespaceId | undefined;
  readonly number: number;
}

/**
 * The numbers of a process in the pid namespaces that have it, from that of the /proc that was read inwards to its own.
 * `numbers` are NStgid's, or NSpid's of a thread of it; undefined where they were not read.
 */
export function pidNumbers(
  index: SnapshotIndex,
  process: ProcessRecord,
  numbers = process.status?.numbers,
): readonly PidNumber[] | undefined {
  if (numbers === undefined) return undefined;
  const own = process.namespaces.pid === undefined ? undefined : index.namespaces.get(process.namespaces.pid);
  const chain = own === undefined ? [] : [own, ...parentChain(index, own).namespaces];
  return numbers.map((number, level) => ({ namespace: chain[numbers.length - 1 - level]?.id, number }));
}

/** Each process by the number that it has in one pid namespace, as far as numbers were read. */
export function processesIn(index: SnapshotIndex, namespace: NamespaceId): ReadonlyMap<number, ProcessRecord> {
  const found = new Map<number, ProcessRecord>();
  /** How far up the namespace is from each other one: looked up once for each of those. */
  const levels = new Map<NamespaceId, number | undefined>();
  for (const process of index.snapshot.processes) {
    const own = process.namespaces.pid;
    const numbers = process.status?.numbers;
    if (own === undefined || numbers === undefined) continue;
    if (!levels.has(own)) levels.set(own, levelOf(index, own, namespace));
    const level = levels.get(own);
    const number = level === undefined ? undefined : numbers.at(-1 - level);
    if (number !== undefined) found.set(number, process);
  }
  return found;
}

/** 0: the same; 1: the parent, and so on. */
function levelOf(index: SnapshotIndex, inner: NamespaceId, outer: NamespaceId): number | undefined {
  if (inner === outer) return 0;
  const record = index.namespaces.get(inner);
  const level = record === undefined ? -1 : parentChain(index, record).namespaces.findIndex(({ id }) => id === outer);
  return level === -1 ? undefined : level + 1;
}
