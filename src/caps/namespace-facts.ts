import { namesIn } from "../render/namespace-name.ts";
import { parentChain } from "../snapshot/ancestors.ts";
import { HIDDEN, isFirstUser } from "./ground.ts";
import type { IdKind } from "./id-maps.ts";
import type { Situation, Told } from "./situation.ts";
import { inodeOf } from "../abi/ids.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";

const recordOf = ({ target }: Situation) => (target.aim === "namespace" ? target.record : null);
const nodeOf = (situation: Situation): number => {
  const record = recordOf(situation);
  return record === null ? HIDDEN : (situation.ground.numberOf.get(record.id) ?? HIDDEN);
};

/** Whether the process is in the user namespace in question, or right above it: only then its maps can be written. */
export function withinReach(situation: Situation, what: string): Told {
  const { ground, me } = situation;
  const node = nodeOf(situation);
  if (me.caller.user === HIDDEN) {
    return { verdict: "unknown", what, missing: [{ what: "link", of: `${me.person.process.pid}/user` }] };
  }
  if (node === me.caller.user) return { verdict: "yes", what };
  const up = ground.parent[node] ?? HIDDEN;
  if (up === HIDDEN) return { verdict: "unknown", what, missing: [{ what: "parent", of: what }] };
  return { verdict: up === me.caller.user ? "yes" : "no", what };
}

export function notInIt(situation: Situation, what: string): Told {
  const { me } = situation;
  const node = nodeOf(situation);
  if (node === HIDDEN || me.caller.user === HIDDEN) {
    return { verdict: "unknown", what, missing: [{ what: "link", of: `${me.person.process.pid}/user` }] };
  }
  return { verdict: node === me.caller.user ? "no" : "yes", what };
}

/** A map is written once. */
export function mapEmpty(situation: Situation, which: IdKind, what: string): Told {
  const record = recordOf(situation);
  if (record !== null && isFirstUser(record)) return { verdict: "no", what };
  const maps = record?.maps;
  if (maps === undefined || !("value" in maps))
    return { verdict: "unknown", what, missing: [{ what: "maps", of: what }] };
  return { verdict: maps.value[which].length === 0 ? "yes" : "no", what };
}

/** Source: kernel/pid_namespace.c pidns_install: its own active one, or one below. */
export function isPidBelow(situation: Situation, what: string): Told {
  const { ground, me } = situation;
  const record = recordOf(situation);
  const own = me.person.process.namespaces.pid;
  if (own === undefined)
    return { verdict: "unknown", what, missing: [{ what: "link", of: `${me.person.process.pid}/pid` }] };
  if (record === null) return { verdict: "unknown", what, missing: [{ what: "namespace", of: what }] };
  if (record.id === own) return { verdict: "yes", what };
  const chain = parentChain(ground.index, record).namespaces;
  if (chain.some(({ id }) => id === own)) return { verdict: "yes", what };
  const top = chain.at(-1) ?? record;
  if (inodeOf(top.id) === String(NAMESPACE_KINDS.pid.initialInode)) return { verdict: "no", what };
  return { verdict: "unknown", what, missing: [{ what: "parent", of: namesIn(ground.index.snapshot)(top) }] };
}

/** Source: kernel/user_namespace.c userns_may_setgroups. */
export function setgroupsAllowed({ ground, me }: Situation): Told {
  const own = ground.nodes[me.caller.user];
  const what = own === undefined ? "user:[?]" : namesIn(ground.index.snapshot)(own);
  if (own === undefined) {
    return { verdict: "unknown", what, missing: [{ what: "link", of: `${me.person.process.pid}/user` }] };
  }
  if (isFirstUser(own)) return { verdict: "yes", what };
  const maps = own.maps;
  if (maps === undefined || !("value" in maps) || maps.value.setgroups === undefined) {
    return { verdict: "unknown", what, missing: [{ what: "maps", of: what }] };
  }
  const { gid, setgroups } = maps.value;
  return { verdict: gid.length > 0 && setgroups === "allow" ? "yes" : "no", what };
}
