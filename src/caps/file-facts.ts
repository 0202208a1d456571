import { knownId, statusOf } from "./caller.ts";
import { HIDDEN, OVERFLOW_ID } from "./ground.ts";
import type { Situation, Told } from "./situation.ts";
import { isOfFirstUser } from "./superblock.ts";

const OWNER_READS = 0o400;
const GROUP_READS = 0o040;
const GROUP_HAS = 0o070;
const OTHERS_READ = 0o004;

/** Whether the file is the process's own, by its file system uid. */
export function ownsFile({ ground, me, target }: Situation, what: string): Told {
  const status = statusOf(me.person);
  const owner = target.aim === "file" && target.facts !== undefined ? knownId(ground, target.facts.uid) : HIDDEN;
  if (status === undefined) return { verdict: "unknown", what, missing: [{ what: "status", of: me.number }] };
  if (owner === HIDDEN) return { verdict: "unknown", what, missing: [{ what: "file", of: what }] };
  // An id that its file system could not read is shown so too, and is nobody's.
  if (owner === OVERFLOW_ID && target.aim === "file" && !isOfFirstUser(target.facts?.mount?.fsType ?? "")) {
    return { verdict: "unknown", what, missing: [{ what: "superblock", of: what }] };
  }
  const own = knownId(ground, status.uid.fs);
  if (own === HIDDEN) return { verdict: "unknown", what, missing: [{ what: "id", of: me.number }] };
  const evidence = [
    { read: `stat ${what}`, says: String(owner) },
    { read: `${me.folder}/status Uid`, says: String(own) },
  ];
  return { verdict: owner === own ? "yes" : "no", what, evidence };
}

/**
 * The owner's bits count for the owner alone. For everybody else an access control list may say otherwise; but where the group
 * has nothing, which is the mask of such a list, it gives nobody anything. Source: fs/namei.c acl_permission_check.
 */
export function fileModeAllows(situation: Situation, what: string): Told {
  const owns = ownsFile(situation, what);
  const { target } = situation;
  if (owns.verdict === "unknown" || target.aim !== "file" || target.facts === undefined) return owns;
  const { mode, uid, gid } = target.facts;
  const evidence = [{ read: `stat ${what}`, says: `${mode.toString(8).padStart(4, "0")} ${uid}:${gid}` }];
  if (owns.verdict === "yes") return { verdict: (mode & OWNER_READS) === 0 ? "no" : "yes", what, evidence };
  const isMember = inGroupOf(situation, target.facts.gid);
  if (isMember === undefined) return { verdict: "unknown", what, missing: [{ what: "file", of: what }] };
  const bit = isMember ? GROUP_READS : OTHERS_READ;
  if ((mode & bit) !== 0) return { verdict: "yes", what, evidence, assumed: [{ what: "acl", of: what }] };
  if ((mode & GROUP_HAS) === 0) return { verdict: "no", what, evidence };
  return { verdict: "unknown", what, missing: [{ what: "acl", of: what }] };
}

/** Whether its file system gid or a supplementary one is the file's; undefined: ids without a number for the viewer. */
function inGroupOf({ ground, me }: Situation, gid: number): boolean | undefined {
  const status = statusOf(me.person);
  const wanted = knownId(ground, gid);
  if (status === undefined || wanted === HIDDEN) return undefined;
  const own = [status.gid.fs, ...status.groups].map((one) => knownId(ground, one));
  // A group of its own that has no number here is not the file's, which has one.
  return own.includes(wanted);
}
