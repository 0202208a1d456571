import { namesIn } from "../render/namespace-name.ts";
import { knownId } from "./caller.ts";
import { HIDDEN, OVERFLOW_ID } from "./ground.ts";
import { idMapsOf } from "./id-maps.ts";
import { inwards } from "./id-ranges.ts";
import { step, type Finding } from "./proof.ts";
import { nothing, type Situation } from "./situation.ts";
import { isOfFirstUser } from "./superblock.ts";

/**
 * Whether the owner and the group of a file have numbers in the user namespace of who asks.
 * Source: kernel/capability.c privileged_wrt_inode_uidgid.
 */
export function fileIsMapped({ ground, me, target }: Situation): Finding {
  if (target.aim !== "file") return { ...nothing, verdict: "unknown" };
  const { path: file, facts } = target;
  const unknown = (missing: Finding["missing"]): Finding => ({ ...nothing, verdict: "unknown", missing });
  const [uid, gid] = [facts?.uid, facts?.gid].map((id) => (id === undefined ? HIDDEN : knownId(ground, id)));
  if (uid === undefined || gid === undefined || uid === HIDDEN || gid === HIDDEN) {
    return unknown([{ what: "file", of: file }]);
  }
  // An id that its file system could not read is shown so too, and counts for nobody.
  if ([uid, gid].includes(OVERFLOW_ID) && !isOfFirstUser(facts?.mount?.fsType ?? "")) {
    return unknown([{ what: "superblock", of: file }]);
  }
  const own = ground.nodes[me.caller.user];
  if (own === undefined) return unknown([{ what: "link", of: `${me.person.process.pid}/user` }]);
  const at = namesIn(ground.index.snapshot)(own);
  const { maps } = idMapsOf(ground.index);
  const [uids, gids] = [maps.uid[me.caller.user], maps.gid[me.caller.user]];
  if (uids === undefined || gids === undefined) return unknown([{ what: "maps", of: at }]);
  const isMapped = inwards(uids, uid) !== undefined && inwards(gids, gid) !== undefined;
  const evidence = [{ read: `stat ${file}`, says: `${uid}:${gid}` }];
  return {
    ...nothing,
    verdict: isMapped ? "yes" : "no",
    steps: [step(isMapped ? "file-mapped" : "file-unmapped", { file, at }, evidence)],
  };
}
