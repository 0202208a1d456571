import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { mayCharge, type Charge } from "../../rules/limits.ts";
import type { Outcome } from "../../rules/outcome.ts";
import { changedUser } from "./shapes.ts";
import type { Namespace, NsKey, UserState } from "./world.ts";

/** Namespaces while counters change. */
interface Store {
  namespace(key: NsKey): Namespace;
  changeNamespace(key: NsKey, change: Partial<Namespace>): void;
}

/** Who pays for a new namespace: its creator in its owner, then each owner's creator in the next one up. */
interface Payer {
  readonly key: NsKey;
  readonly user: UserState;
  readonly counter: string;
}

function payers(store: Store, { kind, owner, creator }: Bill): readonly Payer[] {
  const found: Payer[] = [];
  let uid = creator;
  for (let key = owner; key !== undefined;) {
    const { user, parent }: Namespace = store.namespace(key);
    if (user === undefined) throw new Error(`namespace ${key} owns and is no user namespace`);
    found.push({ key, user, counter: `${kind} ${uid}` });
    if (parent !== undefined) uid = user.creatorUid;
    key = parent;
  }
  return found;
}

/** What a user namespace has counted for one payer, and what it permits. */
const chargeOf = ({ user, counter }: Payer, kind: NamespaceKind): Charge => ({
  count: user.counts.get(counter) ?? 0,
  limit: user.limits[kind],
});

/** A new namespace's bill, which must be paid before it is made. */
export interface Bill {
  readonly kind: NamespaceKind;
  readonly owner: NsKey | undefined;
  /** The effective uid that makes it, in the initial user namespace's numbers. */
  readonly creator: number;
}

/** Whether every level permits one more. Source: kernel/ucount.c inc_ucount. */
export const mayPay = (store: Store, bill: Bill): Outcome<true> =>
  mayCharge(payers(store, bill).map((payer) => chargeOf(payer, bill.kind)));

/** Adds to every level's counter, or takes away from it when the namespace ends (-1). */
export function pay(store: Store, bill: Bill, step: 1 | -1): void {
  for (const { key, user, counter } of payers(store, bill)) {
    const count = (user.counts.get(counter) ?? 0) + step;
    const counts = count === 0 ? user.counts.delete(counter) : user.counts.set(counter, count);
    store.changeNamespace(key, { user: changedUser(user, { counts }) });
  }
}
