import { expect, test } from "vitest";
import { capBit } from "../../src/abi/capabilities.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { can } from "../../src/caps/can.ts";
import { reach } from "../../src/caps/reach/reach.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import type { ProcessRecord } from "../../src/snapshot/types.ts";
import { idOf, namespace, process, snapshot } from "../support/small-snapshot.ts";

const FIRST: number = NAMESPACE_KINDS.user.initialInode;
const [CHILD, NET] = [21, 22];
const TRACE = capBit("CAP_SYS_PTRACE");

const record = (pid: number, uid: number, { user = FIRST, effective = 0n, seen = true } = {}): ProcessRecord => {
  const set = effective.toString(16).padStart(16, "0");
  const ids = { real: uid, effective: uid, saved: uid, fs: uid };
  const capabilities = { inheritable: "0".repeat(16), permitted: set, effective: set };
  const links = { user: idOf(user), net: idOf(NET), pid: idOf(30) };
  const status = { uid: ids, gid: ids, groups: [], threads: 1, capabilities, noNewPrivs: false };
  return process(pid, { uid, namespaces: seen ? links : {}, status });
};

/** Who looked: 1000, or root with that set. */
const machine = (viewer: { readonly uid: number; readonly set: bigint }, people: readonly ProcessRecord[]) => {
  const { viewpoint } = snapshot();
  const capabilities = viewer.set.toString(16).padStart(16, "0");
  const uid = { real: viewer.uid, effective: viewer.uid };
  return indexSnapshot(
    snapshot({
      viewpoint: { ...viewpoint, uid, capabilities, namespaces: { user: idOf(FIRST) } },
      namespaces: [
        namespace("user", FIRST),
        { ...namespace("user", CHILD, { parent: FIRST }), creatorUid: { value: 1000 } },
        namespace("net", NET, { owner: FIRST }),
        namespace("pid", 30, { owner: FIRST }),
      ],
      processes: people,
    }),
  );
};

const ORDINARY = { uid: 1000, set: 0n };
const ROOT = { uid: 0, set: TRACE };
const mine = record(1, 1000);

test.each([
  // who looked, who asks,                                  at whom,                                    and is still assumed
  ["an ordinary user's links, read by that user", ORDINARY, mine, record(2, 1000), []],
  ["those of its child user namespace", ORDINARY, mine, record(2, 1000, { user: CHILD }), []],
  ["those read by root, who need not ask", ROOT, mine, record(2, 1000), ["dumpable"]],
  ["those that nobody was shown", ORDINARY, mine, record(2, 1000, { seen: false }), ["dumpable"]],
  ["those read by another user", { uid: 1001, set: 0n }, mine, record(2, 1000), ["dumpable"]],
] as const)("%s: what is assumed of being dumpable", (_, viewer, who, other, assumed) => {
  const index = machine(viewer, [who, other]);
  const answer = can(index, { process: who }, { operation: "open-ns-file", resource: { process: { process: other } } });
  if (answer === undefined || "wanted" in answer) throw new Error("no answer");
  expect(answer.assumed.map(({ what }) => what)).toEqual(assumed);
});

test("reach says nothing of it where the viewer was let past it", () => {
  const index = machine(ORDINARY, [mine, record(2, 1000, { user: CHILD })]);
  expect(reach(index, { process: mine }).assumed).toEqual([]);
});
