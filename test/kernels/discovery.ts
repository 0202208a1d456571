import { inodeOf } from "../../src/abi/ids.ts";
import { KINDS } from "../../src/abi/namespace-kinds.ts";
import { discover } from "../../src/discover/discover.ts";
import { discoverListed } from "../../src/discover/listing.ts";
import { Registry } from "../../src/discover/registry.ts";
import type { Native } from "../../src/kernel/live/native.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import { hasChange } from "../../src/rules/kernel-changes.ts";
import { holdersOf } from "../../src/snapshot/holders.ts";
import { indexSnapshot, type SnapshotIndex } from "../../src/snapshot/index-snapshot.ts";
import type { NamespaceRecord, Snapshot } from "../../src/snapshot/types.ts";
import { counted } from "./count-calls.ts";
import { holdEach, holdInFlight, type Held } from "./holding.ts";
import type { Check, Part } from "./part.ts";
import { ORDINARY } from "./program.ts";

/** System calls that reading one namespace may take, on average. */
const MOST_CALLS = 8;

/** Holders of each kind are made for real; then the kernel's own list is read, and what came of it is compared with them. */
export const discovery: Part = {
  name: "discovery",
  seconds: 4,
  async *run({ native, actor, release }) {
    const each = holdEach(actor);
    using inFlight = holdInFlight(native);
    if (hasChange(release, "namespaces-are-listed")) {
      yield* byTheListAlone(native, [...each, inFlight]);
      yield* await asRoot(native, { each, inFlight });
      yield await asOrdinary(native);
    } else yield* await withoutList(native, each);
  },
};

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

/** Before Linux 6.19 all that is held by something visible is found all the same. */
async function withoutList(native: Native, each: readonly Held[]): Promise<readonly Check[]> {
  const seen = await look(native);
  const missing: Check = {
    id: "discovery: no list before Linux 6.19",
    says: rowOf(seen),
    should: JSON.stringify({ refused: {}, unsupported: { errno: "ENOSYS", since: "6.19" } }),
  };
  return [missing, ...explained(indexSnapshot(seen), each)];
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
      says: holders(index, inFlight),
      should: "",
    },
    ...explained(index, each),
  ];
}

const explained = (index: SnapshotIndex, each: readonly Held[]): Check[] =>
  each.map((one) => ({
    id: `discovery: what is there is explained by ${one.by} (${one.kind}${one.owner === undefined ? "" : ", owned"})`,
    says: ["", "not there"].includes(holders(index, one)) ? "nobody" : "explained",
    should: "explained",
  }));

function holders(index: SnapshotIndex, { kind, inode }: Held): string {
  const id = index.snapshot.namespaces.find((one) => one.kind === kind && inodeOf(one.id) === inode)?.id;
  return id === undefined ? "not there" : [...new Set(holdersOf(index, id).map((holder) => holder.kind))].join(" ");
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
