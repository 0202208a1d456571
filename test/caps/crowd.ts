import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { indexSnapshot, type SnapshotIndex } from "../../src/snapshot/index-snapshot.ts";
import type { NamespaceRecord, ProcessRecord } from "../../src/snapshot/types.ts";
import { idOf, namespace, process, snapshot } from "../support/small-snapshot.ts";

const FIRST = NAMESPACE_KINDS.user.initialInode;
const DEEPEST = 8;

/** A machine of many, all of them user namespaces, and everybody's credentials one of so many that differ. */
export function crowd({
  processes,
  namespaces,
  distinct,
}: {
  processes: number;
  namespaces: number;
  distinct: number;
}): SnapshotIndex {
  const nodes: NamespaceRecord[] = [namespace("user", FIRST)];
  const numbers: number[] = [FIRST];
  for (let nth = 1; nth < namespaces; nth++) {
    // Chains of eight, each from the first.
    const parent = nth % DEEPEST === 1 ? FIRST : (numbers[nth - 1] ?? FIRST);
    const number = 10 + nth;
    numbers.push(number);
    nodes.push({ ...namespace("user", number, { parent }), creatorUid: { value: nth % distinct } });
  }
  const people = Array.from({ length: processes }, (_, nth): ProcessRecord => {
    const uid = nth % distinct;
    const ids = { real: uid, effective: uid, saved: uid, fs: uid };
    const set = ((BigInt(uid) * 0x9e3779b97n) & 0x1ffffffffffn).toString(16).padStart(16, "0");
    const user = idOf(nth % 4 === 0 ? (numbers[nth % numbers.length] ?? FIRST) : FIRST);
    const capabilities = { inheritable: set, permitted: set, effective: set };
    return process(nth + 1, {
      uid,
      comm: `name-${nth % 50}`,
      namespaces: { user },
      status: { uid: ids, gid: ids, groups: [], threads: 1, capabilities, noNewPrivs: false },
    });
  });
  const { viewpoint } = snapshot();
  return indexSnapshot(
    snapshot({ viewpoint: { ...viewpoint, namespaces: { user: idOf(FIRST) } }, namespaces: nodes, processes: people }),
  );
}
