import type { NamespaceId } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import { can, type CanAnswer } from "./can.ts";
import { whoOf, type AskedWho } from "./caps-over.ts";
import type { Person } from "./caller.ts";
import { groundOf, HIDDEN, type Ground } from "./ground.ts";
import { inside } from "./if-only.ts";
import { nearestChanges, type NearestChange } from "./nearest-changes.ts";
import type { Verdict } from "./power.ts";
import type { Finding, ProofStep } from "./proof.ts";

/** One setns(2). */
export interface Entry extends Finding {
  readonly namespace: NamespaceId;
  readonly kind: NamespaceKind;
}

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
  const changes =
    record === undefined
      ? []
      : nearestChanges(ground, person, {
          record,
          at,
          joins: (one, asked) => entryOf(index, { at: one, isHere: false }, asked).verdict === "yes",
        });
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
