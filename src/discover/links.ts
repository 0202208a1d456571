import { namespaceId, type NamespaceId } from "../abi/ids.ts";
import { errnoName, ERRNOS, type ErrnoName } from "../abi/errnos.ts";
import { kindOfLink, LINKS, type ProcLink } from "../abi/proc-links.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { NsFile, Observer, ProcessScan } from "../kernel/observer.ts";
import type { Outcome } from "../rules/outcome.ts";
import type { Registry } from "./registry.ts";
import { Tally } from "./tally.ts";

/** The namespaces of each process, by row of the scan and link. */
export interface Links {
  namespace(row: number, link: ProcLink): NamespaceId | undefined;
  /** All of them. */
  readonly all: readonly (NamespaceId | undefined)[];
  readonly tally: Tally;
}

/** Where one of the links of a scan can be opened. */
interface Sighting extends Way {
  readonly kind: NamespaceKind;
  readonly inode: number;
  readonly device: number | undefined;
  /** What else leads to it, the first few: a process may end before it is opened. Most have none. */
  others: Way[] | undefined;
}
interface Way {
  readonly row: number;
  readonly link: ProcLink;
}
const WAYS_KEPT = 4;

/** Some namespace files lie on another device than the viewer's own: then link texts say too little. */
export const SEVERAL_DEVICES = Symbol("several devices");

/**
 * Opens each distinct namespace of a scan once, to learn its device and to ask it. Where the scan did not read devices,
 * each must lie on `device`, the viewer's own; one that does not gives SEVERAL_DEVICES, and the scan is to be made again.
 */
export async function discoverLinks(
  observer: Observer,
  registry: Registry,
  scan: ProcessScan,
  device: bigint | undefined,
): Promise<Links | typeof SEVERAL_DEVICES> {
  const { sightings, at } = sight(scan);
  const tally = new Tally("identities");
  const ids: (NamespaceId | undefined)[] = [];
  const prefix = device === undefined ? "" : namespaceId(device, 0n).slice(0, -1);
  /** False: it is on another device. */
  const take = (sighting: Sighting, first: Outcome<NsFile>): boolean => {
    const opened = thatVery(first, sighting) ?? openAnother(observer, scan, sighting, first);
    if (typeof opened === "string") {
      tally.refused(opened);
      ids.push(unopened(registry, sighting, { refused: opened, device }));
      return true;
    }
    // What `using` becomes for Node 20 would take as long as the rest of this, thousands of times.
    try {
      if (sighting.device === undefined && !opened.id.startsWith(prefix)) return false;
      ids.push(registry.lead(opened) ? opened.id : undefined);
      tally.saw();
      return true;
    } finally {
      opened[Symbol.dispose]();
    }
  };

  let next = openTogether(observer, scan, sightings.slice(0, TOGETHER));
  for (let from = 0; from < sightings.length; from += TOGETHER) {
    const opened = await next;
    const further = sightings.slice(from + TOGETHER, from + 2 * TOGETHER);
    next = further.length === 0 ? NONE : openTogether(observer, scan, further);
    const isTaken = opened.every((first, nth) => {
      const sighting = sightings[from + nth];
      return sighting === undefined || take(sighting, first);
    });
    if (isTaken) continue;
    for (const first of [...opened, ...(await next)]) if (first.ok) first.value[Symbol.dispose]();
    return SEVERAL_DEVICES;
  }
  return { namespace: (row, link) => ids[at[link][scan.linkSet[row] ?? 0] ?? NOWHERE], all: ids, tally };
}

/** So many are opened while those before are asked: twice as many are open besides those that the registry keeps. */
const TOGETHER = 256;
const NONE = Promise.resolve([]);

/** Each by the first way that leads to it. */
const openTogether = (
  observer: Observer,
  scan: ProcessScan,
  sightings: readonly Sighting[],
): Promise<readonly Outcome<NsFile>[]> =>
  observer.openLinks(sightings.map(({ row, link }) => ({ pid: scan.pid[row] ?? 0, link })));

/** One that a link told of and that could not be opened: its device is that of all others, or was read with the link. */
function unopened(
  registry: Registry,
  { kind, inode, device: read }: Sighting,
  { refused, device: own }: { refused: ErrnoName; device: bigint | undefined },
): NamespaceId | undefined {
  const device = read === undefined ? own : BigInt(read);
  if (device === undefined) return undefined;
  const id = namespaceId(device, BigInt(inode));
  return registry.keepUnopened(id, kind, { refused, call: "openat" }) ? id : undefined;
}

const NOWHERE = -1;

/** Each distinct namespace of a scan, and which of them each link leads to, by `linkSet`. */
interface Sightings {
  readonly sightings: readonly Sighting[];
  readonly at: Readonly<Record<ProcLink, Int32Array>>;
}

