import { CONSTANTS } from "../../abi/constants.ts";
import { namespaceOf } from "./view.ts";
import type { MapExtent, Namespace, NsKey } from "./world.ts";

type Namespaces = { readonly namespaces: { get(key: NsKey): Namespace | undefined } };
const NO_MAP: readonly MapExtent[] = [];

/** A uid of the initial user namespace, as another numbers it; undefined where it has no number there. */
export function fromKernelUid(world: Namespaces, user: NsKey, kuid: number): number | undefined {
  return translate(namespaceOf(world, user).user?.uidMap ?? NO_MAP, kuid);
}
export function fromKernelGid(world: Namespaces, user: NsKey, kgid: number): number | undefined {
  return translate(namespaceOf(world, user).user?.gidMap ?? NO_MAP, kgid);
}
export function fromKernelProjid(world: Namespaces, user: NsKey, kprojid: number): number | undefined {
  return translate(namespaceOf(world, user).user?.projidMap ?? NO_MAP, kprojid);
}
/** The same as a process reads it: what has no number reads as the overflow id. */
export function shownUid(world: Namespaces, user: NsKey, kuid: number): number {
  return fromKernelUid(world, user, kuid) ?? CONSTANTS.OVERFLOW_ID;
}
export function shownGid(world: Namespaces, user: NsKey, kgid: number): number {
  return fromKernelGid(world, user, kgid) ?? CONSTANTS.OVERFLOW_ID;
}

/** A number in a user namespace, as the initial one numbers it; undefined where it has no mapping. */
export function toKernelUid(world: Namespaces, user: NsKey, uid: number): number | undefined {
  return into(namespaceOf(world, user).user?.uidMap ?? NO_MAP, uid);
}
export function toKernelGid(world: Namespaces, user: NsKey, gid: number): number | undefined {
  return into(namespaceOf(world, user).user?.gidMap ?? NO_MAP, gid);
}

/** Whether both effective ids have numbers in a user namespace. */
export function maps(world: Namespaces, user: NsKey, ids: { readonly euid: number; readonly egid: number }): boolean {
  return fromKernelUid(world, user, ids.euid) !== undefined && fromKernelGid(world, user, ids.egid) !== undefined;
}

function translate(map: readonly MapExtent[], outside: number): number | undefined {
  const extent = map.find((row) => outside >= row.outside && outside < row.outside + row.count);
  return extent === undefined ? undefined : outside - extent.outside + extent.inside;
}
function into(map: readonly MapExtent[], inside: number): number | undefined {
  const extent = map.find((row) => inside >= row.inside && inside < row.inside + row.count);
  return extent === undefined ? undefined : inside - extent.inside + extent.outside;
}
