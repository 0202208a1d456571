import { hasChange } from "../../rules/kernel-changes.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Seer } from "../../rules/see-all.ts";
import { stopsAt, type WalkRule } from "../../rules/walk-mounts.ts";
import type { Draft } from "./draft.ts";
import { viewOf } from "./view.ts";
import type { Namespace, NsKey, Task } from "./world.ts";

export const walkRule = (release: string): WalkRule => (hasChange(release, "mount-walk-needs-sight") ? "all" : "owner");
export const seerOf = ({ credentials, pid }: Task): Seer<NsKey> => ({ credentials, pid });

/** NS_MNT_GET_NEXT and NS_MNT_GET_PREV: the nearest id above or below that the caller may stop at. */
export function neighbour(draft: Draft, caller: Task, from: Namespace, step: "next" | "previous"): Outcome<NsKey> {
  const rule = walkRule(draft.release);
  const beyond = (id: bigint, than: bigint): boolean => (step === "next" ? id > than : id < than);
  let nearest: Namespace | undefined;
  for (const ns of draft.namespaces.values()) {
    if (ns.kind !== "mnt" || !beyond(ns.uniqueId, from.uniqueId)) continue;
    if (nearest !== undefined && !beyond(nearest.uniqueId, ns.uniqueId)) continue;
    if (stopsAt(viewOf(draft), seerOf(caller), ns.key, rule)) nearest = ns;
  }
  return nearest === undefined ? refused("ENOENT", "no-further-mount-namespace") : ok(nearest.key);
}
