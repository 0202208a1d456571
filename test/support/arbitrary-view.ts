import fc from "./property.ts";
import { ALL_CAPABILITIES } from "../../src/abi/capabilities.ts";
import type { Credentials, View } from "../../src/rules/view.ts";

/** A namespace of a view is its place in the list; 0 is the initial user namespace. */
interface Row {
  readonly parent: number | undefined;
  readonly level: number;
  readonly creator: number;
}
const uid = fc.constantFrom(0, 1000, 2000);

/** Some user namespaces, each below one that comes before it. */
const rows: fc.Arbitrary<readonly Row[]> = fc
  .array(fc.record({ below: fc.nat(), creator: uid }), { minLength: 1, maxLength: 6 })
  .map((wishes) => {
    const made: Row[] = [{ parent: undefined, level: 0, creator: 0 }];
    for (const { below, creator } of wishes) {
      const parent = below % made.length;
      made.push({ parent, level: (made[parent]?.level ?? 0) + 1, creator });
    }
    return made;
  });

function viewOf(namespaces: readonly Row[]): View<number> {
  const at = (ns: number): Row => {
    const row = namespaces[ns];
    if (row === undefined) throw new Error(`there is no namespace ${ns}`);
    return row;
  };
  return {
    kind: () => "user",
    owner: (ns) => at(ns).parent,
    parent: (ns) => at(ns).parent,
    level: (ns) => at(ns).level,
    creator: (ns) => at(ns).creator,
  };
}

const ids = fc.record({ ruid: uid, euid: uid, suid: uid, fsuid: uid, rgid: uid, egid: uid, sgid: uid, fsgid: uid });
export const anySet: fc.Arbitrary<bigint> = fc.oneof(
  fc.constantFrom(0n, ALL_CAPABILITIES),
  fc.bigInt({ min: 0n, max: ALL_CAPABILITIES }),
);

/** A tree of user namespaces, a namespace of it, and two tasks somewhere in it. */
export interface Situation {
  readonly view: View<number>;
  readonly target: number;
  readonly one: Credentials<number>;
  readonly other: Credentials<number>;
}
export const anySituation = (): fc.Arbitrary<Situation> =>
  rows.chain((namespaces) => {
    const ns = fc.nat({ max: namespaces.length - 1 });
    const credentials = fc
      .record({ user: ns, ids, permitted: anySet, effective: anySet })
      .map(({ user, ids: numbers, permitted, effective }): Credentials<number> => {
        return { user, ...numbers, permitted, effective: effective & permitted };
      });
    return fc.record({ view: fc.constant(viewOf(namespaces)), target: ns, one: credentials, other: credentials });
  });
