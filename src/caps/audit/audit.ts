import { CAPABILITIES, hasCap, type Capability } from "../../abi/capabilities.ts";
import type { NamespaceId } from "../../abi/ids.ts";
import type { AuditRule } from "../../messages/audit.ts";
import { namesIn } from "../../render/namespace-name.ts";
import { gapsForAll, type Gap } from "../../snapshot/gaps.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import { isKernels } from "../../snapshot/initial.ts";
import { emptyNamespaces } from "../../snapshot/leaks.ts";
import { callerOf } from "../caller.ts";
import { groundOf, HIDDEN, TOP } from "../ground.ts";
import { idOverlaps } from "../overlaps.ts";
import { peopleOf } from "../people.ts";
import type { Evidence, MissingFact } from "../proof.ts";
import { containersOf } from "./containers.ts";
import { push } from "../../snapshot/push.ts";

/** error: whoever is in there has the machine; warning: a wall is missing; note: worth knowing. */
export type Severity = "error" | "warning" | "note";

export interface AuditFinding {
  readonly rule: AuditRule;
  readonly severity: Severity;
  /** What goes into the sentence. */
  readonly inputs: Readonly<Record<"container" | "namespace" | "list", string>>;
  readonly namespace: NamespaceId | null;
  readonly pids: readonly number[];
  readonly evidence: readonly Evidence[];
}

export interface AuditAnswer {
  /** The gravest first. */
  readonly findings: readonly AuditFinding[];
  /** Evidence about containers that is missing: there may be more to find. */
  readonly missing: readonly MissingFact[];
  readonly gaps: readonly Gap[];
}

/** With one of these over the machine's first user namespace the rest can be had. */
const GRAVE: ReadonlySet<Capability> = new Set<Capability>([
  "CAP_SYS_ADMIN",
  "CAP_SYS_MODULE",
  "CAP_SYS_RAWIO",
  "CAP_SYS_PTRACE",
  "CAP_SYS_BOOT",
  "CAP_DAC_READ_SEARCH",
  "CAP_BPF",
  "CAP_PERFMON",
  "CAP_MAC_ADMIN",
]);

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** What is amiss with the walls between containers and their machine. Pure; each list of the snapshot is gone through once. */
export function audit(index: SnapshotIndex): AuditAnswer {
  const missing: MissingFact[] = [];
  const findings = [
    ...capableContainers(index, missing),
    ...hostNamespaces(index, missing),
    ...sharedIds(index),
    ...loosenedGroups(index),
    ...takenOver(index),
    ...keptByNobody(index),
  ];
  findings.sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  return { findings, missing, gaps: gapsForAll(index.snapshot) };
}

function* hostNamespaces(index: SnapshotIndex, missing: MissingFact[]): Generator<AuditFinding> {
  const nameOf = namesIn(index.snapshot);
  for (const { name, processes } of containersOf(index).values()) {
    for (const kind of ["net", "pid", "ipc"] as const) {
      const byNamespace = new Map<NamespaceId, number[]>();
      for (const { pid, namespaces } of processes) {
        const id = namespaces[kind];
        if (id === undefined) missing.push({ what: "link", of: `${pid}/${kind}` });
        else if (byNamespace.has(id)) byNamespace.get(id)?.push(pid);
        else byNamespace.set(id, [pid]);
      }
      for (const [id, pids] of byNamespace) {
        const record = index.namespaces.get(id);
        if (record === undefined || !isKernels(index, record)) continue;
        const namespace = nameOf(record);
        const evidence = [{ read: `/proc/${pids[0]}/ns/${kind}`, says: namespace }];
        const inputs = { container: name, namespace, list: kind };
        yield { rule: "host-namespace", severity: "warning", inputs, namespace: id, pids, evidence };
      }
    }
  }
}

function* capableContainers(index: SnapshotIndex, missing: MissingFact[]): Generator<AuditFinding> {
  const ground = groundOf(index);
  for (const { name, processes } of containersOf(index).values()) {
    const bySet = new Map<string, number[]>();
    for (const process of processes) {
      const { user, effective } = callerOf(ground, { process });
      if (user === HIDDEN) missing.push({ what: "link", of: `${process.pid}/user` });
      else if (ground.parent[user] !== TOP) continue;
      else if (effective === undefined) missing.push({ what: "status", of: String(process.pid) });
      else if (effective !== 0n) {
        const set = effective.toString(16).padStart(16, "0");
        push(bySet, set, process.pid);
      }
    }
    const first = ground.nodes[ground.parent.indexOf(TOP)];
    for (const [set, pids] of bySet) {
      const has = CAPABILITIES.filter((one) => hasCap(BigInt(`0x${set}`), one));
      const grave = has.filter((one) => GRAVE.has(one));
      const list = (grave.length > 0 ? grave : has).join(", ");
      const severity = grave.length > 0 ? "error" : "note";
      const namespace = first === undefined ? "" : namesIn(index.snapshot)(first);
      const evidence = [
        { read: `/proc/${pids[0]}/ns/user`, says: namespace },
        { read: `/proc/${pids[0]}/status CapEff`, says: set },
      ];
      const inputs = { container: name, namespace, list };
      yield { rule: "capable", severity, inputs, namespace: first?.id ?? null, pids, evidence };
    }
  }
}

