import { knownId, statusOf } from "./caller.ts";
import { HIDDEN } from "./ground.ts";
import type { Situation, Told } from "./situation.ts";

const OWNER_READS = 0o400;

/** Whether the file is the process's own, by its file system uid. */
export function ownsFile({ ground, me, target }: Situation, what: string): Told {
  const status = statusOf(me.person);
  const owner = target.aim === "file" && target.facts !== undefined ? knownId(ground, target.facts.uid) : HIDDEN;
  if (status === undefined) return { verdict: "unknown", what, missing: [{ what: "status", of: me.number }] };
  if (owner === HIDDEN) return { verdict: "unknown", what, missing: [{ what: "file", of: what }] };
  const own = knownId(ground, status.uid.fs);
  if (own === HIDDEN) return { verdict: "unknown", what, missing: [{ what: "id", of: me.number }] };
  const evidence = [
    { read: `stat ${what}`, says: String(owner) },
    { read: `${me.folder}/status Uid`, says: String(own) },
  ];
  return { verdict: owner === own ? "yes" : "no", what, evidence };
}

/** The owner's bits count for the owner alone; for everybody else an access control list may say otherwise. */
export function fileModeAllows(situation: Situation, what: string): Told {
  const owns = ownsFile(situation, what);
  const { target } = situation;
  if (owns.verdict === "unknown" || target.aim !== "file" || target.facts === undefined) return owns;
  if (owns.verdict === "no") return { verdict: "unknown", what, missing: [{ what: "acl", of: what }] };
  const evidence = [{ read: `stat ${what}`, says: target.facts.mode.toString(8) }];
  return { verdict: (target.facts.mode & OWNER_READS) === 0 ? "no" : "yes", what, evidence };
}
