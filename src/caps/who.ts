import type { Capability } from "../abi/capabilities.ts";
import type { NamespaceId } from "../abi/ids.ts";
import { gapsForAll, type Gap } from "../snapshot/gaps.ts";
import { groupBy } from "../render/group.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { governorOf, groundOf, HIDDEN } from "./ground.ts";
import { CapabilityHolders, type HoldReason } from "./holders-of.ts";
import type { Alike } from "./people.ts";
import { once } from "../snapshot/once.ts";

/** Processes of the same name, in the same user namespace, with the same effective uid. */
export interface NamedHolders {
  readonly name: string;
  /** The user namespace they are in; null: not seen. */
  readonly user: NamespaceId | null;
  /** Effective, in the viewer's numbers; null: not seen, or it has none there. */
  readonly uid: number | null;
  readonly pids: readonly number[];
}

export interface ReasonedHolders extends NamedHolders {
  readonly reason: HoldReason;
  /** As owners: of which user namespace. */
  readonly owns?: NamespaceId;
}

/** Every process that has a capability over a namespace. */
export interface WhoAnswer {
  readonly capability: Capability;
  readonly namespace: NamespaceId;
  /** The user namespace in which it counts; null: not shown. */
  readonly governor: NamespaceId | null;
  /** Those who have it, the nearest first, and within a reason by name. */
  readonly holders: readonly ReasonedHolders[];
  /** Those who may have it: evidence about them is missing. */
  readonly unknown: readonly NamedHolders[];
  /** Where processes may be that were not seen at all. */
  readonly gaps: readonly Gap[];
}

const holdersIn = once<SnapshotIndex, Map<Capability, CapabilityHolders>>(() => new Map());

/** For a capability, made once for a snapshot: whoever asks about all namespaces asks each pair once. */
export function holdersOf(index: SnapshotIndex, capability: Capability): CapabilityHolders {
  const byCapability = holdersIn(index);
  const holders = byCapability.get(capability) ?? new CapabilityHolders(index, capability);
  byCapability.set(capability, holders);
  return holders;
}

/**
 * The processes that have a capability over what a namespace governs, grouped by name and by why they have it. A process
 * stands for its first thread; who has ended is not there. Undefined: of that namespace no record was seen.
 */
export function who(index: SnapshotIndex, capability: Capability, namespace: NamespaceId): WhoAnswer | undefined {
  const record = index.namespaces.get(namespace);
  if (record === undefined) return undefined;
  const ground = groundOf(index);
  const node = governorOf(ground, record);
  const { groups, unknown } = holdersOf(index, capability).over(node);
  return {
    capability,
    namespace,
    governor: ground.nodes[node]?.id ?? null,
    holders: groups.flatMap(({ reason, owned, people }) => {
      const owns = owned === undefined ? undefined : ground.nodes[owned]?.id;
      return byName(people).map((holders) => ({ reason, ...(owns !== undefined && { owns }), ...holders }));
    }),
    unknown: byName(unknown),
    gaps: gapsForAll(index.snapshot).filter(({ source }) => source === "processes"),
  };
}

function byName(people: readonly Alike[]): NamedHolders[] {
  const each = people.flatMap(({ caller, processes }) => processes.map((process) => ({ caller, process })));
  const groups = groupBy(each, ({ caller, process }) => `${caller.user} ${caller.euid} ${process.comm}`);
  const named = [...groups.values()].flatMap((group): NamedHolders[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { caller, process } = first;
    return [
      {
        name: process.comm,
        user: caller.userId ?? null,
        uid: caller.euid === HIDDEN ? null : caller.euid,
        pids: group.map((one) => one.process.pid).sort((a, b) => a - b),
      },
    ];
  });
  return named.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : (a.pids[0] ?? 0) - (b.pids[0] ?? 0)));
}
