import { CAPABILITIES, type Capability } from "../../../src/abi/capabilities.ts";
import { isKind, KINDS } from "../../../src/abi/namespace-kinds.ts";
import { OPERATION_NAMES, operationOf, type OperationName } from "../../../src/caps/operations.ts";
import type { Requirement } from "../../../src/caps/requirement.ts";
import type { TaskName } from "../../../src/kernel/call.ts";
import type { LiveActor } from "../../../src/kernel/live/actor.ts";
import type { Native } from "../../../src/kernel/live/native.ts";
import type { SnapshotIndex } from "../../../src/snapshot/index-snapshot.ts";
import { agrees, told } from "./compare.ts";
import { look } from "./look.ts";
import { buildStage, FLAGGED, type Somebody, type Stage, type Staged, type StageWish } from "./stage.ts";
import { Tally } from "./tally.ts";
import { askedOf, byDescriptor, tried, type Trial } from "./trial.ts";

/** A container of uid 1000 with ids of its own, one in it, one without ids; and of each kind one that it owns. */
const NAMESPACES: readonly Staged[] = [
  { ...staged("user:box", "user:init"), by: 1000, mapping: "shifted" },
  { ...staged("user:inner", "user:box"), by: 0, mapping: "late" },
  { ...staged("user:bare", "user:init"), by: 1000, mapping: "none" },
  ...KINDS.filter((kind) => kind !== "user").map((kind) => ({
    ...staged(`${kind}:box`, kind === "pid" ? "pid:init" : undefined),
    owner: "user:box",
  })),
];

function staged(name: string, parent: string | undefined): Staged {
  const [kind = ""] = name.split(":");
  if (!isKind(kind)) throw new Error(name);
  return { name, kind, parent, owner: parent ?? "user:init", by: undefined, mapping: "same", empty: false };
}

const NO_LIMITS = { nice: 0, realTime: 0, lockedMemory: 0 };
const PLACES = [...KINDS.map((kind) => `${kind}:init`), ...NAMESPACES.map(({ name }) => name)];

function somebody(place: string, wish: Partial<Somebody>): Somebody {
  const plain = {
    uid: undefined,
    gid: undefined,
    capabilities: "all",
    raised: true,
    dumpable: true,
    limits: NO_LIMITS,
  } as const;
  return { ...plain, ...wish, place: PLACES.indexOf(place) };
}

const USER = { uid: 1001, gid: 1001 };
const COMMON: readonly Somebody[] = [
  somebody("user:init", {}),
  somebody("user:init", { capabilities: [] }),
  somebody("user:init", { ...USER, capabilities: [] }),
  somebody("user:init", { uid: 1000, gid: 1000, capabilities: [] }),
  somebody("user:init", { ...USER, capabilities: [], limits: { nice: 21, realTime: 1, lockedMemory: 4096 } }),
  somebody("user:box", {}),
  somebody("user:box", { capabilities: [] }),
  somebody("user:inner", {}),
  somebody("user:bare", {}),
  somebody("uts:box", {}),
  somebody("mnt:box", {}),
];
/** For each capability a user who has it alone, and one who has all but it. */
const SPECIAL: ReadonlyMap<Capability, readonly Somebody[]> = new Map(
  CAPABILITIES.map((one) => [
    one,
    [
      somebody("user:init", { ...USER, capabilities: [one] }),
      somebody("user:init", { ...USER, capabilities: CAPABILITIES.filter((other) => other !== one) }),
    ],
  ]),
);
const WISH: StageWish = {
  namespaces: NAMESPACES,
  people: [...COMMON, ...[...SPECIAL.values()].flat()],
  net: { firstOpenPort: "1024", pingGroups: "1001 1001" },
};

/** Every capability that a requirement names. */
export function capabilitiesIn(needed: Requirement): readonly Capability[] {
  if ("capability" in needed) return [needed.capability];
  if ("fact" in needed) return [];
  if ("change" in needed) return [needed.needs, ...(needed.before ? [needed.before] : [])].flatMap(capabilitiesIn);
  return ("all" in needed ? needed.all : needed.any).flatMap(capabilitiesIn);
}

