import fc from "./property.ts";
import { CLONE_FLAGS } from "../../src/abi/constants.ts";
import { KINDS, NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { LINKS } from "../../src/abi/proc-links.ts";
import { allIds, taskName, type Call, type TaskName } from "../../src/kernel/call.ts";

/** What any task may do. Who does it, and to whom, is said by numbers that are taken modulo the tasks there are. */
export interface Wish {
  readonly by: number;
  /** With OTHER and FRESH where a task is named. */
  readonly call: Call;
  readonly other: number;
}
const OTHER = taskName("OTHER");
const FRESH = taskName("FRESH");

const { CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_THREAD, CLONE_VFORK, CLONE_PARENT } = CLONE_FLAGS;
const THREAD = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
const SHARING = [CLONE_FILES, CLONE_FS, CLONE_VM, CLONE_VM | CLONE_VFORK, CLONE_PARENT, THREAD, THREAD | CLONE_FILES];
const flagsOf = (some: readonly (typeof KINDS)[number][]): number =>
  some.reduce((flags, kind) => flags | NAMESPACE_KINDS[kind].flag, 0);

const kinds = fc.subarray([...KINDS], { maxLength: 4 }).map(flagsOf);
const sharing = fc.constantFrom(0, 0, ...SHARING);
const fd = fc.nat({ max: 3 });
const path = fc.constantFrom("/run/a", "/run/b");
const limit = fc.record({ kind: fc.constantFrom(...KINDS), most: fc.nat({ max: 3 }) });
const is = (call: Call): fc.Arbitrary<Call> => fc.constant(call);

const anyCall: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(sharing, kinds).map(([share, made]): Call => ({ op: "clone", as: FRESH, flags: share | made })),
  },
  { weight: 4, arbitrary: kinds.map((flags): Call => ({ op: "unshare", flags })) },
  { weight: 5, arbitrary: fc.constantFrom(...LINKS).map((link): Call => ({ op: "open", of: OTHER, link })) },
  { weight: 2, arbitrary: is({ op: "pidfd_open", of: OTHER, flags: 0 }) },
  { weight: 3, arbitrary: fd.map((at): Call => ({ op: "setns", fd: at, nstype: 0 })) },
  { weight: 2, arbitrary: fc.tuple(fd, kinds).map(([at, nstype]): Call => ({ op: "setns", fd: at, nstype })) },
  { weight: 1, arbitrary: fd.map((at): Call => ({ op: "close", fd: at })) },
  { weight: 1, arbitrary: fd.map((at): Call => ({ op: "dup", fd: at })) },
  { weight: 1, arbitrary: fd.map((at): Call => ({ op: "ioctl", fd: at, request: "NS_GET_USERNS" })) },
  { weight: 1, arbitrary: fc.tuple(fd, path).map(([at, over]): Call => ({ op: "bind", fd: at, path: over })) },
  { weight: 1, arbitrary: path.map((from): Call => ({ op: "unbind", path: from })) },
  { weight: 1, arbitrary: is({ op: "open-other", what: "socket" }) },
  { weight: 1, arbitrary: is({ op: "open-map", of: OTHER, file: "uid_map", access: "read" }) },
  { weight: 2, arbitrary: is({ op: "write", of: OTHER, file: "uid_map", text: "0 0 65536" }) },
  { weight: 2, arbitrary: is({ op: "write", of: OTHER, file: "gid_map", text: "0 0 65536" }) },
  {
    weight: 1,
    arbitrary: limit.map(({ kind, most }): Call => ({
      op: "write-sysctl",
      name: `max_${kind}_namespaces`,
      text: `${most}`,
    })),
  },
  { weight: 1, arbitrary: fc.constantFrom(0, 1000).map((id): Call => ({ op: "setresuid", ids: allIds(id) })) },
  { weight: 1, arbitrary: is({ op: "exec" }) },
  { weight: 2, arbitrary: is({ op: "exit" }) },
  { weight: 1, arbitrary: is({ op: "exit-thread" }) },
  { weight: 2, arbitrary: is({ op: "wait", child: OTHER }) },
);

export const anyWish: fc.Arbitrary<Wish> = fc.record({
  by: fc.nat({ max: 20 }),
  call: anyCall,
  other: fc.nat({ max: 20 }),
});

/** The call with the names of tasks filled in; `at` makes the new one's name. */
export function callOf({ call }: Wish, { other, at }: { other: TaskName; at: number }): Call {
  if ("as" in call) return { ...call, as: taskName(`task-${at}`) };
  if (call.op === "wait") return { ...call, child: other };
  return "of" in call && call.of === OTHER ? { ...call, of: other } : call;
}
