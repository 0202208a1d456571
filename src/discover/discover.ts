import { errnoName } from "../abi/errnos.ts";
import { deviceTextOf, makedev, type NamespaceId } from "../abi/ids.ts";
import { LINKS } from "../abi/proc-links.ts";
import type { Observer, ProcessScan } from "../kernel/observer.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import { compareDescriptors, comparePins, compareSources } from "../snapshot/order.ts";
import {
  SNAPSHOT_FORMAT,
  SNAPSHOT_VERSION,
  type DescriptorRecord,
  type NamespaceRecord,
  type Snapshot,
} from "../snapshot/types.ts";
import { noAttributes, withAttributes } from "./attributes.ts";
import { discoverUnborn } from "./children.ts";
import { limitOf, type CostlySource, type SourceWish } from "./cost.ts";
import { discoverDescriptors } from "./descriptors.ts";
import { Doorway } from "./doorway.ts";
import { withoutEnded } from "./ended.ts";
import { discoverLinks, linkTally, SEVERAL_DEVICES, type Links } from "./links.ts";
import { withFirstCommandLines } from "./first-command-lines.ts";
import { endedOfListed } from "./listed-still.ts";
import { discoverListed } from "./listing.ts";
import { withMaps } from "./maps.ts";
import { hidesProcesses } from "./hidepid.ts";
import { discoverMounts, type Mounted } from "./mount-namespaces.ts";
import { discoverNames } from "./pins.ts";
import { discoverPidfds } from "./pidfds.ts";
import { processRecords } from "./processes.ts";
import { Registry } from "./registry.ts";
import { scanWish } from "./scan-wish.ts";
import { Sightings } from "./sighting.ts";
import { discoverSockets } from "./sockets.ts";
import { withStatus } from "./status.ts";
import { stillSo } from "./still-so.ts";
import { Tally } from "./tally.ts";
import { discoverThreads } from "./threads.ts";
import { withTraces } from "./traces.ts";
import { readsOwnProc, viewpoint, type Own } from "./viewpoint.ts";

/** How much to read besides the namespaces themselves. */
export interface DiscoverWish extends SourceWish {
  /** Every process's arguments, or at least those of the first process in each namespace. Without, a record has the comm alone. */
  readonly commandLines?: boolean | "first";
  /** Every process's control group. */
  readonly cgroups?: boolean;
  /** Every process's status: ids, capabilities, numbers. */
  readonly status?: boolean;
  /** Whether processes of ours may enter namespaces to look; they do where nobody says otherwise. */
  readonly enter?: boolean;
  /** Whose namespaces are, by control groups and paths. Read unless this is false. */
  readonly traces?: boolean;
  /** The id maps of user namespaces. Read unless this is false. */
  readonly maps?: boolean;
  /** What namespaces say of themselves: names of hosts, clocks, interfaces. Not without being asked for. */
  readonly attributes?: boolean;
  /** Every mount of every mount namespace, besides those that hold something. */
  readonly mountTrees?: boolean;
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
  using registry = new Registry(stamp.takenAt);
  const who = observer.who();
  const ownPids = readsOwnProc(observer, who);
  const own = await ownNamespaces(observer, registry, ownPids ? who.pid : undefined);
  const wanted = (wish.files ?? []).flatMap((path) => visitFile(observer, registry, path) ?? []);
  const look = await scanAndOpen(observer, registry, wish, { own, ownPids });
  if (!look.ok) return look;
  const { scan, links, notes, device } = look.value;

  const listed = discoverListed(observer, registry, own);
  const unborn = discoverUnborn(observer, registry, { scan, ownPids });
  const sightings = new Sightings(observer, registry, { device, identities: links.tally });
  const { threads, tally: threaded } = discoverThreads(observer, sightings, { scan, links, unborn });
  const opened = discoverDescriptors(observer, sightings, scan);
  using doorway = new Doorway(observer, { mayEnter: wish.enter !== false });
  const sources = { scan, links, threads, descriptors: opened.descriptors, own: own.mnt };
  const mounted = await discoverMounts({ observer, registry, doorway }, sources, {
    most: limitOf("mounts", wish),
    trees: wish.mountTrees === true,
  });
  const { names, tally: named } = discoverNames(observer, registry);
  const socketWish = { scan, links, ownPids, most: limitOf("sockets", wish) };
  const { sockets, tally: socketed, inFlight } = discoverSockets(observer, registry, socketWish);
  const { pidfds, tally: pidfded } = discoverPidfds(observer, registry, { scan, links });
  const scanned = processRecords(scan, links, unborn);
  const processes = wish.status === true ? withStatus(observer, scanned) : scanned;
  const descriptors = [...opened.descriptors, ...sockets, ...pidfds];
  const lasted = await stillSo(observer, registry, { before: scan, own, processes, threads, descriptors });
  const still = wish.commandLines === "first" ? await withFirstCommandLines(observer, lasted) : lasted;
  // Where all are as they were, what their links led to is what they are in.
  const occupied = still.unchanged ? [...links.all, ...unborn.ids] : undefined;
  const seen = { ...mounted, ...still, names, own, wanted, occupied, namespaces: registry.records };
  const lasting = withoutEnded(seen, registry.led);
  const { namespaces: mapped, tally: maps } =
    wish.maps === false
      ? { namespaces: lasting.namespaces, tally: unasked("maps") }
      : withMaps(observer, lasting.namespaces, still.processes, own.user);
  const tasks = { scan, processes: still.processes, threads: still.threads };
  const { namespaces, tally: traced } =
    wish.traces === false
      ? { namespaces: mapped, tally: unasked("cgroups") }
      : withTraces(observer, { ...tasks, namespaces: mapped, pins: lasting.pins });

