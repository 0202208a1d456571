import fc from "fast-check";
import { CAPABILITIES, type Capability } from "../../../src/abi/capabilities.ts";
import { KINDS, nests, type NamespaceKind } from "../../../src/abi/namespace-kinds.ts";
import { OPERATION_NAMES } from "../../../src/caps/operations.ts";
import type { FileFacts } from "../../../src/caps/situation.ts";
import { MAPPINGS, type Mapping } from "./ranges.ts";
import type { Somebody, Staged, StageWish } from "./stage.ts";
import type { Choice } from "./trial.ts";

const UIDS = [0, 1000, 1001] as const;
const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

interface Plot {
  readonly kind: NamespaceKind;
  readonly parent: number;
  readonly owner: number;
  readonly by: number | undefined;
  readonly mapping: Mapping;
}
const anyPlot: fc.Arbitrary<Plot> = fc.record({
  kind: fc.constantFrom<NamespaceKind>("user", "user", "user", ...KINDS),
  parent: fc.nat(20),
  owner: fc.nat(20),
  by: option(fc.constantFrom(...UIDS)),
  mapping: fc.constantFrom<Mapping>(...MAPPINGS, "none"),
});

function stagedOf(plots: readonly Plot[]): readonly Staged[] {
  const names = new Map<NamespaceKind, string[]>(KINDS.map((kind) => [kind, [`${kind}:init`]]));
  return plots.map(({ kind, parent, owner, by, mapping }, nth): Staged => {
    const [same, users] = [names.get(kind) ?? [], names.get("user") ?? []];
    const name = `${kind}:n${nth}`;
    const above = nests(kind) ? same[parent % same.length] : undefined;
    const owned = users[owner % users.length] ?? "user:init";
    same.push(name);
    return { name, kind, parent: above, owner: kind === "user" ? (above ?? owned) : owned, by, mapping, empty: false };
  });
}

const anySomebody: fc.Arbitrary<Somebody> = fc.record({
  place: fc.nat(20),
  uid: option(fc.constantFrom(...UIDS)),
  gid: option(fc.constantFrom(...UIDS)),
  capabilities: fc.oneof(
    fc.constantFrom<"all" | readonly Capability[]>("all", []),
    fc.uniqueArray(fc.constantFrom(...CAPABILITIES), { minLength: 1, maxLength: 12 }),
  ),
  raised: fc.constantFrom(true, true, true, false),
  dumpable: fc.boolean(),
  limits: fc.record({
    nice: fc.constantFrom(0, 20, 21, 40),
    realTime: fc.constantFrom(0, 1, 99),
    lockedMemory: fc.constantFrom(0, 65_536),
  }),
});

export const anyStage: fc.Arbitrary<StageWish> = fc.record({
  namespaces: fc.array(anyPlot, { maxLength: 6 }).map(stagedOf),
  people: fc.array(anySomebody, { minLength: 1, maxLength: 4 }),
  net: fc.record({
    firstOpenPort: fc.constantFrom("1024", "0", "1", "500"),
    pingGroups: fc.constantFrom("1 0", "0 2147483647", "1000 1000"),
  }),
});

/** The same with more of everything. */
export const anyCrowd: fc.Arbitrary<StageWish> = fc.record({
  namespaces: fc.array(anyPlot, { minLength: 4, maxLength: 14, size: "max" }).map(stagedOf),
  people: fc.array(anySomebody, { minLength: 4, maxLength: 16, size: "max" }),
  net: fc.constant({ firstOpenPort: "1024", pingGroups: "1 0" }),
});

const anyFile: fc.Arbitrary<FileFacts> = fc.record({
  uid: fc.constantFrom(0, 1000, 1001, 100_000),
  gid: fc.constantFrom(0, 1000, 1001, 100_000),
  mode: fc.constantFrom(0o600, 0o644, 0o000, 0o040, 0o400),
});
const SYSCTLS = [
  "kernel/hostname",
  "kernel/msgmax",
  "kernel/shmmni",
  "kernel/sem",
  "fs/mqueue/msg_max",
  "kernel/pid_max",
  "kernel/dmesg_restrict",
  "kernel/kptr_restrict",
  "kernel/msg_next_id",
  "kernel/ns_last_pid",
  "vm/mmap_min_addr",
  "vm/swappiness",
  "net/ipv4/ip_forward",
  "net/core/somaxconn",
  "user/max_uts_namespaces",
] as const;

export const anyChoice: fc.Arbitrary<Choice> = fc.record({
  who: fc.nat(20),
  operation: fc.constantFrom(...OPERATION_NAMES),
  on: fc.nat(20),
  file: anyFile,
  sysctl: fc.constantFrom(...SYSCTLS),
});
