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
  const sightings = sight(scan);
  const tally = new Tally("identities");
  const ids = new Map<string, NamespaceId>();
  for (const [key, sighting] of sightings) {
    const opened = openFirst(observer, scan, sighting);
    if (typeof opened === "string") {
      tally.refused(opened);
      const known = sighting.device === undefined ? device : BigInt(sighting.device);
      if (known === undefined) continue;
      const id = namespaceId(known, BigInt(sighting.inode));
      registry.keepUnopened(id, sighting.kind, { refused: opened, call: "openat" });
      ids.set(key, id);
      continue;
    }
    using file = opened;
    if (sighting.device === undefined && device !== undefined && !file.id.startsWith(prefixOf(device))) {
      return SEVERAL_DEVICES;
    }
    registry.visit(file);
    ids.set(key, file.id);
    tally.saw();
  }
  const namespace = (row: number, link: ProcLink): NamespaceId | undefined => {
    const key = keyAt(scan, row, link);
    return key === undefined ? undefined : ids.get(key);
  };
  return { namespace, tally };
}

const prefixOf = (device: bigint): string => namespaceId(device, 0n).slice(0, -1);

function sight(scan: ProcessScan): Map<string, Sighting> {
  const sightings = new Map<string, Sighting>();
  for (const link of LINKS) {
    const column = scan.links[link];
    for (let row = 0; row < scan.count; row++) {
      const key = keyAt(scan, row, link);
      if (key === undefined) continue;
      const known = sightings.get(key);
      if (known === undefined) {
        const [inode, device] = [column.inode[row] ?? 0, column.device?.[row]];
        sightings.set(key, { kind: kindOfLink(link), inode, device, ways: [{ row, link }] });
      } else if (known.ways.length < WAYS_KEPT) {
        known.ways.push({ row, link });
      }
    }
  }
  return sightings;
}

/** What tells one namespace of a scan from another: the kind and inode, and the device where it was read. */
function keyAt(scan: ProcessScan, row: number, link: ProcLink): string | undefined {
  const column = scan.links[link];
  const inode = column.inode[row];
  if (inode === undefined || inode === 0) return undefined;
  const device = column.device?.[row];
  return `${kindOfLink(link)}:${device ?? ""}:${inode}`;
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
export function linkTally(scan: ProcessScan): Tally {
  const tally = new Tally("links");
  for (let row = 0; row < scan.count; row++) {
    const errno = firstRefusal(scan, row);
    if (errno === 0) tally.saw();
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