  const found = processTally(scan);
  found.vanishedAfterAll(still.ended.size);
  threaded.vanishedAfterAll(threads.length - still.threads.length);
  // Of descriptors whole tables are counted; of sockets each once, and one that has answered was seen.
  opened.tally.vanishedAfterAll(tablesOf(opened.descriptors, still.ended));
  pidfded.vanishedAfterAll(pidfds.length - still.descriptors.filter(({ what }) => what === "pidfd").length);
  if (hidesProcesses(mounted.own, observer.procRoot)) found.note("hidepid");
  if (!ownPids) found.note("proc-of-another-pid-namespace");
  for (const note of notes) links.tally.note(note);
  const tallies = [listed, found, linkTally(scan, still.ended), links.tally, named, registry.relations, maps, traced];
  const hanging = [threaded, unborn.tally, opened.tally, socketed, pidfded, inFlight];
  leaveOut(wish, {
    threads: [threaded],
    descriptors: [opened.tally, socketed, pidfded, inFlight],
    sockets: [socketed],
    mounts: mounted.tallies,
    attributes: [],
  });
  const whole: Snapshot = {
    format: SNAPSHOT_FORMAT,
    version: SNAPSHOT_VERSION,
    producer: stamp.producer,
    takenAt: stamp.takenAt.toISOString(),
    redacted: false,
    viewpoint: viewpoint(observer, { own, who }),
    coverage: [],
    namespaces: namespaces.map((record) => withTable(unborn.ids.has(record.id) ? asUnborn(record) : record, mounted)),
    processes: still.processes,
    threads: still.threads,
    descriptors: still.descriptors.toSorted(compareDescriptors),
    pins: lasting.pins.toSorted(comparePins),
    mounts: lasting.mounts.toSorted(comparePins),
    names,
  };
  // Our own files would keep them.
  registry.letGo();
  const ended = endedOfListed(observer, whole);
  listed.vanishedAfterAll(ended.size);
  const snapshot: Snapshot = {
    ...whole,
    namespaces: ended.size === 0 ? whole.namespaces : whole.namespaces.filter(({ id }) => !ended.has(id)),
    coverage: [
      ...[...tallies, ...hanging, ...mounted.tallies].map(({ row }) => row),
      ...noAttributes(wish.without?.includes("attributes") === true ? "unwanted" : "unasked"),
    ].toSorted((a, b) => compareSources(a.source, b.source)),
  };
  const most = limitOf("attributes", wish);
  const isAsked = wish.attributes === true && most > 0;
  return ok(isAsked ? withAttributes(observer, snapshot, { enter: wish.enter !== false, most }) : snapshot);
}

/** How many tables of these processes the descriptors lie in. */
const tablesOf = (descriptors: readonly DescriptorRecord[], pids: ReadonlySet<number>): number =>
  new Set(descriptors.filter(({ pid }) => pids.has(pid)).map(({ pid, tid = pid }) => `${pid}/${tid}`)).size;

/** The process that has it for its children had made none when it was looked at. */
const asUnborn = (record: NamespaceRecord): NamespaceRecord => ({ ...record, unborn: true });

function withTable(record: NamespaceRecord, { tables }: Mounted): NamespaceRecord {
  const mounts = record.kind === "mnt" ? tables.get(record.id) : undefined;
  return mounts === undefined ? record : { ...record, mounts };
}

/** `pid`: ours in this /proc. */
async function ownNamespaces(observer: Observer, registry: Registry, pid: number | undefined): Promise<Own> {
  const own: Own = {};
  // Together, which asks each in fewer calls.
  const opened = pid === undefined ? [] : await observer.openLinks(LINKS.map((link) => ({ pid, link })));
  for (const [nth, link] of LINKS.entries()) {
    const first = opened[nth];
    using file = first?.ok === true ? first.value : undefined;
    const isKnown = file !== undefined && registry.visit(file);
    const id = isKnown ? file.id : visitFile(observer, registry, `${observer.procRoot}/self/ns/${link}`);
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
  /** Where namespace files lie, if they all lie on one. */
  readonly device: bigint | undefined;
}

/** One scan; a second one that reads every device where the first shows that inode numbers alone do not tell enough. */
async function scanAndOpen(
  observer: Observer,
  registry: Registry,
  wish: DiscoverWish,
  { own, ownPids }: { readonly own: Own; readonly ownPids: boolean },
): Promise<Outcome<Look>> {
  const device = ownDevice(own);
  for (const everyDevice of [device === undefined, true]) {
    const scan = await observer.scan({ ...scanWish(wish, everyDevice), ownPids });
    if (!scan.ok) return scan;
    registry.keepOpen();
    const links = await discoverLinks(observer, registry, scan.value, everyDevice ? undefined : device);
    if (links === SEVERAL_DEVICES) {
      registry.letGo();
      continue;
    }
    return ok({
      scan: scan.value,
      links,
      notes: everyDevice && device !== undefined ? ["several-devices"] : [],
      device: everyDevice ? undefined : device,
    });
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

/** What nobody wanted is not told as if there were none of it. */
function leaveOut(wish: SourceWish, tallies: Readonly<Record<CostlySource, readonly Tally[]>>): void {
  for (const source of wish.without ?? []) for (const tally of tallies[source]) tally.skip("unwanted");
}

/** Of a source that finds no namespace, and that nobody asked for. */
function unasked(source: "maps" | "cgroups"): Tally {
  const tally = new Tally(source);
  tally.skip("unasked");
  return tally;
}

function processTally(scan: ProcessScan): Tally {
  const tally = new Tally("processes");
  tally.saw(scan.count);
  tally.lost(scan.vanished);
  for (const [errno, times] of scan.refused) tally.refused(errnoName(errno), times);
  return tally;
}
