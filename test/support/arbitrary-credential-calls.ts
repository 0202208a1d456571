import fc from "./property.ts";
import { ALL_CAPABILITIES, capBit, type Capability } from "../../src/abi/capabilities.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { taskName, type Call, type TaskName } from "../../src/kernel/call.ts";

/** One call by one of the tasks. */
export interface Made {
  readonly by: TaskName;
  readonly call: Call;
}

const ONE = taskName("one");
const TWO = taskName("two");
const THREE = taskName("three");
/** Tasks that have their descriptors in common, so that one opens what another writes. */
export const TASKS: readonly TaskName[] = [ONE, TWO, THREE];

const task = fc.constantFrom(...TASKS);
const id = fc.constantFrom(0, 0, 1, 5, 1000, 2000, 100_000, 65_534, -1);
const ids = fc.oneof(
  id.map((one) => ({ real: one, effective: one, saved: one })),
  fc.record({ real: id, effective: id, saved: id }),
);
/** Those that the calls here look at. */
const NAMES: readonly Capability[] = [
  "CAP_DAC_OVERRIDE",
  "CAP_SETGID",
  "CAP_SETUID",
  "CAP_SETPCAP",
  "CAP_SYS_ADMIN",
  "CAP_SYS_PTRACE",
  "CAP_SETFCAP",
];
const MEASURED = ALL_CAPABILITIES & ~capBit("CAP_SYS_RESOURCE");
const set = fc.oneof(
  fc.constantFrom(MEASURED, ALL_CAPABILITIES, 0n),
  fc.subarray([...NAMES]).map((names) => names.reduce((sum, name) => sum | capBit(name), 0n)),
);
const file = fc.constantFrom("uid_map", "uid_map", "gid_map", "projid_map", "setgroups");
const text = fc.constantFrom(
  "0 0 1",
  "0 1000 1",
  "1000 1000 1",
  "5 1000 1",
  "0 0 4294967295",
  "0 0 65536",
  "0 100000 65536",
  "0 5 1\n5 0 1",
  "0 1000 1\n1 100000 1000",
  "x",
);
const word = fc.constantFrom("deny", "deny", "allow", "deny\n", "no");
const anyText = fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: word });
const fd = fc.constantFrom(0, 0, 0, 1, 1, 2, 3);
const wholeWrite = fc.oneof(
  fc.record({ op: fc.constant("write"), of: task, file, text }),
  fc.record({ op: fc.constant("write"), of: task, file: fc.constant("setgroups"), text: word }),
);

