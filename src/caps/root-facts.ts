import { namesIn } from "../render/namespace-name.ts";
import { governorOf, HIDDEN } from "./ground.ts";
import { idMapsOf } from "./id-maps.ts";
import { outwards } from "./id-ranges.ts";
import type { Situation, Told } from "./situation.ts";

/** Root of the machine itself; no capability stands in for it. Source: fs/proc/proc_sysctl.c test_perm. */
export function isMachineRoot({ ground, me }: Situation, what: string): Told {
  const { euid } = me.caller;
  const evidence = [{ read: `${me.folder}/status Uid`, says: String(euid) }];
  if (ground.seesEveryId && euid >= 0) return { verdict: euid === 0 ? "yes" : "no", what, evidence };
  return { verdict: "unknown", what, missing: [{ what: "id", of: me.number }] };
}

/**
 * Root where its own namespace of a kind belongs to: who is uid 0 there. Where nobody is, an ipc namespace has the machine's
 * root, and a pid namespace none. Source: ipc/ipc_sysctl.c ipc_set_ownership; kernel/pid.c pid_table_root_permissions.
 */
export function isRootOfOwner(situation: Situation, kind: "ipc" | "pid", what: string): Told {
  const { ground, me } = situation;
  const id = me.person.process.namespaces[kind];
  const record = id === undefined ? undefined : ground.index.namespaces.get(id);
  const unknown = (missing: NonNullable<Told["missing"]>): Told => ({ verdict: "unknown", what, missing });
  if (record === undefined) return unknown([{ what: "link", of: `${me.person.process.pid}/${kind}` }]);
  const nameOf = namesIn(ground.index.snapshot);
  const owner = governorOf(ground, record);
  const owning = ground.nodes[owner];
  if (owning === undefined) return unknown([{ what: "owner", of: nameOf(record) }]);
  const maps = idMapsOf(ground.index).maps.uid[owner];
  if (maps === undefined) return unknown([{ what: "maps", of: nameOf(owning) }]);
  const root = outwards(maps, 0);
  if (root === undefined) return kind === "ipc" ? isMachineRoot(situation, what) : { verdict: "no", what };
  const { euid } = me.caller;
  if (euid === HIDDEN) return unknown([{ what: "id", of: me.number }]);
  const evidence = [
    { read: `uid_map`, of: nameOf(owning), says: `0 ${root}` },
    { read: `${me.folder}/status Uid`, says: String(euid) },
  ];
  return { verdict: euid === root ? "yes" : "no", what, evidence };
}
