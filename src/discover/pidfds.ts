import type { NamespaceId } from "../abi/ids.ts";
import type { Observer, ProcessScan } from "../kernel/observer.ts";
import { parseStat } from "../procfs/stat.ts";
import type { PidfdDescriptor } from "../snapshot/types.ts";
import { descriptorPlace, folderOf, type DescriptorPlace } from "./descriptors.ts";
import type { Links } from "./links.ts";
import type { Registry } from "./registry.ts";
import { Tally } from "./tally.ts";

/** The descriptors of processes: each keeps the pid namespace of its process, even once that was waited for. */
export function discoverPidfds(
  observer: Observer,
  registry: Registry,
  { scan, links }: { scan: ProcessScan; links: Links },
): { pidfds: readonly PidfdDescriptor[]; tally: Tally } {
  const tally = new Tally("pidfds");
  const { descriptors } = scan;
  const pidfds: PidfdDescriptor[] = [];
  if (descriptors === undefined) return { pidfds, tally };
  let rows: ReadonlyMap<number, number> | undefined;

  for (let nth = 0; nth < descriptors.count; nth++) {
    if (descriptors.what(nth) !== "pidfd") continue;
    const place = descriptorPlace(scan, descriptors, nth);
    const target = descriptors.target[nth] ?? 0;
    tally.saw();
    if (target <= 0) {
      pidfds.push({ ...place, what: "pidfd", target: target === 0 ? "outside" : "ended" });
      continue;
    }
    // Of most machines nobody asks.
    rows ??= new Map(Array.from(scan.pid, (pid, row) => [pid, row]));
    const row = rows.get(target);
    const namespace = row === undefined ? openPidLink(observer, registry, target) : links.namespace(row, "pid");
    const startTime = row === undefined ? undefined : scan.startTime[row];
    const isSame = stillLeadsTo(observer, place, { target, startTime });
    pidfds.push({ ...place, what: "pidfd", target, ...(isSame && namespace !== undefined ? { namespace } : {}) });
  }
  return { pidfds, tally };
}

/** Of a thread, or of a process that started after the scan had passed its number. */
function openPidLink(observer: Observer, registry: Registry, target: number): NamespaceId | undefined {
  const opened = observer.open(`${observer.procRoot}/${target}/ns/pid`);
  if (!opened.ok) return undefined;
  using file = opened.value;
  return registry.lead(file) ? file.id : undefined;
}

/**
 * Whether the descriptor's process is the one whose namespace was read. A number is given to nobody else before its process
 * was waited for, and then fdinfo says -1: so what has it while fdinfo says it before and after is that very process.
 */
function stillLeadsTo(
  observer: Observer,
  place: DescriptorPlace,
  { target, startTime }: { target: number; startTime: number | undefined },
): boolean {
  const stat = startTime === undefined ? undefined : observer.read(`${observer.procRoot}/${target}/stat`);
  const parsed = stat?.ok === true ? parseStat(stat.value) : undefined;
  if (startTime !== undefined && !(parsed?.ok === true && parsed.value.startTime === startTime)) return false;
  const info = observer.read(`${folderOf(observer, place)}/fdinfo/${place.fd}`);
  return info.ok && new RegExp(`^Pid:\\t${target}$`, "m").test(info.value);
}
