import type { ErrnoName } from "../abi/errnos.ts";
import type { NamespaceId } from "../abi/ids.ts";
import type { DescriptorScan, SocketPlace, TaskNumber } from "../kernel/hanging.ts";
import type { Observer, ProcessScan } from "../kernel/observer.ts";
import type { SocketDescriptor } from "../snapshot/types.ts";
import { descriptorPlace } from "./descriptors.ts";
import type { Links } from "./links.ts";
import type { Registry } from "./registry.ts";
import { Tally } from "./tally.ts";

interface Found {
  readonly scan: ProcessScan;
  readonly links: Links;
  readonly ownPids: boolean;
  /** So many different sockets are asked; 0: none. */
  readonly most: number;
}

/**
 * The sockets of other network namespaces than their processes', and those that descriptors are under way to. A socket
 * that several descriptors lead to is asked once, by the first of them.
 */
export function discoverSockets(
  observer: Observer,
  registry: Registry,
  { scan, links, ownPids, most }: Found,
): { sockets: readonly SocketDescriptor[]; tally: Tally; inFlight: Tally } {
  const [tally, inFlight] = [new Tally("sockets"), new Tally("in-flight")];
  const { descriptors } = scan;
  if (descriptors === undefined) return { sockets: [], tally, inFlight };
  const first = firstDescriptors(descriptors);
  const asked = ownPids ? first.slice(0, most) : [];
  if (!ownPids) tally.skip("foreign-proc", first.length);
  else if (most > 0) tally.skip("costly", first.length - asked.length);

  const answers = ask(observer, registry, { scan, descriptors, asked, tally });
  const sockets: SocketDescriptor[] = [];
  let waiting = 0;
  for (let nth = 0; nth < descriptors.count; nth++) {
    if (descriptors.what(nth) !== "socket") continue;
    const inode = descriptors.inode[nth] ?? 0;
    const namespace = answers.namespaces.get(inode);
    const under = answers.inFlight.get(inode) ?? 0;
    const isElsewhere = namespace !== undefined && namespace !== links.namespace(descriptors.row[nth] ?? 0, "net");
    if (!isElsewhere && under === 0) continue;
    sockets.push({
      ...descriptorPlace(scan, descriptors, nth),
      what: "socket",
      ...(namespace === undefined ? {} : { namespace }),
      ...(under === 0 ? {} : { inFlight: under }),
    });
  }
  for (const under of answers.inFlight.values()) waiting += under;
  inFlight.skip("no-call", waiting);
  return { sockets, tally, inFlight };
}

/** Of each socket the first descriptor that leads to it. */
function firstDescriptors(descriptors: DescriptorScan): number[] {
  const met = new Set<number>();
  const first: number[] = [];
  for (let nth = 0; nth < descriptors.count; nth++) {
    const inode = descriptors.inode[nth] ?? 0;
    if (descriptors.what(nth) !== "socket" || met.has(inode)) continue;
    met.add(inode);
    first.push(nth);
  }
  return first;
}

interface Asking {
  readonly scan: ProcessScan;
  readonly descriptors: DescriptorScan;
  readonly asked: readonly number[];
  readonly tally: Tally;
}

/** By the socket's inode number. */
interface Answers {
  readonly namespaces: ReadonlyMap<number, NamespaceId>;
  /** Those that descriptors are under way to: how many. */
  readonly inFlight: ReadonlyMap<number, number>;
}

function ask(observer: Observer, registry: Registry, { scan, descriptors, asked, tally }: Asking): Answers {
  const namespaces = new Map<number, NamespaceId>();
  const inFlight = new Map<number, number>();
  /** Those of which only the 64-bit id was told: by that the namespace is known, if anything else led to it. */
  const byId: { readonly inode: number; readonly uniqueId: bigint }[] = [];
  for (const [task, places] of byTable(scan, descriptors, asked)) {
    for (const [nth, answer] of observer.askSockets(task, places).entries()) {
      const place = places[nth];
      if (place === undefined) continue;
      if (!answer.ok) {
        count(tally, answer.errno);
        continue;
      }
      const { namespace, inFlight: under } = answer.value;
      if (under > 0) inFlight.set(place.inode, under);
      if (typeof namespace === "object") byId.push({ inode: place.inode, ...namespace });
      else {
        const errno = registry.kindOf(namespace) === "net" ? undefined : open(observer, registry, task, place);
        if (errno !== undefined) {
          count(tally, errno);
          continue;
        }
        namespaces.set(place.inode, namespace);
        tally.saw();
      }
    }
  }
  const known = byId.length === 0 ? new Map() : new Map(registry.records.map(({ uniqueId, id }) => [uniqueId, id]));
  for (const { inode, uniqueId } of byId) {
    const id = known.get(String(uniqueId));
    if (id === undefined) tally.refused("EPERM");
    else {
      namespaces.set(inode, id);
      tally.saw();
    }
  }
  return { namespaces, inFlight };
}

/** Nothing else led to it so far. */
function open(observer: Observer, registry: Registry, task: TaskNumber, place: SocketPlace): ErrnoName | undefined {
  const opened = observer.openSocketNamespace(task, place);
  if (!opened.ok) return opened.errno;
  using file = opened.value;
  return registry.lead(file) ? undefined : "ENOENT";
}

function count(tally: Tally, errno: ErrnoName): void {
  if (errno === "ESRCH" || errno === "EBADF" || errno === "ENOENT") tally.lost();
  else tally.refused(errno);
  if (errno === "ENOSYS") tally.unsupported(errno);
}

/** The sockets of one table after the other; they lie so in a scan. */
function* byTable(
  scan: ProcessScan,
  descriptors: DescriptorScan,
  asked: readonly number[],
): Generator<[TaskNumber, readonly SocketPlace[]]> {
  for (let from = 0; from < asked.length;) {
    const first = asked[from] ?? 0;
    const [row, tid] = [descriptors.row[first] ?? 0, descriptors.tid[first] ?? 0];
    const places: SocketPlace[] = [];
    for (; from < asked.length && isOf(descriptors, asked[from] ?? 0, row, tid); from++) {
      const nth = asked[from] ?? 0;
      places.push({ fd: descriptors.fd[nth] ?? 0, inode: descriptors.inode[nth] ?? 0 });
    }
    yield [{ pid: scan.pid[row] ?? 0, ...(tid === 0 ? {} : { tid }) }, places];
  }
}

const isOf = ({ row, tid }: DescriptorScan, nth: number, ofRow: number, ofTid: number): boolean =>
  row[nth] === ofRow && tid[nth] === ofTid;
