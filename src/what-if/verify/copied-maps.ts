import type { TaskName } from "../../kernel/call.ts";
import { fromKernelGid, fromKernelUid } from "../../kernel/model/ids.ts";
import type { MapExtent, Namespace, NsKey, UserState, World } from "../../kernel/model/world.ts";
import type { Builder } from "./builder.ts";
import { seenOr } from "../seen/evidence.ts";

/** The only uid and gid that there is in a user namespace of the copy. */
interface Only {
  readonly uid: number;
  readonly gid: number;
}

/** Writes the id maps of copied user namespaces; of whoever has one id, what can be mapped of them. */
export class IdMaps {
  readonly #builder: Builder;
  readonly #world: World;
  readonly #only = new Map<NsKey, Only>();

  constructor(builder: Builder, world: World, { top, only }: { top: NsKey | undefined; only: Only | undefined }) {
    this.#builder = builder;
    this.#world = world;
    if (top !== undefined && only !== undefined) this.#only.set(top, only);
  }

  /** `maker`: in the parent, and has made the namespace that `keeper` is in. */
  write(
    { key, user, label }: Namespace,
    { parent, maker, keeper }: { readonly parent: NsKey; readonly maker: TaskName; readonly keeper: TaskName },
  ): void {
    const state: Partial<UserState> = user ?? {};
    const [uidMap, gidMap] = [seenOr(() => state.uidMap), seenOr(() => state.gidMap)];
    const only = this.#only.get(parent);
    if (only !== undefined) {
      const shifted = { uid: shift(uidMap, only.uid), gid: shift(gidMap, only.gid) };
      if (isWider(uidMap, only.uid) || isWider(gidMap, only.gid)) this.#builder.note(`maps of ${label} in full`);
      this.#only.set(key, { uid: shifted.uid?.inside ?? 0, gid: shifted.gid?.inside ?? 0 });
      // Needed by whoever is without power over the parent.
      if (gidMap === undefined || gidMap.length > 0) this.#file(maker, keeper, "setgroups", "deny");
      if (shifted.uid !== undefined) this.#file(maker, keeper, "uid_map", rowText(shifted.uid));
      if (shifted.gid !== undefined) this.#file(maker, keeper, "gid_map", rowText(shifted.gid));
      return;
    }
    if (seenOr(() => state.setgroupsAllowed) === false) this.#file(maker, keeper, "setgroups", "deny");
    const text = (rows: readonly MapExtent[], inParent: (id: number) => number | undefined): string =>
      rows
        .flatMap(({ inside, outside, count }) => {
          const from = inParent(outside);
          return from === undefined ? [] : [rowText({ inside, outside: from, count })];
        })
        .join("\n");
    const uids = text(uidMap ?? [], (id) => fromKernelUid(this.#world, parent, id));
    const gids = text(gidMap ?? [], (id) => fromKernelGid(this.#world, parent, id));
    if (uids !== "") this.#file(maker, keeper, "uid_map", uids);
    if (gids !== "") this.#file(maker, keeper, "gid_map", gids);
  }

  #file(maker: TaskName, of: TaskName, file: "uid_map" | "gid_map" | "setgroups", text: string): void {
    this.#builder.try(maker, { op: "write", of, file, text }, file);
  }
}

const rowText = ({ inside, outside, count }: MapExtent): string => `${inside} ${outside} ${count}`;

/** The one row that whoever has one id can have: where nothing was mapped, nothing is. */
function shift(map: readonly MapExtent[] | undefined, only: number): MapExtent | undefined {
  if (map === undefined) return { inside: 0, outside: only, count: 1 };
  const row = map.find(({ outside, count }) => only >= outside && only < outside + count) ?? map[0];
  if (row === undefined) return undefined;
  const isWithin = only >= row.outside && only < row.outside + row.count;
  return { inside: isWithin ? row.inside + only - row.outside : row.inside, outside: only, count: 1 };
}

const isWider = (map: readonly MapExtent[] | undefined, only: number): boolean =>
  map?.some(({ outside, count }) => count > 1 || outside !== only) ?? true;
