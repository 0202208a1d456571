import type { Actor } from "../../kernel/actor.ts";
import { must } from "../../kernel/build-world.ts";
import { allIds } from "../../kernel/call.ts";
import { NAMESPACE_KINDS } from "../../abi/namespace-kinds.ts";
import { ModelActor } from "../../kernel/model/actor.ts";

/**
 * From where throw-away processes build a copy: with root's power; as the ordinary user that one is; or as root of a user
 * namespace of one's own, in which there is one id, 0.
 */
export type Footing = "root" | "user" | "own-user-namespace";

/** Who one is, numbered as one's own user namespace has it. */
export interface Me {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** The ids there are, where there is only one of each. */
export const onlyIds = (footing: Footing, { uid, gid }: Me): { uid: number; gid: number } | undefined =>
  footing === "root" ? undefined : footing === "user" ? { uid, gid } : { uid: 0, gid: 0 };

/** The same footing in memory: a first task that can do there what the throw-away processes can do here. */
export function footingInModel(footing: Footing, { uid, gid, groups }: Me, release: string): ModelActor {
  const actor = new ModelActor({ release });
  const { first } = actor;
  const asked = (call: Parameters<Actor["call"]>[1]): number => must(actor, first, call);
  if (footing !== "root") {
    asked({ op: "setgroups", groups });
    asked({ op: "setresgid", ids: allIds(gid) });
    asked({ op: "setresuid", ids: allIds(uid) });
    asked({ op: "set-dumpable", dumpable: true });
  }
  if (footing === "own-user-namespace") {
    asked({ op: "unshare", flags: NAMESPACE_KINDS.user.flag });
    asked({ op: "write", of: first, file: "setgroups", text: "deny" });
    asked({ op: "write", of: first, file: "uid_map", text: `0 ${uid} 1` });
    asked({ op: "write", of: first, file: "gid_map", text: `0 ${gid} 1` });
  }
  if (footing !== "user") asked({ op: "unshare", flags: NAMESPACE_KINDS.mnt.flag });
  return actor;
}
