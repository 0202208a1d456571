import { ALL_CAPABILITIES } from "../abi/capabilities.ts";
import type { NamespaceId } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import { can, type CanAnswer } from "./can.ts";
import { whoOf, type AskedWho } from "./caps-over.ts";
import type { Person } from "./caller.ts";
import { governorOf, groundOf, HIDDEN, type Ground } from "./ground.ts";
import type { Verdict } from "./power.ts";
import type { AssumedFact, MissingFact, ProofStep } from "./proof.ts";

/** One setns(2). */
export interface Entry {
  readonly namespace: NamespaceId;
  readonly kind: NamespaceKind;
  readonly verdict: Verdict;
  readonly steps: readonly ProofStep[];
  readonly missing: readonly MissingFact[];
  readonly assumed: readonly AssumedFact[];
}

/** A change that would make a refused call succeed, the nearest first. */
export type NearestChange =
  /** It has to be entered first: that gives every capability in it. */
  | { readonly change: "enter-first"; readonly user: NamespaceId }
  | { readonly change: "capability"; readonly user: NamespaceId }
  /** Whoever has this effective uid in that user namespace owns what governs it. */
  | { readonly change: "as-owner"; readonly uid: number; readonly user: NamespaceId };

export interface EnterAnswer {
  readonly who: AskedWho;
  /** yes: all of them, in this order. */
  readonly verdict: Verdict;
  /** In the order in which to join them; those that cannot be joined last. */
  readonly order: readonly Entry[];
  /** For the first that is refused. */
  readonly changes: readonly NearestChange[];
}

/**
 * Whether a process may join namespaces by setns(2), one by one, and in which order: whatever it may join where it is
 * comes before a user namespace, for entering that gives every capability in it and takes all others away. Undefined: one
 * of them was not seen.
 */
export function canEnter(
  index: SnapshotIndex,
  person: Person,
  targets: readonly NamespaceId[],
): EnterAnswer | undefined {
  const records = targets.map((id) => index.namespaces.get(id));
  if (!records.every((record) => record !== undefined)) return undefined;
  const ground = groundOf(index);
  const users = records.filter(({ kind }) => kind === "user").sort((a, b) => depthOf(ground, a) - depthOf(ground, b));
  let left = records.filter(({ kind }) => kind !== "user");
  let at = person;
  const order: Entry[] = [];
  for (let nth = 0; ; nth++) {
    const now = left.map((record) => ({ record, entry: entryOf(index, { at, isHere: at === person }, record) }));
    const open = now.filter(({ entry }) => entry.verdict === "yes");
    order.push(...open.map(({ entry }) => entry));
    left = now.filter(({ entry }) => entry.verdict !== "yes").map(({ record }) => record);
    const user = users[nth];
    if (user === undefined) {
      const refused = now.filter(({ entry }) => entry.verdict !== "yes");
      order.push(...refused.map(({ entry }) => entry));
      break;
    }
    const entry = entryOf(index, { at, isHere: at === person }, user);
    order.push(entry);
    // Where that is not certain, neither is what follows: the others are judged from where it is.
    if (entry.verdict === "yes") at = inside(at, user.id);
  }
  const verdict = order.some((one) => one.verdict === "no")
    ? "no"
    : order.some((one) => one.verdict === "unknown")
      ? "unknown"
      : "yes";
  const failed = order.find((one) => one.verdict === "no");
  const record = failed === undefined ? undefined : index.namespaces.get(failed.namespace);
  const changes = record === undefined ? [] : nearestChanges(index, person, { record, at });
  return { who: whoOf(ground, person), verdict, order, changes };
}

const depthOf = ({ depth, numberOf }: Ground, { id }: NamespaceRecord): number =>
  depth[numberOf.get(id) ?? HIDDEN] ?? 0;

function entryOf(
  index: SnapshotIndex,
  { at, isHere }: { readonly at: Person; readonly isHere: boolean },
  { id, kind }: NamespaceRecord,
): Entry {
  const answer = can(index, at, { operation: `setns-${kind}`, resource: { namespace: id } });
  if (answer === undefined || "wanted" in answer) throw new TypeError(`setns-${kind} takes a namespace`);
  const { verdict, missing, assumed } = answer;
  return { namespace: id, kind, verdict, steps: isHere ? answer.steps : hypothetical(answer), missing, assumed };
}

/** What it will be after joining was not read anywhere; what the kernel said of namespaces was. */
const hypothetical = ({ steps }: CanAnswer): readonly ProofStep[] =>
  steps.map((one) => ({ ...one, evidence: one.evidence.filter(({ read }) => read.startsWith("ioctl ")) }));

/** The same process after it has joined a user namespace: every capability in it, and the ids that it had. */
function inside({ process, thread }: Person, user: NamespaceId): Person {
  const all = ALL_CAPABILITIES.toString(16).padStart(16, "0");
  const { status } = process;
  const sets = status && { ...status.capabilities, effective: all, permitted: all };
  return {
    process: {
      ...process,
      namespaces: { ...process.namespaces, user },
      ...(status !== undefined && sets !== undefined && { status: { ...status, capabilities: sets } }),
    },
    ...(thread !== undefined && { thread }),
  };
}

/** What would help, each tried before it is said. */
function nearestChanges(
  index: SnapshotIndex,
  person: Person,
  { record, at }: { readonly record: NamespaceRecord; readonly at: Person },
): readonly NearestChange[] {
  const ground = groundOf(index);
  const node = governorOf(ground, record);
  const governor = ground.nodes[node];
  if (governor === undefined) return [];
  const helps = (one: Person): boolean => entryOf(index, { at: one, isHere: false }, record).verdict === "yes";
  const changes: NearestChange[] = [];
  const entering = record.kind === "user" ? undefined : entryOf(index, { at, isHere: false }, governor);
  if (entering?.verdict === "yes" && helps(inside(at, governor.id))) {
    changes.push({ change: "enter-first", user: governor.id });
  }
  if (record.kind !== "user" && helps(inside(person, governor.id))) {
    changes.push({ change: "capability", user: governor.id });
  }
  const parent = ground.nodes[ground.parent[node] ?? HIDDEN];
  if (parent === undefined) return changes;
  if (record.kind === "user" && helps(inside(person, parent.id))) {
    changes.push({ change: "capability", user: parent.id });
  }
  const uid = ground.creator[node] ?? HIDDEN;
  if (record.kind === "user" && uid >= 0) changes.push({ change: "as-owner", uid, user: parent.id });
  return changes;
}