const WEIGHTED: readonly (readonly [number, fc.Arbitrary<Call>])[] = [
  [3, fc.constant<Call>({ op: "unshare", flags: NAMESPACE_KINDS.user.flag })],
  [9, wholeWrite],
  [
    6,
    fc.record({
      op: fc.constant("open-map" as const),
      of: task,
      file,
      access: fc.constantFrom("read", "write", "both"),
    }),
  ],
  [6, fc.record({ op: fc.constant("write-fd" as const), fd, text: anyText })],
  [2, fc.record({ op: fc.constant("read" as const), fd })],
  [1, fc.record({ op: fc.constant("pwrite" as const), fd, text: anyText, offset: fc.constantFrom(-1, 0, 1) })],
  [1, fc.record({ op: fc.constant("close" as const), fd })],
  [1, fc.record({ op: fc.constant("open" as const), of: task, link: fc.constant("user" as const) })],
  [2, fc.record({ op: fc.constant("setns" as const), fd, nstype: fc.constant(0) })],
  [5, fc.record({ op: fc.constant("setresuid" as const), ids })],
  [3, fc.record({ op: fc.constant("setresgid" as const), ids })],
  [2, fc.record({ op: fc.constantFrom("setfsuid" as const, "setfsgid" as const), id })],
  [1, fc.record({ op: fc.constant("capget" as const), of: task })],
  [
    3,
    fc.record({
      op: fc.constant("ambient" as const),
      what: fc.constantFrom("raise", "raise", "lower", "is-set"),
      capability: fc.constantFrom(...NAMES),
    }),
  ],
  [1, fc.constant<Call>({ op: "clear-ambient" })],
  [1, fc.boolean().map((keep) => ({ op: "set-keep-caps" as const, keep }))],
  [2, fc.record({ op: fc.constant("setgroups" as const), groups: fc.array(id, { maxLength: 3 }) })],
  [3, fc.record({ op: fc.constant("capset" as const), effective: set, permitted: set, inheritable: set })],
  [2, set.map((all) => ({ op: "capset" as const, effective: all, permitted: all }))],
  [1, fc.record({ op: fc.constant("drop-bounding" as const), capability: fc.constantFrom(...NAMES) })],
  [2, fc.record({ op: fc.constant("set-securebits" as const), bits: fc.nat({ max: 0x3ff }) })],
  [2, fc.constantFrom(0x10, 0x01, 0x04, 0x05).map((bits) => ({ op: "set-securebits" as const, bits }))],
  [1, fc.constant<Call>({ op: "set-no-new-privs" })],
  [3, fc.boolean().map((dumpable) => ({ op: "set-dumpable" as const, dumpable }))],
  [2, fc.constant<Call>({ op: "exec" })],
  [1, fc.constantFrom<Call>({ op: "getresuid" }, { op: "getresgid" }, { op: "getgroups" })],
  [2, fc.record({ op: fc.constant("status" as const), of: task })],
];

const anyCall = fc.record({
  by: task,
  call: fc.oneof(...WEIGHTED.map(([weight, arbitrary]) => ({ weight, arbitrary }))),
});

const UNSHARE: Call = { op: "unshare", flags: NAMESPACE_KINDS.user.flag };
const become = (by: TaskName, one: number): Made[] => [
  { by, call: { op: "set-securebits", bits: 0x10 } },
  { by, call: { op: "setresgid", ids: { real: one, effective: one, saved: one } } },
  { by, call: { op: "setresuid", ids: { real: one, effective: one, saved: one } } },
  { by, call: { op: "set-dumpable", dumpable: true } },
];
/** Where maps are worth writing: a task in a user namespace of its own, another in the parent, one with part of its power. */
const scene: fc.Arbitrary<Made[]> = fc
  .record({
    maker: fc.constantFrom(0, 1000),
    writer: fc.constantFrom(0, 1000, 2000),
    had: set,
    has: set,
    deeper: fc.boolean(),
    opener: fc.constantFrom(ONE, TWO, taskName("shell")),
    file,
  })
  .map(({ maker, writer, had, has, deeper, opener, file: opened }) => [
    ...(maker === 0 ? [] : become(ONE, maker)),
    { by: ONE, call: { op: "capset", effective: had, permitted: had } },
    { by: ONE, call: UNSHARE },
    { by: opener, call: { op: "open-map", of: ONE, file: opened, access: "both" } },
    ...(writer === 0 ? [] : become(TWO, writer)),
    { by: TWO, call: { op: "capset", effective: has, permitted: has } },
    ...(deeper ? inThree : []),
  ]);
/** A further one inside of the third, which has ids. */
const inThree: readonly Made[] = [
  { by: THREE, call: UNSHARE },
  ...(["uid_map", "gid_map"] as const).map((name): Made => ({
    by: taskName("shell"),
    call: { op: "write", of: THREE, file: name, text: "0 0 65536" },
  })),
];

/** Calls on credentials and on the files by which a user namespace gets its ids. */
export const anyCredentialCalls = (): fc.Arbitrary<Made[]> =>
  fc
    .tuple(
      fc.oneof({ weight: 1, arbitrary: fc.constant<Made[]>([]) }, { weight: 3, arbitrary: scene }),
      fc.array(anyCall, { minLength: 5, maxLength: 25 }),
    )
    .map(([before, calls]) => [...before, ...calls]);
