import { FEW_EXTENTS, MAX_EXTENTS, parseMapText, type MapLine } from "../../rules/map-text.ts";
import { mayMap, mayWriteMap, type IdMapFile, type MapTarget } from "../../rules/may-map.ts";
import { maySwitchSetgroups, parseSetgroupsText } from "../../rules/may-set-groups.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { FullCredentials } from "../../rules/full-credentials.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import type { MapFile } from "../call.ts";
import type { Draft } from "./draft.ts";
import { changedUser } from "./shapes.ts";
import { viewOf } from "./view.ts";
import type { MapExtent, Namespace, NsKey, UserState } from "./world.ts";

/** One write to an open file of user namespace `user`. */
export interface MapWriting {
  readonly user: NsKey;
  readonly file: MapFile;
  readonly opener: FullCredentials<NsKey>;
  readonly writer: FullCredentials<NsKey>;
  readonly offset: number;
  readonly text: string;
}

/** Where `UserState` keeps each map. */
export const MAP_SLOTS = { uid_map: "uidMap", gid_map: "gidMap", projid_map: "projidMap" } as const;

/** Gives the bytes written: all of them. */
export function writeMap(draft: Draft, writing: MapWriting): Outcome<number> {
  const ns = draft.namespace(writing.user);
  const { file } = writing;
  return file === "setgroups" ? writeSetgroups(draft, ns, writing) : writeIds(draft, ns, { ...writing, file });
}

function writeSetgroups(draft: Draft, ns: Namespace, { text, offset }: MapWriting): Outcome<number> {
  const word = parseSetgroupsText(text, offset);
  if (!word.ok) return word;
  const state = userState(ns);
  const { setgroupsAllowed, gidMap } = state;
  const may = maySwitchSetgroups(word.value, { setgroupsAllowed, gidMapSet: gidMap.length > 0 });
  if (!may.ok) return may;
  draft.changeNamespace(ns.key, { user: changedUser(state, { setgroupsAllowed: word.value === "allow" }) });
  return ok(text.length);
}

function writeIds(draft: Draft, ns: Namespace, writing: MapWriting & { readonly file: IdMapFile }): Outcome<number> {
  const { file, text, offset } = writing;
  const state = userState(ns);
  const slot = MAP_SLOTS[file];
  const target: MapTarget<NsKey> = {
    ns: ns.key,
    parent: ns.parent,
    creatorUid: state.creatorUid,
    parentCouldSetfcap: state.parentCouldSetfcap,
    setgroupsAllowed: state.setgroupsAllowed,
    alreadySet: state[slot].length > 0,
  };
  const parent = mayWriteMap(viewOf(draft), writing, target, { file, offset, length: text.length });
  if (!parent.ok) return parent;
  const lines = parseMapText(text, {
    maxExtents: hasChange(draft.release, "map-of-340-extents") ? MAX_EXTENTS : FEW_EXTENTS,
    stopsAt64: hasChange(draft.release, "map-numbers-stop-at-64-bits"),
  });
  if (!lines.ok) return lines;
  const above = userState(draft.namespace(parent.value))[slot];
  const may = mayMap(
    viewOf(draft),
    writing,
    { ...target, parent: parent.value },
    {
      file,
      extents: lines.value,
      toKernel: (id) => range(above, { outside: id, count: 1 }),
      rootNeedsSetfcap: hasChange(draft.release, "root-map-needs-setfcap"),
    },
  );
  if (!may.ok) return may;
  const extents: MapExtent[] = [];
  for (const line of lines.value) {
    const outside = range(above, line);
    if (outside === undefined) return refused("EPERM", "map-range-unmapped-in-parent");
    extents.push({ ...line, outside });
  }
  // The kernel searches more than a few by halving, and so keeps them sorted.
  const kept = extents.length > FEW_EXTENTS ? extents.toSorted((a, b) => a.inside - b.inside) : extents;
  draft.changeNamespace(ns.key, { user: changedUser(state, { [slot]: kept }) });
  return ok(text.length);
}

/** Where a whole range of a namespace's ids lies in the initial user namespace; undefined unless one extent has it all. */
function range(
  map: readonly MapExtent[],
  { outside: first, count }: Pick<MapLine, "outside" | "count">,
): number | undefined {
  const extent = map.find((row) => first >= row.inside && first + count <= row.inside + row.count);
  return extent === undefined ? undefined : extent.outside + (first - extent.inside);
}

export function userState(ns: Namespace): UserState {
  if (ns.user === undefined) throw new Error(`namespace ${ns.key} is no user namespace`);
  return ns.user;
}
