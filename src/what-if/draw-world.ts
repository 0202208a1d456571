import { KINDS, nests, type NamespaceKind } from "../abi/namespace-kinds.ts";
import type { DrawnNamespace } from "../kernel/drawing.ts";
import { printDrawing } from "../kernel/print-drawing.ts";
import type { Bind, MapExtent, Namespace, NsKey, World } from "../kernel/model/world.ts";
import type { LeftOut } from "../messages/drawing.ts";
import type { Names } from "./names.ts";

/** The namespaces of a world as a drawing, and how much else there is that a drawing does not say. */
export interface WorldDrawing {
  readonly namespaces: readonly DrawnNamespace[];
  readonly leftOut: ReadonlyMap<LeftOut, number>;
}

/**
 * Draws a world: which namespaces there are, whose children, owned and made by whom, whether anybody is in them, and where
 * they are mounted in the first mount namespace. One walk over the world.
 */
export function drawWorld(world: World, names: Names): WorldDrawing {
  const inhabited = inhabitedIn(world);
  const initial = new Set(KINDS.map((kind) => world.initial[kind]));
  const { pins, covered } = pinsIn(world);
  const namespaces: DrawnNamespace[] = [];
  const leftOut = new Map<LeftOut, number>();
  const leave = (what: LeftOut, count = 1): void => {
    if (count > 0) leftOut.set(what, (leftOut.get(what) ?? 0) + count);
  };
  leave("mounts", covered);
  // In the order of their keys, so that owners and parents come before what is theirs.
  for (const namespace of world.namespaces.values()) {
    const { key, kind, user, pid } = namespace;
    if (user !== undefined && !initial.has(key) && !mapsAll(user)) leave("maps");
    if (pid !== undefined && !initial.has(key) && pid.init !== "alive") leave("ended-pid-namespaces");
    if (kind === "mnt" && key !== world.initial.mnt) leave("mounts", namespace.binds?.size ?? 0);
    if (initial.has(key)) {
      leave("mounts", pins.get(key)?.length ?? 0);
      continue;
    }
    const paths = pins.get(key) ?? [];
    namespaces.push({
      name: names.of(key),
      kind,
      parent: nests(kind) ? nameOr(names, namespace.parent, kind) : undefined,
      owner: nameOr(names, kind === "user" ? namespace.parent : namespace.owner, "user"),
      by: user?.creatorUid,
      empty: !inhabited.has(key),
      ...(paths.length > 0 && { pins: paths }),
    });
  }
  const drawn = new Set<string>(namespaces.map(({ name }) => name));
  for (const { name, leader } of world.tasks.values()) {
    if (name !== leader) leave("threads");
    else if (!drawn.has(name) && name !== world.first && name !== "init") leave("processes");
  }
  for (const { target } of world.files.values()) if (target.type !== "other") leave("files");
  return { namespaces, leftOut };
}

/** The drawing as text. */
export const drawingText = ({ namespaces }: WorldDrawing): string => printDrawing(namespaces);

const nameOr = (names: Names, key: NsKey | undefined, kind: NamespaceKind): string =>
  key === undefined ? `${kind}:init` : names.of(key);

/** The namespaces that somebody is in. */
function inhabitedIn({ tasks }: World): ReadonlySet<NsKey> {
  const found = new Set<NsKey>();
  for (const { memberships, credentials, pid } of tasks.values()) {
    if (memberships === undefined) continue;
    const { pid_for_children: _children, time_for_children: _later, ...own } = memberships;
    for (const key of [...Object.values(own), credentials.user, pid]) found.add(key);
  }
  return found;
}

/** Where each is mounted in the first mount namespace; of several over one path the topmost, made last. */
function pinsIn(world: World): { readonly pins: ReadonlyMap<NsKey, string[]>; readonly covered: number } {
  const tops = new Map<string, Bind>();
  const binds: Namespace["binds"] = world.namespaces.get(world.initial.mnt)?.binds;
  for (const bind of binds?.values() ?? []) {
    const top = tops.get(bind.path);
    if (top === undefined || top.mountId < bind.mountId) tops.set(bind.path, bind);
  }
  const pins = new Map<NsKey, string[]>();
  for (const { namespace, path } of tops.values()) {
    const paths = pins.get(namespace);
    if (paths === undefined) pins.set(namespace, [path]);
    else paths.push(path);
  }
  return { pins, covered: (binds?.size ?? 0) - tops.size };
}

const EVERY_ID = 0xffffffff;
const mapsAll = ({
  uidMap,
  gidMap,
}: {
  readonly uidMap: readonly MapExtent[];
  readonly gidMap: readonly MapExtent[];
}) => [uidMap, gidMap].every(([only]) => only?.inside === 0 && only.outside === 0 && only.count === EVERY_ID);
