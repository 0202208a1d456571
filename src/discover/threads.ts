import { errnoName, type ErrnoName } from "../abi/errnos.ts";
import type { NamespaceId } from "../abi/ids.ts";
import { kindOfLink, LINKS, type ProcLink } from "../abi/proc-links.ts";
import type { ThreadScan } from "../kernel/hanging.ts";
import type { Observer, ProcessScan } from "../kernel/observer.ts";
import type { ThreadRecord } from "../snapshot/types.ts";
import type { Unborn } from "./children.ts";
import type { Links } from "./links.ts";
import type { Sightings } from "./sighting.ts";
import { Tally } from "./tally.ts";

interface Found {
  readonly scan: ProcessScan;
  readonly links: Links;
  readonly unborn: Unborn;
}

/** The threads that are in other namespaces than their process; also where the leader has ended and they go on. */
export function discoverThreads(
  observer: Observer,
  sightings: Sightings,
  { scan, links, unborn }: Found,
): { threads: readonly ThreadRecord[]; tally: Tally } {
  const tally = new Tally("threads");
  const { threads } = scan;
  if (threads === undefined) return { threads: [], tally };
  tally.looked(threads);
  const records: ThreadRecord[] = [];
  for (let nth = 0; nth < threads.count; nth++) {
    const row = threads.row[nth] ?? 0;
    const [pid, tid] = [scan.pid[row] ?? 0, threads.tid[nth] ?? 0];
    const own: Partial<Record<ProcLink, NamespaceId>> = {};
    const refused: Partial<Record<ProcLink, ErrnoName>> = {};
    for (const link of LINKS) {
      const { inode, errno, device } = at(threads, link, nth);
      const born = link === "pid_for_children" ? unborn.ofThread(nth) : undefined;
      if (born !== undefined) own[link] = born;
      else if (inode === 0 && errno !== (scan.links[link].errno[row] ?? 0)) refused[link] = errnoName(errno);
      if (inode === 0) continue;
      const path = `${observer.procRoot}/${pid}/task/${tid}/ns/${link}`;
      const id = sightings.identify({ kind: kindOfLink(link), inode, device, path });
      if (typeof id === "string" && id !== links.namespace(row, link)) own[link] = id;
    }
    // Between the scan and now it may have gone, with the namespaces that it alone was in.
    if (Object.keys(own).length === 0 && Object.keys(refused).length === 0) {
      tally.vanishedAfterAll();
      continue;
    }
    records.push({
      pid,
      tid,
      startTime: threads.startTime[nth] ?? 0,
      comm: threads.comm(nth),
      namespaces: own,
      ...(Object.keys(refused).length === 0 ? {} : { refused }),
    });
  }
  return { threads: records, tally };
}

function at({ links }: ThreadScan, link: ProcLink, nth: number) {
  const { inode, errno, device } = links[link];
  return { inode: inode[nth] ?? 0, errno: errno[nth] ?? 0, device: device?.[nth] };
}
