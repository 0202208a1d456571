import { parseNamespaceId, type NamespaceId } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { NsFile, Observer } from "../kernel/observer.ts";
import { parseLink } from "../procfs/link.ts";
import type { NameRecord, PinRecord } from "../snapshot/types.ts";
import type { Door } from "./door.ts";
import type { SeenMount } from "./mount-table.ts";
import type { Registry } from "./registry.ts";
import { Tally } from "./tally.ts";

/** The bind mounts of namespace files, of all tables that were read. */
export class Pins {
  readonly #registry: Registry;
  readonly #records = new Map<number, PinRecord>();
  readonly tally = new Tally("mounts");

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** A number that was another mount's a moment ago is the later one's. */
  get records(): readonly PinRecord[] {
    return [...this.#records.values()];
  }

  /**
   * Takes a mount, if it is of a namespace file, and gives the file where it was opened; the caller ends it. The mount table tells
   * device, inode and kind, whatever is at the path by now. `everyPath`: it is opened also where the namespace is known,
   * to see whether the path leads to it.
   */
  take(mount: SeenMount, door: Door, { everyPath }: { everyPath: boolean }): NsFile | undefined {
    if (mount.fsType !== "nsfs") return undefined;
    const link = parseLink(mount.root);
    const kind = link.ok ? link.value.kind : undefined;
    const id = link.ok ? mountedId(mount, link.value.inode) : undefined;
    if (id === undefined || kind === undefined) return undefined;
    const isKnown = this.#registry.kindOf(id) === kind && this.#registry.wasAskedAmong(id, door.askedBefore);
    if (isKnown && !everyPath) this.tally.saw();
    const file = isKnown && !everyPath ? undefined : this.#open(mount, door, { id, kind });
    // Since the table was read it may have been taken off, and the namespace's number be another's.
    const isThere = isKnown || file !== undefined || door.stillHas(mount);
    if (isThere && this.#registry.kindOf(id) === kind) {
      const hiddenBy = door.hiddenBy(mount);
      const place = { ...door.placeOf(mount), ...(hiddenBy === undefined ? {} : { hiddenBy }) };
      this.#records.set(mount.id, { namespace: id, ...place });
    }
    return file;
  }

  /** What is mounted at a path last hides what was mounted before: the file that opens may be another, or none at all. */
  #open(mount: SeenMount, door: Door, { id, kind }: { id: NamespaceId; kind: NamespaceKind }): NsFile | undefined {
    const opened = door.open(mount);
    if (!opened.ok) {
      if (this.#registry.wasAsked(id)) this.tally.saw();
      else this.tally.refused(opened.errno);
      if (opened.errno === "ENOTTY") this.tally.note("pin-hides-another-file");
      this.#registry.keepUnopened(id, kind, { refused: opened.errno, call: "openat" });
      return undefined;
    }
    const file = opened.value;
    this.#registry.lead(file, file.id === id ? kind : undefined);
    this.tally.saw();
    if (file.id === id) return file;
    this.tally.note("pin-hides-another-file");
    this.#registry.keepUnopened(id, kind, { refused: "ENOENT", call: "openat", reason: "hidden-by-another-mount" });
    file[Symbol.dispose]();
    return undefined;
  }
}

function mountedId({ device }: SeenMount, inode: bigint): NamespaceId | undefined {
  return parseNamespaceId(`${device.major}:${device.minor}/${inode}`);
}

/** Where `ip netns` keeps its names. Source: ip-netns(8). */
export const NETNS_FOLDER = "/run/netns";

/** The names under /run/netns: bind mounts, or symbolic links to files under /proc, as container engines make them. */
export function discoverNames(observer: Observer, registry: Registry): { names: readonly NameRecord[]; tally: Tally } {
  const tally = new Tally("names");
  const entries = observer.names(NETNS_FOLDER);
  if (!entries.ok) {
    // Without the folder there are no names: that is an answer, not a refusal.
    if (entries.errno !== "ENOENT") tally.refused(entries.errno);
    return { names: [], tally };
  }
  const names: NameRecord[] = [];
  for (const name of entries.value) {
    const opened = observer.open(`${NETNS_FOLDER}/${name}`);
    if (!opened.ok) {
      tally.refused(opened.errno);
      continue;
    }
    using file = opened.value;
    if (registry.lead(file)) names.push({ namespace: file.id, name });
    tally.saw();
  }
  return { names, tally };
}
