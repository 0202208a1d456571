import { makedev, type NamespaceId } from "../abi/ids.ts";
import type { ErrnoName } from "../abi/errnos.ts";
import type { NsFile, Observer, ProcessScan } from "../kernel/observer.ts";
import type { HoldingMount } from "../snapshot/types.ts";
import type { Door } from "./door.ts";
import type { Doorway } from "./doorway.ts";
import type { Links } from "./links.ts";
import type { SeenMount } from "./mount-table.ts";
import type { Registry } from "./registry.ts";
import { Tally } from "./tally.ts";

type Place = Omit<HoldingMount, "namespace">;

/** The mounts of one file system, by its device: it belongs to one namespace as long as it is mounted. */
interface Device {
  readonly device: bigint;
  readonly fileSystem: HoldingMount["fileSystem"];
  readonly places: Place[];
  namespace: NamespaceId | undefined;
  refused: ErrnoName;
}

/** So many ipc namespaces are asked for their mqueue at a time. */
const BATCH = 64;

/**
 * The mounted proc and mqueue, and the namespaces that they keep: a proc is told by the process that is number 1 in it, an
 * mqueue by its device, which is that of the ipc namespace. What cannot be told so is not guessed.
 * Source: fs/proc/root.c, ipc/mqueue.c.
 */
export class FileSystems {
  readonly #registry: Registry;
  readonly #devices = new Map<string, Device>();
  readonly tally = new Tally("file-systems");

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  take(mount: SeenMount, door: Door): void {
    const { fsType } = mount;
    if (fsType !== "proc" && fsType !== "mqueue") return;
    const { major, minor } = mount.device;
    const key = `${fsType} ${major}:${minor}`;
    const known = this.#devices.get(key);
    const device = known?.device ?? makedev(mount.device);
    const one = known ?? { device, fileSystem: fsType, places: [], namespace: undefined, refused: "ENODATA" as const };
    if (known === undefined) this.#devices.set(key, one);
    one.places.push({ fileSystem: fsType, ...door.placeOf(mount) });
    // Below a folder of a proc there are no processes.
    if (fsType !== "proc" || one.namespace !== undefined || mount.root !== "/") return;
    const opened = door.openPidOfProc(mount, device);
    if (!opened.ok) {
      one.refused = opened.errno;
      return;
    }
    using file = opened.value;
    if (this.#registry.lead(file)) one.namespace = file.id;
  }

  /** Asks the ipc namespaces that processes are in, until every mqueue has its own. */
  tellMqueues(observer: Observer, doorway: Doorway, { scan, links }: { scan: ProcessScan; links: Links }): void {
    const missing = new Map<bigint, Device>();
    for (const one of this.#devices.values()) if (one.fileSystem === "mqueue") missing.set(one.device, one);
    const ways = missing.size === 0 ? [] : [...ipcFiles(observer, scan, links)];
    for (let from = 0; from < ways.length && missing.size > 0; from += BATCH) {
      const files: NsFile[] = [];
      try {
        for (const path of ways.slice(from, from + BATCH)) {
          const opened = observer.open(path);
          if (opened.ok) files.push(opened.value);
        }
        for (const [nth, answer] of doorway.mqueueDevices(files).entries()) {
          const file = files[nth];
          if (!answer.ok) for (const one of missing.values()) one.refused = answer.errno;
          const one = answer.ok ? missing.get(answer.value) : undefined;
          if (!answer.ok || one === undefined || file === undefined || !this.#registry.lead(file)) continue;
          one.namespace = file.id;
          missing.delete(answer.value);
        }
      } finally {
        for (const file of files) file[Symbol.dispose]();
      }
    }
  }

  /** Those whose namespace is known; the others are counted. */
  get records(): readonly HoldingMount[] {
    const records = new Map<number, HoldingMount>();
    for (const { namespace, places, refused } of this.#devices.values()) {
      for (const place of places) {
        if (namespace === undefined) this.tally.refused(refused);
        else {
          this.tally.saw();
          records.set(place.mountId, { ...place, namespace });
        }
      }
    }
    return [...records.values()];
  }
}

/** A file of each ipc namespace that a process is in. */
function* ipcFiles({ procRoot }: Observer, scan: ProcessScan, links: Links): Generator<string> {
  const met = new Set<NamespaceId>();
  for (let row = 0; row < scan.count; row++) {
    const id = links.namespace(row, "ipc");
    if (id === undefined || met.has(id)) continue;
    met.add(id);
    yield `${procRoot}/${scan.pid[row]}/ns/ipc`;
  }
}
