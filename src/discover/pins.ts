import { parseNamespaceId, type NamespaceId } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Observer } from "../kernel/observer.ts";
import { parseLink } from "../procfs/link.ts";
import { parseMountinfo, type MountRecord } from "../procfs/mountinfo.ts";
import type { NameRecord, PinRecord } from "../snapshot/types.ts";
import type { Registry } from "./registry.ts";
import { Tally } from "./tally.ts";

/** What the viewer's own mount namespace says: bind mounts of namespace files, and how its /proc is mounted. */
export interface Pins {
  readonly pins: readonly PinRecord[];
  readonly tally: Tally;
  /** Whether the /proc that is read was mounted to hide other users' processes. */
  readonly hidepid: boolean;
}

export function discoverPins(observer: Observer, registry: Registry): Pins {
  const tally = new Tally("mounts");
  const text = observer.read(`${observer.procRoot}/self/mountinfo`);
  const mounts = text.ok ? parseMountinfo(text.value) : undefined;
  if (!text.ok) tally.unsupported(text.errno);
  if (mounts === undefined || !mounts.ok) return { pins: [], tally, hidepid: false };
  const pins = mounts.value.flatMap((mount) => pinOf(observer, registry, tally, mount) ?? []);
  return { pins, tally, hidepid: hidesProcesses(mounts.value, observer.procRoot) };
}

function pinOf(observer: Observer, registry: Registry, tally: Tally, mount: MountRecord): PinRecord | undefined {
  if (mount.fsType !== "nsfs") return undefined;
  const link = parseLink(mount.root);
  if (!link.ok || link.value.kind === undefined) return undefined;
  const id = mountedId(mount, link.value.inode);
  if (id === undefined) return undefined;
  visitPin(observer, registry, tally, { path: mount.mountPoint, id, kind: link.value.kind });
  return { namespace: id, path: mount.mountPoint, mountId: mount.id };
}

/**
 * Asks the namespace behind a pin. What is mounted there last hides what was mounted before, so the file that opens may
 * be another, or no namespace file at all; the mount table then still tells device, inode and kind of the one below.
 */
function visitPin(
  observer: Observer,
  registry: Registry,
  tally: Tally,
  pin: { readonly path: string; readonly id: NamespaceId; readonly kind: NamespaceKind },
): void {
  const opened = observer.open(pin.path);
  if (!opened.ok) {
    tally.refused(opened.errno);
    if (opened.errno === "ENOTTY") tally.note("pin-hides-another-file");
    registry.keepUnopened(pin.id, pin.kind, { refused: opened.errno, call: "openat" });
    return;
  }
  using file = opened.value;
  registry.visit(file);
  tally.saw();
  if (file.id === pin.id) return;
  tally.note("pin-hides-another-file");
  registry.keepUnopened(pin.id, pin.kind, { refused: "ENOENT", call: "openat", reason: "hidden-by-another-mount" });
}

function mountedId({ device }: MountRecord, inode: bigint): NamespaceId | undefined {
  return parseNamespaceId(`${device.major}:${device.minor}/${inode}`);
}

/** hidepid=1 and 2, by number before Linux 5.8 and by name since. Source: fs/proc/root.c, proc(5). */
function hidesProcesses(mounts: readonly MountRecord[], procRoot: string): boolean {
  const proc = mounts.findLast(({ mountPoint, fsType }) => fsType === "proc" && mountPoint === procRoot);
  return proc !== undefined && /(^|,)hidepid=(?!0|off)/.test(proc.superOptions);
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
    if (registry.visit(file)) names.push({ namespace: file.id, name });
    tally.saw();
  }
  return { names, tally };
}
