import { namesIn } from "../render/namespace-name.ts";
import { knownId } from "./caller.ts";
import { HIDDEN, OVERFLOW_ID } from "./ground.ts";
import { idMapsOf } from "./id-maps.ts";
import { inwards } from "./id-ranges.ts";
import { step, type Finding } from "./proof.ts";
import { nothing, type Situation } from "./situation.ts";
import { isOfFirstUser } from "./superblock.ts";

/**
 * Whether the owner and the group of a file, or the owner alone, have numbers in the user namespace of who asks.
 * Source: kernel/capability.c privileged_wrt_inode_uidgid; fs/inode.c inode_owner_or_capable.
 */
export function fileIsMapped(
  { ground, me, target }: Situation,
  { ownerAlone }: { readonly ownerAlone: boolean },
): Finding {
  if (target.aim !== "file") return { ...nothing, verdict: "unknown" };
  const { path: file, facts } = target;
  const unknown = (missing: Finding["missing"]): Finding => ({ ...nothing, verdict: "unknown", missing });
  const looked = ownerAlone ? (["uid"] as const) : (["uid", "gid"] as const);
  const ids = looked.map((which) => ({ which, id: facts === undefined ? HIDDEN : knownId(ground, facts[which]) }));
  if (ids.some(({ id }) => id === HIDDEN)) return unknown([{ what: "file", of: file }]);
  // An id that its file system could not read is shown so too, and counts for nobody.
  if (ids.some(({ id }) => id === OVERFLOW_ID) && !isOfFirstUser(facts?.mount?.fsType ?? "")) {
    return unknown([{ what: "superblock", of: file }]);
  }
  const own = ground.nodes[me.caller.user];
  if (own === undefined) return unknown([{ what: "link", of: `${me.person.process.pid}/user` }]);
  const at = namesIn(ground.index.snapshot)(own);
  const { maps } = idMapsOf(ground.index);
  const pairs = ids.map(({ which, id }) => ({ map: maps[which][me.caller.user], id }));
  if (pairs.some(({ map }) => map === undefined)) return unknown([{ what: "maps", of: at }]);
  const isMapped = pairs.every(({ map, id }) => map !== undefined && inwards(map, id) !== undefined);
  const evidence = [{ read: `stat ${file}`, says: ids.map(({ id }) => id).join(":") }];
  const rule = ownerAlone
    ? isMapped
      ? "file-owner-mapped"
      : "file-owner-unmapped"
    : isMapped
      ? "file-mapped"
      : "file-unmapped";
  return { ...nothing, verdict: isMapped ? "yes" : "no", steps: [step(rule, { file, at }, evidence)] };
}
