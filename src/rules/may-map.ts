import type { Capability } from "../abi/capabilities.ts";
import { hasCapability } from "./has-capability.ts";
import { MAX_MAP_LENGTH, type MapLine } from "./map-text.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import type { Credentials, View } from "./view.ts";

export type IdMapFile = "uid_map" | "gid_map" | "projid_map";

/** What one needs in the parent to map more than one's own id. Anybody may map any project id. */
const SETID: Readonly<Record<IdMapFile, Capability | undefined>> = {
  uid_map: "CAP_SETUID",
  gid_map: "CAP_SETGID",
  projid_map: undefined,
};

/** The user namespace whose map is written, as far as the checks look at it. */
export interface MapTarget<N> {
  readonly ns: N;
  /** Undefined: it is the initial one. */
  readonly parent: N | undefined;
  readonly creatorUid: number;
  /** Whether its creator had CAP_SETFCAP in its effective set when it made it. Linux 5.12. */
  readonly parentCouldSetfcap: boolean;
  readonly setgroupsAllowed: boolean;
  readonly alreadySet: boolean;
}

/** Who opened the file, and who writes it: mostly one and the same. */
export interface MapWriter<N> {
  readonly opener: Credentials<N>;
  readonly writer: Credentials<N>;
}

/** One write(2): to which file, where in it, and how many bytes. */
export interface MapWrite {
  readonly file: IdMapFile;
  readonly offset: number;
  readonly length: number;
}

/**
 * The half of MAPPERM that comes before the text is read; gives the parent. The writer does not matter yet.
 * Source: kernel/user_namespace.c proc_uid_map_write, map_write.
 */
export function mayWriteMap<N>(
  view: View<N>,
  { opener }: MapWriter<N>,
  target: MapTarget<N>,
  { file, offset, length }: MapWrite,
): Outcome<N> {
  const { ns, parent } = target;
  if (parent === undefined) return refused("EPERM", "map-of-initial");
  if (opener.user !== ns && opener.user !== parent) return refused("EPERM", "map-from-elsewhere");
  if (offset !== 0) return refused("EINVAL", "not-at-start");
  if (length > MAX_MAP_LENGTH) return refused("EINVAL", "map-too-long");
  if (target.alreadySet) return refused("EPERM", "map-already-set");
  if (SETID[file] !== undefined && !hasCapability(view, opener, ns, "CAP_SYS_ADMIN")) {
    return refused("EPERM", "opener-no-admin-over-map");
  }
  return ok(parent);
}

/** What a text asks for, and by which kernel's rules. */
export interface MapWish {
  readonly file: IdMapFile;
  readonly extents: readonly MapLine[];
  /** An id of the parent in the initial user namespace's numbers. */
  toKernel(id: number): number | undefined;
  /** Whether mapping the parent's uid 0 needs CAP_SETFCAP: since Linux 5.12. */
  readonly rootNeedsSetfcap: boolean;
}

/**
 * The half of MAPPERM that looks at the extents; that the parent maps all of them is checked after it.
 * Source: kernel/user_namespace.c verify_root_map, new_idmap_permitted.
 */
export function mayMap<N>(
  view: View<N>,
  { opener, writer }: MapWriter<N>,
  target: MapTarget<N> & { readonly parent: N },
  map: MapWish,
): Outcome<true> {
  const { ns, parent } = target;
  if (map.rootNeedsSetfcap && map.file === "uid_map" && map.extents.some(({ outside }) => outside === 0)) {
    const allowed = opener.user === ns ? target.parentCouldSetfcap : hasCapability(view, opener, parent, "CAP_SETFCAP");
    if (!allowed) return refused("EPERM", "map-of-root-needs-setfcap");
  }
  const [only] = map.extents;
  if (map.extents.length === 1 && only?.count === 1 && target.creatorUid === opener.euid) {
    const outside = map.toKernel(only.outside);
    if (map.file === "uid_map" && outside === opener.euid) return ok(true);
    if (map.file === "gid_map" && !target.setgroupsAllowed && outside === opener.egid) return ok(true);
  }
  const capability = SETID[map.file];
  if (capability === undefined) return ok(true);
  const both = [writer, opener].every((who) => hasCapability(view, who, parent, capability));
  return both ? ok(true) : refused("EPERM", "map-needs-setid");
}