/** At least one of each rule that `sysctl-writers.ts` has. */
const SYSCTLS = [
  ..."kernel/msgmax kernel/sem kernel/msg_next_id fs/mqueue/msg_max net/ipv4/ip_forward net/ipv4/ip_default_ttl".split(
    " ",
  ),
  ..."kernel/pid_max kernel/ns_last_pid user/max_user_namespaces kernel/dmesg_restrict kernel/kptr_restrict".split(" "),
  ..."kernel/yama/ptrace_scope vm/mmap_min_addr vm/swappiness".split(" "),
];

/** Everybody whom the operation may tell apart. */
function peopleFor(stage: Stage, operation: OperationName): readonly TaskName[] {
  const wanted = new Set(capabilitiesIn(operationOf(operation).needs));
  const special = [...SPECIAL.keys()].flatMap((one, nth) => (wanted.has(one) ? [nth] : []));
  const numbers = [...COMMON.keys(), ...special.flatMap((nth) => [0, 1].map((at) => COMMON.length + 2 * nth + at))];
  return numbers.flatMap((nth) => stage.people[nth] ?? []);
}

function thingsFor(stage: Stage, operation: OperationName): readonly Trial["on"][] {
  const { on } = operationOf(operation);
  const own = [stage.people[3], stage.people[5]].flatMap((task) => (task === undefined ? [] : [{ task }]));
  if (on === "process") return own;
  if (on === "file") {
    const files = [0o600, 0o200].flatMap((mode) => [0, 1001, 100_000].map((id) => ({ uid: id, gid: id, mode })));
    return files.map((file) => ({ file }));
  }
  if (on === "sysctl") return SYSCTLS.map((sysctl) => ({ sysctl }));
  if (operation === "remount") return [{ mount: "/run" }];
  if (operation === "clear-mount-flags") return [{ mount: "/run" }, { mount: FLAGGED }];
  if (!isKind(on) || !byDescriptor(operation)) return [undefined];
  const names = on === "user" ? ["user:box", "user:bare"] : [`${on}:init`, `${on}:box`];
  return names.map((namespace) => ({ namespace }));
}

/** What came of every operation with everybody whom it may tell apart. */
export interface TriedEach {
  readonly stage: Stage;
  readonly index: SnapshotIndex;
  readonly tally: Tally;
  /** Where the kernel contradicts an answer, told in full, by operation. */
  readonly wrong: ReadonlyMap<OperationName, readonly string[]>;
}

/** Asks and tries operations on the running kernel, on a stage of its own. For root. */
export async function tryEach(
  native: Native,
  actor: LiveActor,
  operations: readonly OperationName[] = OPERATION_NAMES,
): Promise<TriedEach> {
  const stage = buildStage(actor, WISH);
  if (stage.people.length !== WISH.people.length) throw new Error("not everybody could be made");
  const index = await look(native, actor, [...stage.people, ...stage.built.keepers.values()]);
  const tally = new Tally();
  const wrong = new Map<OperationName, string[]>();
  const mapsLast = operations.toSorted((a, b) => Number(a.endsWith("-map")) - Number(b.endsWith("-map")));
  for (const operation of mapsLast) {
    for (const who of peopleFor(stage, operation)) {
      for (const on of thingsFor(stage, operation)) {
        const trial: Trial = { who, operation, on };
        const answer = askedOf(index, stage, trial);
        const heard = tried(stage, trial);
        if (heard === undefined) continue;
        tally.add({ trial, answer, heard });
        if (agrees(stage, { answer, heard })) continue;
        wrong.set(operation, [...(wrong.get(operation) ?? []), told(stage, index, { trial, answer, heard })]);
      }
    }
  }
  return { stage, index, tally, wrong };
}
