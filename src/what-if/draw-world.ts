import { KINDS, nests, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { BuildRefused } from "../kernel/build-world.ts";
import type { DrawnNamespace } from "../kernel/drawing.ts";
import { sameWorld } from "../kernel/model/same-world.ts";
import { printWorld } from "../kernel/model/text/print-world.ts";
import { usualCreator } from "../kernel/model/text/usual.ts";
import type { Bind, Namespace, NsKey, World } from "../kernel/model/world.ts";
import { printDrawing } from "../kernel/print-drawing.ts";
import { NEWEST_RELEASE } from "../rules/release.ts";
import type { Names } from "./names.ts";
import { situationOf } from "./situation.ts";
import { push } from "../snapshot/push.ts";

/**
 * A world as text that is read back as the same: a drawing where building that gives this world, with the same names,
 * but for the time since; and else the whole world, line by line.
 */
export function worldText(world: World, names: Names): string {
  const drawn = drawWorld(world, names);
  return isAsDrawn(world, names, drawn) ? printDrawing(drawn) : printWorld(world, (key) => names.of(key));
}

function isAsDrawn(world: World, names: Names, drawn: readonly DrawnNamespace[]): boolean {
  if (world.release !== NEWEST_RELEASE) return false;
  try {
    const built = situationOf(drawn);
    const isSo = (key: NsKey): boolean => built.names.of(key) === names.of(key);
    return sameWorld({ ...built.world, ticks: world.ticks }, world) && [...world.namespaces.keys()].every(isSo);
  } catch (error) {
    if (error instanceof BuildRefused) return false;
    throw error;
  }
}

/**
 * What a drawing says of a world: which namespaces there are, whose children, owned and made by whom, whether anybody is in
 * them, and where they are mounted in the first mount namespace. One walk over the world.
 */
export function drawWorld(world: World, names: Names): readonly DrawnNamespace[] {
  const inhabited = inhabitedIn(world);
  const initial = new Set(KINDS.map((kind) => world.initial[kind]));
  const pins = pinsIn(world);
  const namespaces: DrawnNamespace[] = [];
  // In the order of their keys, so that owners and parents come before what is theirs.
  for (const { key, kind, creator, parent, owner } of world.namespaces.values()) {
    if (initial.has(key)) continue;
    const paths = pins.get(key) ?? [];
    namespaces.push({
      name: names.of(key),
      kind,
      parent: nests(kind) ? nameOr(names, parent, kind) : undefined,
      owner: nameOr(names, kind === "user" ? parent : owner, "user"),
      by:
        creator === usualCreator({ kind, parent, owner }, (above) => world.namespaces.get(above)) ? undefined : creator,
      empty: !inhabited.has(key),
      ...(paths.length > 0 && { pins: paths }),
    });
  }
  return namespaces;
}

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
function pinsIn(world: World): ReadonlyMap<NsKey, string[]> {
  const tops = new Map<string, Bind>();
  const binds: Namespace["binds"] = world.namespaces.get(world.initial.mnt)?.binds;
  for (const bind of binds?.values() ?? []) {
    const top = tops.get(bind.path);
    if (top === undefined || top.mountId < bind.mountId) tops.set(bind.path, bind);
  }
  const pins = new Map<NsKey, string[]>();
  for (const { namespace, path } of tops.values()) {
    push(pins, namespace, path);
  }
  return pins;
}
