import { formatIdMap } from "../../procfs/id-map.ts";
import { formatSetgroups } from "../../procfs/setgroups.ts";
import type { MapFile } from "../call.ts";
import { fromKernelGid, fromKernelProjid, fromKernelUid } from "./ids.ts";
import { namespaceOf } from "./view.ts";
import type { Namespace, NsKey } from "./world.ts";
import { MAP_SLOTS, userState } from "./write-map.ts";

/** What an id without a number reads as in a map. */
const NO_ID = 0xffffffff;
const FROM_KERNEL = { uid_map: fromKernelUid, gid_map: fromKernelGid, projid_map: fromKernelProjid } as const;

/**
 * The text of one of the files of user namespace `user`, for whoever opened it in user namespace `reader`: the outside
 * ids are the reader's, in the reader's own map those of its parent. Source: kernel/user_namespace.c uid_m_show.
 */
export function mapText(
  world: { readonly namespaces: { get(key: NsKey): Namespace | undefined } },
  { user, file, reader }: { user: NsKey; file: MapFile; reader: NsKey },
): string {
  const ns = namespaceOf(world, user);
  const state = userState(ns);
  if (file === "setgroups") return formatSetgroups(state.setgroupsAllowed ? "allow" : "deny");
  const seenFrom = reader === user && ns.parent !== undefined ? ns.parent : reader;
  const shown = (id: number): number => FROM_KERNEL[file](world, seenFrom, id) ?? NO_ID;
  return formatIdMap(state[MAP_SLOTS[file]].map((extent) => ({ ...extent, outside: shown(extent.outside) })));
}
