import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { hasCapability } from "../../rules/has-capability.ts";
import { MAX_MAP_LENGTH, parseMapText, type MapLine } from "../../rules/map-text.ts";
import { mayMap, mayOpenMap, type MapTarget } from "../../rules/may-map.ts";
import type { TaskName } from "../call.ts";
import { numberIn } from "./descriptors.ts";
import { fromKernelUid, toKernelUid } from "./ids.ts";
import type { Draft } from "./draft.ts";
import { viewOf } from "./view.ts";
import type { MapExtent, Namespace, NsKey, Task, UserState } from "./world.ts";

export type MapFile = "uid_map" | "gid_map" | "setgroups";

/** open, write and close of /proc/PID/uid_map, gid_map or setgroups by one task; gives the bytes written. */
export function writeMapFile(
  draft: Draft,
  caller: Task,
  { of, file, text }: { of: TaskName; file: MapFile; text: string },
): Outcome<number> {
  const target = draft.tasks.get(of);
  if (target === undefined || numberIn(target, draft.initial.pid) === undefined)
    return refused("ENOENT", "no-such-process");
  const mayWrite = mayOpenForWriting(draft, caller, target);
  if (!mayWrite.ok) return mayWrite;
  const ns = draft.namespace(target.credentials.user);
  return file === "setgroups" ? writeSetgroups(draft, caller, ns, text) : writeMap(draft, caller, ns, { file, text });
}

/**
 * The files belong to the process's effective uid, mode 0644; where it is not dumpable, to root of the user namespace it
 * was started in. Source: fs/proc/base.c task_dump_owner.
 */
function mayOpenForWriting(draft: Draft, caller: Task, target: Task): Outcome<true> {
  const memory = target.resources === undefined ? undefined : draft.memories.get(target.resources.memory);
  const startedIn = memory?.user ?? target.credentials.user;
  const owner = memory?.dumpable === true ? target.credentials.euid : (toKernelUid(draft, startedIn, 0) ?? 0);
  if (caller.credentials.fsuid === owner) return ok(true);
  // CAP_DAC_OVERRIDE counts where the file's owner has a number in the caller's user namespace.
  const { user } = caller.credentials;
  const mapped = fromKernelUid(draft, user, owner) !== undefined;
  if (mapped && hasCapability(viewOf(draft), caller.credentials, user, "CAP_DAC_OVERRIDE")) return ok(true);
  return refused("EACCES", "file-of-another-user");
}

function writeSetgroups(draft: Draft, caller: Task, ns: Namespace, text: string): Outcome<number> {
  if (!hasCapability(viewOf(draft), caller.credentials, ns.key, "CAP_SYS_ADMIN")) {
    return refused("EACCES", "no-admin-over-target");
  }
  const match = /^(allow|deny)\s*$/.exec(text);
  if (text.length >= 8 || match === null) return refused("EINVAL", "setgroups-text");
  const state = userState(ns);
  if (match[1] === "allow") return state.setgroupsAllowed ? ok(text.length) : refused("EPERM", "setgroups-denied");
  if (state.gidMap.length > 0) return refused("EPERM", "setgroups-after-gid-map");
  putUser(draft, ns.key, { ...state, setgroupsAllowed: false });
  return ok(text.length);
}

function writeMap(
  draft: Draft,
  caller: Task,
  ns: Namespace,
  { file, text }: { file: "uid_map" | "gid_map"; text: string },
): Outcome<number> {
  const state = userState(ns);
  const slot = file === "uid_map" ? "uidMap" : "gidMap";
  const who = { opener: caller.credentials, writer: caller.credentials };
  const target: MapTarget<NsKey> = {
    ns: ns.key,
    parent: ns.parent,
    creatorUid: state.creatorUid,
    parentCouldSetfcap: state.parentCouldSetfcap,
    setgroupsAllowed: state.setgroupsAllowed,
    alreadySet: state[slot].length > 0,
  };
  if (text.length > MAX_MAP_LENGTH) return refused("EINVAL", "map-text");
  const parent = mayOpenMap(viewOf(draft), who, target);
  if (!parent.ok) return parent;
  const extents = parseMapText(text);
  if (!extents.ok) return extents;
  const above = userState(draft.namespace(parent.value))[slot];
  const toKernel = (id: number): number | undefined => range(above, { outside: id, count: 1 });
  const map = { file, extents: extents.value, toKernel };
  const may = mayMap(viewOf(draft), who, { ...target, parent: parent.value }, map);
  if (!may.ok) return may;
  const mapped: MapExtent[] = [];
  for (const extent of extents.value) {
    const outside = range(above, extent);
    if (outside === undefined) return refused("EPERM", "map-range-unmapped-in-parent");
    mapped.push({ ...extent, outside });
  }
  // The kernel searches more than five extents by halving, and so keeps them sorted.
  const kept = mapped.length > 5 ? mapped.toSorted((a, b) => a.inside - b.inside) : mapped;
  putUser(draft, ns.key, { ...state, [slot]: kept });
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

function userState(ns: Namespace): UserState {
  if (ns.user === undefined) throw new Error(`namespace ${ns.key} is no user namespace`);
  return ns.user;
}
function putUser(draft: Draft, key: NsKey, user: UserState): void {
  draft.changeNamespace(key, { user });
}
