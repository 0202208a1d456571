import { expect, test } from "vitest";
import { capBit } from "../../src/abi/capabilities.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { can } from "../../src/caps/can.ts";
import { reach } from "../../src/caps/reach/reach.ts";
import { indexSnapshot, type SnapshotIndex } from "../../src/snapshot/index-snapshot.ts";
import type { ProcessRecord } from "../../src/snapshot/types.ts";
import { idOf, namespace, process, snapshot } from "../support/small-snapshot.ts";

const FIRST: number = NAMESPACE_KINDS.user.initialInode;
const [PID, NET] = [30, 31];

const record = (pid: number, ppid: number, effective = 0n): ProcessRecord => {
  const ids = { real: 1000, effective: 1000, saved: 1000, fs: 1000 };
  const set = effective.toString(16).padStart(16, "0");
  const capabilities = { inheritable: "0".repeat(16), permitted: set, effective: set };
  const status = { uid: ids, gid: ids, groups: [], threads: 1, capabilities, noNewPrivs: false };
  const net = idOf(pid === 6 ? NET : 32);
  return process(pid, { ppid, uid: 1000, namespaces: { user: idOf(FIRST), pid: idOf(PID), net }, status });
};

/** A shell 3 with a child 4 and its child 5; 6 is somebody else's child; 7 is one of a parent that was not seen. */
const machine = (ptraceScope: number | undefined, effective = 0n): SnapshotIndex => {
  const { viewpoint } = snapshot();
  const people = [record(1, 0), record(3, 1, effective), record(4, 3), record(5, 4), record(6, 1), record(7, 99)];
  return indexSnapshot(
    snapshot({
      viewpoint: {
        ...viewpoint,
        capabilities: "0",
        namespaces: { user: idOf(FIRST) },
        ...(ptraceScope !== undefined && { ptraceScope }),
      },
      namespaces: [
        namespace("user", FIRST),
        namespace("pid", PID, { owner: FIRST }),
        namespace("net", NET, { owner: FIRST }),
        namespace("net", 32, { owner: FIRST }),
      ],
      processes: people,
    }),
  );
};

function ask(index: SnapshotIndex, other: number, operation: "ptrace" | "read-memory" | "open-ns-file" = "ptrace") {
  const [me, target] = [index.processes.get(3), index.processes.get(other)];
  if (me === undefined || target === undefined) throw new Error("nobody");
  const answer = can(index, { process: me }, { operation, resource: { process: { process: target } } });
  if (answer === undefined || "wanted" in answer) throw new Error("no answer");
  return answer;
}

const TRACE = capBit("CAP_SYS_PTRACE");

test.each([
  // scope    has     a child's  a stranger's  an orphan's
  [undefined, 0n, "yes", "yes", "yes"],
  [0, 0n, "yes", "yes", "yes"],
  [1, 0n, "yes", "no", "unknown"],
  [1, TRACE, "yes", "yes", "yes"],
  [2, 0n, "no", "no", "no"],
  [2, TRACE, "yes", "yes", "yes"],
  [3, TRACE, "no", "no", "no"],
] as const)("ptrace_scope %s: who attaches", (scope, effective, child, stranger, orphan) => {
  const index = machine(scope, effective);
  expect([5, 6, 7].map((pid) => ask(index, pid).verdict)).toEqual([child, stranger, orphan]);
  expect(ask(index, 6, "read-memory").verdict).toBe(stranger);
  // Only to attach is what Yama minds.
  expect(ask(index, 6, "open-ns-file").verdict).toBe("yes");
});

test("nobody traces itself, but it reads its own memory whatever Yama says", () => {
  const itself = (operation: "ptrace" | "read-memory") =>
    [0, 2].map((scope) => ask(machine(scope), 3, operation).verdict);
  expect([itself("ptrace"), itself("read-memory")]).toEqual([
    ["no", "no"],
    ["yes", "yes"],
  ]);
});

test("a stranger may have named who attaches to it, which no file tells", () => {
  expect(ask(machine(1), 6).assumed).toContainEqual({ what: "ptracer", of: "6" });
});

test("where it was not read it may still deny, and only then", () => {
  const told = (scope: number | undefined): boolean =>
    ask(machine(scope), 6).mayStillDeny.some(({ what }) => what === "yama-unread");
  expect([told(undefined), told(0), told(1)]).toEqual([true, false, false]);
});

test("reach takes over whom Yama leaves, and says of the others why not", () => {
  const taken = (index: SnapshotIndex): readonly number[] => {
    const me = index.processes.get(3);
    const answer = me === undefined ? undefined : reach(index, { process: me });
    return (answer?.untaken ?? []).flatMap(({ missing: { what, of } }) => (what === "ptracer" ? [Number(of)] : []));
  };
  expect(taken(machine(0))).toEqual([]);
  expect(taken(machine(1)).length).toBeGreaterThan(0);
  expect(taken(machine(3, TRACE)).length).toBeGreaterThan(0);
});
