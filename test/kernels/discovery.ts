import { inodeOf, type NamespaceId } from "../../src/abi/ids.ts";
import { KINDS } from "../../src/abi/namespace-kinds.ts";
import { discover } from "../../src/discover/discover.ts";
import { discoverListed } from "../../src/discover/listing.ts";
import { Registry } from "../../src/discover/registry.ts";
import type { LiveActor } from "../../src/kernel/live/actor.ts";
import type { Native } from "../../src/kernel/live/native.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import { hasChange } from "../../src/rules/kernel-changes.ts";
import { holdersOf } from "../../src/snapshot/holders.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import type { NamespaceRecord, Snapshot } from "../../src/snapshot/types.ts";
import { counted } from "./count-calls.ts";
import { holdEach, holdInFlight, type Held } from "./holding.ts";

/** What discovery finds on a guest's kernel, and should. */
export interface Check {
  readonly id: string;
  readonly says: string;
  readonly should: string;
}

/** System calls that reading one namespace may take, on average. */
const MOST_CALLS = 8;
const ORDINARY = 1000;

/** Holders of each kind are made for real; then the kernel's own list is read, and what came of it is compared with them. */
export async function checkDiscovery(native: Native, actor: LiveActor, release: string): Promise<readonly Check[]> {
  const each = holdEach(actor);
  using inFlight = holdInFlight(native);
  const held = [...each, inFlight];
  if (!hasChange(release, "namespaces-are-listed")) return [await olderKernel(native)];
  return [...byTheListAlone(native, held), ...(await asRoot(native, { each, inFlight })), await asOrdinary(native)];
}

const look = async (native: Native): Promise<Snapshot> => {
  const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date() };
  const seen = await discover(new LiveObserver(native), {}, stamp);
  if (!seen.ok) throw new Error(seen.errno);
  return seen.value;
};
const rowOf = ({ coverage }: Snapshot): string => {
  const row = coverage.find(({ source }) => source === "listing");
  return JSON.stringify({ refused: row?.refused, unsupported: row?.unsupported, notes: row?.notes });
};

async function olderKernel(native: Native): Promise<Check> {
  return {
    id: "discovery: no list before Linux 6.19",
    says: rowOf(await look(native)),
    should: JSON.stringify({ refused: {}, unsupported: { errno: "ENOSYS", since: "6.19" } }),
  };
}

/** No file of /proc is opened, and few calls are made. */
function byTheListAlone(native: Native, held: readonly Held[]): Check[] {
  const { result, calls, paths } = counted(native, (watched) => {
    const registry = new Registry(new Date());
    const tally = discoverListed(new LiveObserver(watched), registry, {});
    return { records: registry.records, row: tally.row };
  });
  const { records, row } = result;
  return [
    ...held.map((one) => ({
      id: `discovery: the list alone finds what is kept by ${one.by} (${one.kind})`,
      says: found(records, one),
      should: expected(one),
    })),
    {
      id: "discovery: the list has all kinds, and nothing of it is refused",
      says: `${new Set(records.map(({ kind }) => kind)).size} ${JSON.stringify(row.refused)} ${row.vanished}`,
      should: `${KINDS.length} {} 0`,
    },
    {
      id: "discovery: the list is read without a file of a process",
      says: paths.filter((path) => /^\/proc\/\d/.test(path)).join(" "),
      should: "",
    },
    {
      id: `discovery: the list takes at most ${MOST_CALLS} system calls a namespace`,
      says: calls <= MOST_CALLS * records.length ? "yes" : `${calls} for ${records.length}`,
      should: "yes",
    },
  ];
}

const found = (records: readonly NamespaceRecord[], { kind, inode }: Held): string => {
  const record = records.find((one) => one.kind === kind && inodeOf(one.id) === inode);
  if (record === undefined) return "not there";
  const owner = "to" in record.owner ? inodeOf(record.owner.to) : record.owner.refused;
  const isOutermost = owner === OUTERMOST;
  return `listed ${record.listed} owner ${isOutermost ? "outermost" : owner}`;
};
const OUTERMOST = "4026531837";
const expected = ({ owner = "outermost" }: Held): string => `listed true owner ${owner}`;

async function asRoot(
  native: Native,
  { each, inFlight }: { each: readonly Held[]; inFlight: Held },
): Promise<readonly Check[]> {
  const index = indexSnapshot(await look(native));
  const idOf = ({ kind, inode }: Held): NamespaceId | undefined =>
    index.snapshot.namespaces.find((one) => one.kind === kind && inodeOf(one.id) === inode)?.id;
  const holders = (held: Held): string => {
    const id = idOf(held);
    return id === undefined ? "not there" : [...new Set(holdersOf(index, id).map(({ kind }) => kind))].join(" ");
  };
  return [
    {
      id: "discovery: root is told that the list is whole",
      says: rowOf(index.snapshot),
      should: JSON.stringify({ refused: {} }),
    },
    {
      id: "discovery: everything seen is listed",
      says: index.snapshot.namespaces
        .filter(({ listed }) => listed !== true)
        .map(({ id, kind }) => `${kind} ${id}`)
        .join(", "),
      should: "",
    },
    {
      id: "discovery: what is in flight is listed, and nobody visible holds it",
      says: holders(inFlight),
      should: "",
    },
    ...each.map((one) => ({
      id: `discovery: what the list shows is explained by ${one.by} (${one.kind}${one.owner === undefined ? "" : ", owned"})`,
      says: holders(one) === "" || holders(one) === "not there" ? "nobody" : "explained",
      should: "explained",
    })),
  ];
}

async function asOrdinary(native: Native): Promise<Check> {
  process.setegid?.(ORDINARY);
  process.seteuid?.(ORDINARY);
  try {
    const seen = await look(native);
    const own = new Set(Object.values(seen.viewpoint.namespaces));
    const foreign = seen.namespaces.filter(({ id, listed }) => listed === true && !own.has(id));
    return {
      id: "discovery: an ordinary user is shown its own, and told that there may be more",
      says: `${rowOf(seen)} ${foreign.length}`,
      should: `${JSON.stringify({ refused: {}, notes: ["namespaces-not-listed"] })} 0`,
    };
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}
