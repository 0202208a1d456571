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
  const [view, seer, mounts] = [viewOf(draft), seerOf(caller), draft.ofKind("mnt")];
  const beyond = (key: NsKey): NsKey | undefined => (step === "next" ? mounts.after(key) : mounts.before(key));
  for (let at = beyond(from.key); at !== undefined; at = beyond(at)) if (stopsAt(view, seer, at)) return ok(at);
  return refused("ENOENT", "no-further-mount-namespace");
}
