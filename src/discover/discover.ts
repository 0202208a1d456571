import { errnoName } from "../abi/errnos.ts";
import { deviceTextOf, makedev, type NamespaceId } from "../abi/ids.ts";
import { LINKS, type ProcLink } from "../abi/proc-links.ts";
import type { Observer, ProcessScan } from "../kernel/observer.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import { SNAPSHOT_FORMAT, SNAPSHOT_VERSION, type Snapshot, type Viewpoint } from "../snapshot/types.ts";
import { discoverLinks, linkTally, SEVERAL_DEVICES, type Links } from "./links.ts";
import { withMaps } from "./maps.ts";
import { discoverNames, discoverPins } from "./pins.ts";
import { processRecords } from "./processes.ts";
import { Registry } from "./registry.ts";
import { withStatus } from "./status.ts";
import { Tally } from "./tally.ts";

/** How much to read besides the namespaces themselves. */
export interface DiscoverWish {
  /** Every process's arguments. Without, a record has the comm alone. */
  readonly commandLines?: boolean;
  /** Every process's control group. */
  readonly cgroups?: boolean;
  /** Every process's status: ids, capabilities, numbers. */
  readonly status?: boolean;
  /** Namespace files to look at besides: nothing else may lead to what only a descriptor or a thread holds. */
  readonly files?: readonly string[];
}
/** What only the caller knows: a clock has no place in here. */
export interface DiscoverStamp {
  readonly producer: Snapshot["producer"];
  readonly takenAt: Date;
}

/**
 * Everything an observer can see, with what it could not. Refused only where there is nothing to read at all: ENOENT, no
 * /proc where it should be. A process that ends or refuses meanwhile is counted in the coverage.
 */
export async function discover(
  observer: Observer,
  wish: DiscoverWish,
  stamp: DiscoverStamp,
): Promise<Outcome<Snapshot>> {
  const registry = new Registry();
  const own = ownNamespaces(observer, registry);
  for (const path of wish.files ?? []) visitFile(observer, registry, path);
  const look = await scanAndOpen(observer, registry, wish, own);
  if (!look.ok) return look;
  const { scan, links, notes } = look.value;

  const { pins, tally: mounts, hidepid } = discoverPins(observer, registry);
  const { names, tally: named } = discoverNames(observer, registry);
  const scanned = processRecords(scan, links);
  const processes = wish.status === true ? withStatus(observer, scanned) : scanned;
  const { namespaces, tally: maps } = withMaps(observer, registry.records, processes, own.user);

  const found = processTally(scan);
  if (hidepid) found.note("hidepid");
  if (!readsOwnProc(observer)) found.note("proc-of-another-pid-namespace");
  for (const note of notes) links.tally.note(note);
  const tallies = [found, linkTally(scan), links.tally, mounts, named, registry.relations, maps];
  const later = (["threads", "children", "descriptors", "sockets", "pidfds", "in-flight"] as const).map(
    (source) => new Tally(source),
  );
  return ok({
    format: SNAPSHOT_FORMAT,
    version: SNAPSHOT_VERSION,
    producer: stamp.producer,
    takenAt: stamp.takenAt.toISOString(),
    redacted: false,
    viewpoint: viewpoint(observer, own),
    coverage: [...tallies, ...later].map(({ row }) => row),
    namespaces,
    processes,
    threads: [],
    descriptors: [],
    pins,
    names,
  });
}

type Own = Partial<Record<ProcLink, NamespaceId>>;

function ownNamespaces(observer: Observer, registry: Registry): Own {
  const own: Own = {};
  for (const link of LINKS) {
    const id = visitFile(observer, registry, `${observer.procRoot}/self/ns/${link}`);
    if (id !== undefined) own[link] = id;
  }
  return own;
}

function visitFile(observer: Observer, registry: Registry, path: string): NamespaceId | undefined {
  const opened = observer.open(path);
  if (!opened.ok) return undefined;
  using file = opened.value;
  return registry.visit(file) ? file.id : undefined;
}

interface Look {
  readonly scan: ProcessScan;
  readonly links: Links;
  readonly notes: readonly "several-devices"[];
}

/** One scan; a second one that reads every device where the first shows that inode numbers alone do not tell enough. */
async function scanAndOpen(
  observer: Observer,
  registry: Registry,
  wish: DiscoverWish,
  own: Own,
): Promise<Outcome<Look>> {
  const { commandLines = false, cgroups = false } = wish;
  const device = ownDevice(own);
  for (const everyDevice of [device === undefined, true]) {
    const scan = await observer.scan({ commandLines, cgroups, everyDevice });
    if (!scan.ok) return scan;
    const links = discoverLinks(observer, registry, scan.value, everyDevice ? undefined : device);
    if (links === SEVERAL_DEVICES) continue;
    return ok({ scan: scan.value, links, notes: everyDevice && device !== undefined ? ["several-devices"] : [] });
  }
  return refused("ENODEV");
}

/** The device of the viewer's own namespace files; undefined where they lie on several, or none could be opened. */
function ownDevice(own: Own): bigint | undefined {
  const devices = [...new Set(Object.values(own).map(deviceTextOf))];
  const [only] = devices;
  if (only === undefined || devices.length > 1) return undefined;
  const [major, minor] = only.split(":").map(Number);
  return makedev({ major: major ?? 0, minor: minor ?? 0 });
}

function processTally(scan: ProcessScan): Tally {
  const tally = new Tally("processes");
  tally.saw(scan.count);
  tally.lost(scan.vanished);
  for (const [errno, times] of scan.refused) tally.refused(errnoName(errno), times);
  return tally;
}

/** Whether the pids of this /proc are those of the observer's own pid namespace. */
function readsOwnProc(observer: Observer): boolean {
  const stat = observer.read(`${observer.procRoot}/self/stat`);
  return stat.ok && stat.value.startsWith(`${observer.who().pid} `);
}

function viewpoint(observer: Observer, own: Own): Viewpoint {
  const { pid, uid, gid, capabilities, kernel } = observer.who();
  const bootId = observer.read(`${observer.procRoot}/sys/kernel/random/boot_id`);
  return {
    source: observer.source,
    kernel,
    ...(bootId.ok ? { bootId: bootId.value.trim() } : {}),
    proc: observer.procRoot,
    pid,
    uid,
    gid,
    ...(capabilities === undefined ? {} : { capabilities: capabilities.toString(16).padStart(16, "0") }),
    namespaces: own,
  };
}