/** By user namespace: the containers whose processes are in it. */
function containersByUser(index: SnapshotIndex): ReadonlyMap<NamespaceId, ReadonlySet<string>> {
  const byUser = new Map<NamespaceId, Set<string>>();
  for (const { name, processes } of containersOf(index).values()) {
    for (const { namespaces } of processes) {
      if (namespaces.user === undefined) continue;
      const names = byUser.get(namespaces.user);
      if (names === undefined) byUser.set(namespaces.user, new Set([name]));
      else names.add(name);
    }
  }
  return byUser;
}

/** Sandboxes of one user share its id on purpose; containers that were given ranges should not. */
function* sharedIds(index: SnapshotIndex): Generator<AuditFinding> {
  const byUser = containersByUser(index);
  const nameOf = namesIn(index.snapshot);
  for (const { which, first, count, namespaces } of idOverlaps(index).overlaps) {
    const names = new Set(namespaces.flatMap((id) => [...(byUser.get(id) ?? [])]));
    const [namespace] = namespaces;
    if (names.size < 2 || namespace === undefined) continue;
    const users = namespaces.map((id) => nameOf({ id, kind: "user" })).join(", ");
    const ids = `${which} ${first}${count === 1 ? "" : `-${first + count - 1}`}`;
    const evidence = namespaces.map((id) => ({ read: `${which}_map`, of: nameOf({ id, kind: "user" }), says: ids }));
    const inputs = { container: [...names].join(", "), namespace: users, list: ids };
    yield { rule: "shared-ids", severity: "warning", inputs, namespace, pids: [], evidence };
  }
}

/** One id alone is what its owner may map without privilege, and then only where setgroups is denied: since Linux 3.19. */
function* loosenedGroups(index: SnapshotIndex): Generator<AuditFinding> {
  const nameOf = namesIn(index.snapshot);
  for (const record of index.snapshot.namespaces) {
    const { kind, maps, creatorUid } = record;
    if (kind !== "user" || maps === undefined || !("value" in maps)) continue;
    const { gid, setgroups, readFrom } = maps.value;
    const byUser = creatorUid !== undefined && "value" in creatorUid && creatorUid.value !== 0;
    if (!byUser || setgroups !== "allow" || gid.length !== 1 || gid[0]?.count !== 1) continue;
    const namespace = nameOf(record);
    const evidence = [
      { read: `/proc/${readFrom}/setgroups`, says: setgroups },
      { read: "ioctl NS_GET_OWNER_UID", of: namespace, says: String(creatorUid.value) },
    ];
    const inputs = { container: "", namespace, list: String(creatorUid.value) };
    yield { rule: "setgroups", severity: "warning", inputs, namespace: record.id, pids: [], evidence };
  }
}

/** A container's user namespace belongs to a user that has processes beside it: each of them may enter it. */
function* takenOver(index: SnapshotIndex): Generator<AuditFinding> {
  const ground = groundOf(index);
  const people = peopleOf(index);
  const nameOf = namesIn(index.snapshot);
  for (const [id, names] of containersByUser(index)) {
    const record = index.namespaces.get(id);
    const node = ground.numberOf.get(id);
    if (record === undefined || node === undefined) continue;
    const uid = ground.creator[node] ?? HIDDEN;
    // Root of the parent has every capability there anyway.
    if (uid <= 0) continue;
    const owners = people.get(ground.parent[node] ?? HIDDEN)?.byUid.get(uid) ?? [];
    const pids = owners.flatMap(({ processes }) => processes.map(({ pid }) => pid)).sort((a, b) => a - b);
    if (pids.length === 0) continue;
    const namespace = nameOf(record);
    const evidence = [{ read: "ioctl NS_GET_OWNER_UID", of: namespace, says: String(uid) }];
    const inputs = { container: [...names].join(", "), namespace, list: String(uid) };
    yield { rule: "owner", severity: "note", inputs, namespace: id, pids, evidence };
  }
}

function* keptByNobody(index: SnapshotIndex): Generator<AuditFinding> {
  const nameOf = namesIn(index.snapshot);
  for (const { namespace: record, state, holders } of emptyNamespaces(index)) {
    // A descriptor is somebody's: a process keeps it on purpose.
    if (state !== "leaked" || holders.some(({ kind }) => SOMEBODYS.has(kind))) continue;
    const namespace = nameOf(record);
    const inputs = { container: "", namespace, list: holders[0]?.kind ?? "" };
    yield { rule: "kept-by-nobody", severity: "note", inputs, namespace: record.id, pids: [], evidence: [] };
  }
}
const SOMEBODYS: ReadonlySet<string> = new Set(["descriptor", "socket", "pidfd", "for-children"]);
