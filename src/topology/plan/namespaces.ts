import { KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { allIds, type TaskName } from "../../kernel/call.ts";
import { formatIdMap, type IdExtent } from "../../procfs/id-map.ts";
import type { UserNode } from "../nodes.ts";
import type { Reference } from "../reference.ts";
import type { NamespaceNode } from "../topology.ts";
import { type Crew, RESTORER } from "./crew.ts";
import { AMBIENT_USER } from "./index-topology.ts";
import { isBoundInOthers, laterThan } from "./bound-mounts.ts";
import { programFor } from "./map-writer.ts";
import { settingsOf } from "./settings.ts";

/**
 * User namespaces, owners first, and all else that has an owner but pid namespaces. Who makes a user namespace has its
 * creator's uid, and then makes what it owns; whoever forked it stays behind and writes the maps.
 */
export function planNamespaces(crew: Crew): void {
  const flat = flatOf(crew, AMBIENT_USER);
  if (flat.length > 0) {
    const by = crew.helper(RESTORER, "maker");
    planFlat(crew, by, flat);
    crew.leaves(by, RESTORER);
  }
  planChildren(crew, AMBIENT_USER, RESTORER);
}

function planChildren(crew: Crew, parent: Reference, by: TaskName): void {
  for (const node of crew.index.ownedBy(parent)) {
    if (node.kind === "user") planUser(crew, node, by);
  }
}

function planUser(crew: Crew, node: UserNode, parent: TaskName): void {
  const { label } = node;
  const maker = crew.helper(parent, "maker", label);
  becomeCreator(crew, node, maker);
  crew.does(maker, { do: "unshare", kinds: ["user"] }, label);
  crew.does(maker, { do: "keep", link: "user", as: label }, label);
  const write = (file: "uid_map" | "gid_map" | "projid_map", map: readonly IdExtent[] | undefined): void => {
    if (map === undefined) return;
    // Whoever made the user namespaces above has every capability in them.
    const through = parent === RESTORER ? programFor(crew.restorer, file, map) : undefined;
    const deed = { do: "map", of: maker, file, text: mapText(map) } as const;
    crew.does(parent, { ...deed, ...(through !== undefined && { through }) }, label);
  };
  // After gid_map it would be too late.
  if (node.setgroups === "deny") crew.does(parent, { do: "map", of: maker, file: "setgroups", text: "deny" }, label);
  write("uid_map", node.uidMap);
  write("gid_map", node.gidMap);
  write("projid_map", node.projidMap);
  planChildren(crew, label, maker);
  const flat = flatOf(crew, label);
  becomeRoot(crew, maker, flat, label);
  planFlat(crew, maker, flat);
  crew.leaves(maker, parent, label);
}

/** As short as can be: a map's text is limited to a page. */
const mapText = (map: readonly IdExtent[]): string => formatIdMap(map).replaceAll(/^ +| +(?= )/gm, "");

/** The creator's uid pays for the namespace and owns it for good. */
function becomeCreator(crew: Crew, node: UserNode, maker: TaskName): void {
  const { uid } = node.creator;
  const own = crew.restorer.credentials;
  const parent = crew.index.user(node.owner);
  if (parent === undefined && own.uid.effective === uid) return;
  const gid = parent === undefined ? undefined : someId(parent.gidMap, uid);
  if (gid !== undefined) crew.does(maker, credentials({ op: "setresgid", ids: allIds(gid) }), node.label);
  crew.does(maker, credentials({ op: "setresuid", ids: allIds(uid) }), node.label);
  // Else its files under /proc are root's, whom its user namespace may not have.
  crew.does(maker, credentials({ op: "set-dumpable", dumpable: true }), node.label);
}
const credentials = <C>(call: C): { readonly do: "credentials"; readonly call: C } => ({ do: "credentials", call });

/** A user namespace is made only by somebody whose gid it has too; which one shows nowhere. */
function someId(map: readonly IdExtent[] = [], wished: number): number | undefined {
  const has = map.some(({ inside, count }) => wished >= inside && wished - inside < count);
  return has ? wished : map[0]?.inside;
}

/** What is set below /proc/sys is the owner's root's to set, who need not be its creator. */
function becomeRoot(crew: Crew, by: TaskName, nodes: readonly NamespaceNode[], owner: Reference): void {
  const user = crew.index.user(owner);
  const isSet = nodes.some((node) => "sysctls" in node && Object.keys(node.sysctls).length > 0);
  if (!isSet || user === undefined || someId(user.uidMap, 0) !== 0) return;
  if (someId(user.gidMap, 0) === 0) crew.does(by, credentials({ op: "setresgid", ids: allIds(0) }), owner);
  crew.does(by, credentials({ op: "setresuid", ids: allIds(0) }), owner);
  crew.does(by, credentials({ op: "set-dumpable", dumpable: true }), owner);
}

/**
 * What a maker makes: a pid namespace needs a member of its parent, what somebody has for its children that somebody, and a
 * mount namespace that is bound in others those others before.
 */
const flatOf = (crew: Crew, owner: Reference): readonly NamespaceNode[] =>
  crew.index
    .ownedBy(owner)
    .filter(({ kind, label }) => kind !== "user" && kind !== "pid" && !crew.index.pendingTime.has(label))
    .filter(({ label }) => !isBoundInOthers(crew, label));

/** One call makes as many as there are kinds. */
function planFlat(crew: Crew, by: TaskName, nodes: readonly NamespaceNode[]): void {
  const rounds: Partial<Record<NamespaceKind, NamespaceNode>>[] = [];
  const made: Partial<Record<NamespaceKind, number>> = {};
  for (const node of nodes) {
    const round = (made[node.kind] = (made[node.kind] ?? -1) + 1);
    (rounds[round] ??= {})[node.kind] = node;
  }
  for (const round of rounds) {
    const kinds = KINDS.filter((kind) => round[kind] !== undefined);
    const { cgroup } = round;
    if (cgroup?.kind === "cgroup" && cgroup.root !== undefined) {
      crew.does(RESTORER, { do: "cgroup", of: by, path: cgroup.root }, cgroup.label);
    }
    const later = laterThan(crew, round.mnt?.label);
    crew.does(by, { do: "unshare", kinds, ...later }, round[kinds[0] ?? "uts"]?.label);
    for (const kind of kinds) {
      const node = round[kind];
      if (node === undefined) continue;
      for (const deed of settingsOf(node)) crew.does(by, deed, node.label);
      crew.does(by, { do: "keep", link: kind === "time" ? "time_for_children" : kind, as: node.label }, node.label);
    }
  }
}
