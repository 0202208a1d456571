import { CONSTANTS } from "../abi/constants.ts";
import type { DescriptorScan } from "../kernel/hanging.ts";
import type { Observer, ProcessScan } from "../kernel/observer.ts";
import type { NamespaceDescriptor } from "../snapshot/types.ts";
import type { Sightings } from "./sighting.ts";
import { Tally } from "./tally.ts";

/** Where a descriptor is, as a record has it. */
export interface DescriptorPlace {
  readonly pid: number;
  readonly tid?: number;
  readonly fd: number;
  readonly closeOnExec?: boolean;
}

export function descriptorPlace(scan: ProcessScan, descriptors: DescriptorScan, nth: number): DescriptorPlace {
  const [tid, flags] = [descriptors.tid[nth] ?? 0, descriptors.flags[nth] ?? UNREAD];
  return {
    pid: scan.pid[descriptors.row[nth] ?? 0] ?? 0,
    ...(tid === 0 ? {} : { tid }),
    fd: descriptors.fd[nth] ?? 0,
    ...(flags === UNREAD ? {} : { closeOnExec: (flags & CONSTANTS.O_CLOEXEC) !== 0 }),
  };
}
const UNREAD = -1;

/** /proc/PID or /proc/PID/task/TID, whose table the descriptor is in. */
export const folderOf = ({ procRoot }: Observer, { pid, tid }: DescriptorPlace): string =>
  tid === undefined ? `${procRoot}/${pid}` : `${procRoot}/${pid}/task/${tid}`;

/** The open files of namespaces, of all processes whose tables could be read. */
export function discoverDescriptors(
  observer: Observer,
  sightings: Sightings,
  scan: ProcessScan,
): { descriptors: readonly NamespaceDescriptor[]; tally: Tally } {
  const tally = new Tally("descriptors");
  const { descriptors } = scan;
  if (descriptors === undefined) return { descriptors: [], tally };
  tally.looked(descriptors);
  const records: NamespaceDescriptor[] = [];
  for (let nth = 0; nth < descriptors.count; nth++) {
    const what = descriptors.what(nth);
    if (what === "socket" || what === "pidfd") continue;
    const place = descriptorPlace(scan, descriptors, nth);
    const namespace = sightings.identify({
      kind: what === "namespace" ? undefined : what,
      inode: descriptors.inode[nth] ?? 0,
      device: descriptors.device?.[nth],
      path: `${folderOf(observer, place)}/fd/${place.fd}`,
    });
    if (typeof namespace === "string") records.push({ ...place, what: "namespace", namespace });
    else if (namespace.errno === "ENOENT") tally.lost();
    else tally.refused(namespace.errno);
  }
  return { descriptors: records, tally };
}
