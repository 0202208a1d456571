import type { Captured } from "./capture.ts";

/**
 * Everything that an image is made of, as one text: where two looks have the same, they give the same image. The other way round
 * it need not be so, for some of it is not in an image: which process told of a mount table, say.
 */
export function evidenceOf({ index, boundary, namespaces, processes, left }: Captured): string {
  const { snapshot, members } = index;
  return JSON.stringify([
    [...boundary],
    [...namespaces.values()],
    [...processes.values()],
    left,
    snapshot.threads.filter(({ pid }) => processes.has(pid)),
    snapshot.descriptors.filter(({ pid }) => processes.has(pid)),
    snapshot.pins,
    Array.from(namespaces.keys(), (id) => members.get(id)?.map(({ pid, comm }) => [pid, comm])),
  ]);
}
