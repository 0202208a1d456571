/**
 * The sources that may be left out, and how much of each is read where nobody says so: what is cheap is read, and cheap is
 * what fits into these numbers, whatever the machine. Each stands for some tenths of a second on one processor of 2024
 * (measured: 13 us a thread, 2 us a descriptor, 4 us a socket). What goes beyond is counted as skipped, in the order of
 * pids, so that two looks at the same machine leave out the same.
 */
export const CHEAP = {
  /** Threads besides the first of each process. A process's threads are read all or none. */
  threads: 16_384,
  /** Open descriptors, of whatever. A table is read as a whole. */
  descriptors: 262_144,
  /** Different sockets, each asked once. */
  sockets: 49_152,
  /** Mount namespaces. Each takes the text of a mountinfo. */
  mounts: 2_048,
  /** Namespaces that a process of ours enters to ask what they say of themselves. */
  attributes: 4_096,
} as const;

export type CostlySource = keyof typeof CHEAP;
export const COSTLY_SOURCES = Object.keys(CHEAP) as readonly CostlySource[];

/** What a caller says of them. */
export interface SourceWish {
  /** Not these. */
  readonly without?: readonly CostlySource[];
  /** However many there are. */
  readonly allSources?: boolean;
}

/** More than any machine has, and what fits into the columns of a scan. */
const ALL = 0xffff_ffff;

/** How much of a source to read; 0: nothing. */
export function limitOf(source: CostlySource, { without = [], allSources = false }: SourceWish): number {
  if (without.includes(source)) return 0;
  return allSources ? ALL : CHEAP[source];
}