function sight(scan: ProcessScan): Sightings {
  const sightings: Sighting[] = [];
  const known = new Map<NamespaceKind, Map<number | string, number>>();
  const { sets, rows: rowsOf } = firstRows(scan);
  const columnOf = (link: ProcLink): Int32Array => {
    const kind = kindOfLink(link);
    const ofKind = known.get(kind) ?? new Map<number | string, number>();
    known.set(kind, ofKind);
    const { inode: inodes, device: devices } = scan.links[link];
    const at = new Int32Array(sets).fill(NOWHERE);
    let common: { readonly key: number | string; readonly index: number } | undefined;
    // By number, for it is done a hundred thousand times: a pair for each would be the most that a look makes.
    for (let set = 0; set < sets; set++) {
      const first = rowsOf[set * WAYS_KEPT] ?? 0;
      const inode = inodes[first] ?? 0;
      if (inode === 0) continue;
      const device = devices?.[first];
      const key = device === undefined ? inode : `${device}/${inode}`;
      // What most are in, to which more ways are known than are kept.
      if (common?.key === key) {
        at[set] = common.index;
        continue;
      }
      let index = ofKind.get(key);
      if (index === undefined) {
        index = sightings.push({ kind, inode, device, row: first, link, others: undefined }) - 1;
        ofKind.set(key, index);
      }
      at[set] = index;
      const sighting = sightings[index];
      if (sighting !== undefined && hasAllWays(sighting, link, rowsOf, set)) common = { key, index };
    }
    return at;
  };
  const at = Object.fromEntries(LINKS.map((link) => [link, columnOf(link)])) as Record<ProcLink, Int32Array>;
  return { sightings, at };
}

/** The first few rows with each set of links: WAYS_KEPT places each, of which those without a row are NOWHERE. */
function firstRows({ count, linkSet }: ProcessScan): { readonly sets: number; readonly rows: Int32Array } {
  let sets = 0;
  // They are numbered in the order of rows.
  for (let row = 0; row < count; row++) sets = Math.max(sets, (linkSet[row] ?? 0) + 1);
  const rows = new Int32Array(sets * WAYS_KEPT).fill(NOWHERE);
  const met = new Uint8Array(sets);
  for (let row = 0; row < count; row++) {
    const set = linkSet[row] ?? 0;
    const nth = met[set] ?? 0;
    if (nth === WAYS_KEPT) continue;
    rows[set * WAYS_KEPT + nth] = row;
    met[set] = nth + 1;
  }
  return { sets, rows };
}

/** Adds those of one set of links. True: as many are known as are kept. */
function hasAllWays(sighting: Sighting, link: ProcLink, rowsOf: Int32Array, set: number): boolean {
  for (let at = set * WAYS_KEPT; at < (set + 1) * WAYS_KEPT; at++) {
    const row = rowsOf[at] ?? NOWHERE;
    if (row === NOWHERE || (row === sighting.row && link === sighting.link)) continue;
    const others = (sighting.others ??= []);
    if (others.length + 1 === WAYS_KEPT) return true;
    others.push({ row, link });
  }
  return false;
}

/** What was opened, if the process has not come to be in another namespace, or its pid to be another process's. */
function thatVery(opened: Outcome<NsFile>, { inode }: Sighting): NsFile | undefined {
  if (!opened.ok) return undefined;
  if (opened.value.id.endsWith(`/${inode}`)) return opened.value;
  opened.value[Symbol.dispose]();
  return undefined;
}

/** Opens a sighting by the next way that still leads to it, or says why none does. */
function openAnother(
  observer: Observer,
  scan: ProcessScan,
  sighting: Sighting,
  first: Outcome<NsFile>,
): NsFile | ErrnoName {
  let errno: ErrnoName = first.ok ? "ENOENT" : first.errno;
  for (const { row, link } of sighting.others ?? []) {
    const opened = observer.open(`${observer.procRoot}/${scan.pid[row]}/ns/${link}`);
    const file = thatVery(opened, sighting);
    if (file !== undefined) return file;
    if (!opened.ok) errno = opened.errno;
  }
  return errno;
}

/** How many processes showed their links, and how many refused: a zombie that has left its namespaces refuses nothing. */
export function linkTally(scan: ProcessScan, ended: ReadonlySet<number>): Tally {
  const tally = new Tally("links");
  const errnos: number[] = [];
  let seen = 0;
  for (let row = 0; row < scan.count; row++) {
    const errno = (errnos[scan.linkSet[row] ?? 0] ??= firstRefusal(scan, row));
    if (ended.size > 0 && ended.has(scan.pid[row] ?? 0)) tally.lost();
    else if (errno === 0) seen++;
    else tally.refused(errnoName(errno));
  }
  tally.saw(seen);
  return tally;
}

function firstRefusal(scan: ProcessScan, row: number): number {
  for (const link of LINKS) {
    const errno = scan.links[link].errno[row] ?? 0;
    if (errno !== 0 && errno !== ERRNOS.ENOENT) return errno;
  }
  return 0;
}
