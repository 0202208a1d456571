import { namespaceId, type NamespaceId } from "../abi/ids.ts";
import { errnoName, ERRNOS, type ErrnoName } from "../abi/errnos.ts";
import { kindOfLink, LINKS, type ProcLink } from "../abi/proc-links.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Observer, ProcessScan } from "../kernel/observer.ts";
import type { Registry } from "./registry.ts";
import { Tally } from "./tally.ts";

/** The namespaces of each process, by row of the scan and link. */
export interface Links {
  namespace(row: number, link: ProcLink): NamespaceId | undefined;
  readonly tally: Tally;
}

/** Where one of the links of a scan can be opened. */
interface Sighting {
  readonly kind: NamespaceKind;
  readonly inode: number;
  readonly device: number | undefined;
  /** The rows and links that lead to it, the first few: a process may end before it is opened. */
  readonly ways: { readonly row: number; readonly link: ProcLink }[];
}
const WAYS_KEPT = 4;

/** Some namespace files lie on another device than the viewer's own: then link texts say too little. */
export const SEVERAL_DEVICES = Symbol("several devices");

/**
 * Opens each distinct namespace of a scan once, to learn its device and to ask it. Where the scan did not read devices,
 * each must lie on `device`, the viewer's own; one that does not gives SEVERAL_DEVICES, and the scan is to be made again.
 */
export function discoverLinks(
  observer: Observer,
  registry: Registry,
  scan: ProcessScan,
  device: bigint | undefined,
): Links | typeof SEVERAL_DEVICES {
  const { sightings, at } = sight(scan);
  const tally = new Tally("identities");
  const ids: (NamespaceId | undefined)[] = [];
  for (const sighting of sightings) {
    const opened = openFirst(observer, scan, sighting);
    if (typeof opened === "string") {
      tally.refused(opened);
      ids.push(unopened(registry, sighting, { refused: opened, device }));
      continue;
    }
    using file = opened;
    if (sighting.device === undefined && device !== undefined && !file.id.startsWith(prefixOf(device))) {
      return SEVERAL_DEVICES;
    }
    ids.push(registry.lead(file) ? file.id : undefined);
    tally.saw();
  }
  return { namespace: (row, link) => ids[at[link][row] ?? NOWHERE], tally };
}

const prefixOf = (device: bigint): string => namespaceId(device, 0n).slice(0, -1);

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

/** Each distinct namespace of a scan, and which of them each link of each row leads to. */
interface Sightings {
  readonly sightings: readonly Sighting[];
  readonly at: Readonly<Record<ProcLink, Int32Array>>;
}

function sight(scan: ProcessScan): Sightings {
  const sightings: Sighting[] = [];
  const known = new Map<NamespaceKind, Map<number | string, number>>();
  const columnOf = (link: ProcLink): Int32Array => {
    const kind = kindOfLink(link);
    const ofKind = known.get(kind) ?? new Map<number | string, number>();
    known.set(kind, ofKind);
    const { inode: inodes, device: devices } = scan.links[link];
    const at = new Int32Array(scan.count).fill(NOWHERE);
    for (let row = 0; row < scan.count; row++) {
      const inode = inodes[row] ?? 0;
      if (inode === 0) continue;
      const device = devices?.[row];
      const key = device === undefined ? inode : `${device}/${inode}`;
      const index = ofKind.get(key) ?? sightings.push({ kind, inode, device, ways: [] }) - 1;
      ofKind.set(key, index);
      at[row] = index;
      const { ways = [] } = sightings[index] ?? {};
      if (ways.length < WAYS_KEPT) ways.push({ row, link });
    }
    return at;
  };
  const at = Object.fromEntries(LINKS.map((link) => [link, columnOf(link)])) as Record<ProcLink, Int32Array>;
  return { sightings, at };
}

/** Opens a sighting by the first way that still leads to it, or says why none does. */
function openFirst(observer: Observer, scan: ProcessScan, { ways, inode }: Sighting) {
  let errno: ErrnoName = "ENOENT";
  for (const { row, link } of ways) {
    const opened = observer.open(`${observer.procRoot}/${scan.pid[row]}/ns/${link}`);
    if (!opened.ok) {
      errno = opened.errno;
      continue;
    }
    // The process may be in another namespace by now, or the pid another process's.
    if (opened.value.id.endsWith(`/${inode}`)) return opened.value;
    opened.value[Symbol.dispose]();
  }
  return errno;
}

/** How many processes showed their links, and how many refused: a zombie that has left its namespaces refuses nothing. */
export function linkTally(scan: ProcessScan, ended: ReadonlySet<number>): Tally {
  const tally = new Tally("links");
  for (let row = 0; row < scan.count; row++) {
    const errno = firstRefusal(scan, row);
    if (ended.has(scan.pid[row] ?? 0)) tally.lost();
    else if (errno === 0) tally.saw();
    else tally.refused(errnoName(errno));
  }
  return tally;
}

function firstRefusal(scan: ProcessScan, row: number): number {
  for (const link of LINKS) {
    const errno = scan.links[link].errno[row] ?? 0;
    if (errno !== 0 && errno !== ERRNOS.ENOENT) return errno;
  }
  return 0;
}
