import { hasCapability } from "./has-capability.ts";
import type { MapLine } from "./map-text.ts";
import { ok, refused, type Outcome } from "./outcome.ts";
import type { Credentials, View } from "./view.ts";

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

/** The half of MAPPERM that comes before the text is read. Source: kernel/user_namespace.c proc_uid_map_write, map_write. */
export function mayOpenMap<N>(view: View<N>, { opener }: MapWriter<N>, target: MapTarget<N>): Outcome<N> {
  const { ns, parent } = target;
  if (parent === undefined) return refused("EPERM", "map-of-initial");
  if (opener.user !== ns && opener.user !== parent) return refused("EPERM", "map-from-elsewhere");
  if (target.alreadySet) return refused("EPERM", "map-already-set");
  if (!hasCapability(view, opener, ns, "CAP_SYS_ADMIN")) return refused("EPERM", "no-admin-over-target");
  return ok(parent);
}

/**
 * The half of MAPPERM that looks at the extents; `toKernel` gives an id of the parent in the initial user namespace's
 * numbers. Source: kernel/user_namespace.c verify_root_map, new_idmap_permitted.
 */
export function mayMap<N>(
  view: View<N>,
  { opener, writer }: MapWriter<N>,
  target: MapTarget<N> & { readonly parent: N },
  map: {
    readonly file: "uid_map" | "gid_map";
    readonly extents: readonly MapLine[];
    toKernel(id: number): number | undefined;
  },
): Outcome<true> {
  const { ns, parent } = target;
  if (map.file === "uid_map" && map.extents.some(({ outside }) => outside === 0)) {
    const allowed = opener.user === ns ? target.parentCouldSetfcap : hasCapability(view, opener, parent, "CAP_SETFCAP");
    if (!allowed) return refused("EPERM", "map-of-root-needs-setfcap");
  }
  const [only] = map.extents;
  if (map.extents.length === 1 && only?.count === 1 && target.creatorUid === opener.euid) {
    const outside = map.toKernel(only.outside);
    if (map.file === "uid_map" && outside === opener.euid) return ok(true);
    if (map.file === "gid_map" && !target.setgroupsAllowed && outside === opener.egid) return ok(true);
  }
  const capability = map.file === "uid_map" ? "CAP_SETUID" : "CAP_SETGID";
  const both = [writer, opener].every((who) => hasCapability(view, who, parent, capability));
  return both ? ok(true) : refused("EPERM", "map-needs-setid");
}
