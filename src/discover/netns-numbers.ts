import type { NamespaceId } from "../abi/ids.ts";
import type { Answer, Attributes, NetnsNumber, NetworkAttributes } from "../snapshot/types.ts";
import type { Asked } from "./asked.ts";
import { numbersOf } from "./peers.ts";

/** So many namespaces are asked about for the numbers of one; what has a number still is told without its namespace. */
const MOST_CANDIDATES = 256;

/**
 * The numbers that network namespaces have for others besides those that their interfaces need (ip netns set). The kernel lists
 * them, and tells which namespace one is of only the other way round: by the number of an open one.
 */
export function withNumbers(
  found: ReadonlyMap<NamespaceId, Answer<Attributes>>,
  asked: Asked,
  only: ReadonlySet<NamespaceId>,
): ReadonlyMap<NamespaceId, Answer<Attributes>> {
  const networks = new Map<NamespaceId, NetworkAttributes>();
  for (const [id, answer] of found) {
    if (only.has(id) && "value" in answer && answer.value.of === "net") networks.set(id, answer.value);
  }
  const ids = [...networks.keys()];
  const listed = asked.inside(ids, (telling, of) => telling.netnsNumbers(of));
  const all = new Map(found);
  const near = asked.own === undefined ? ids : [asked.own, ...ids];
  for (const [nth, [id, network]] of [...networks].entries()) {
    const numbers = listed[nth];
    const needed = new Set(network.interfaces.map(({ link }) => link?.netnsid));
    const others = new Set(numbers?.ok === true ? numbers.value.filter((number) => !needed.has(number)) : []);
    if (others.size === 0) continue;
    all.set(id, { value: { ...network, numbers: namesOf(asked, id, { others, near }) } });
  }
  return all;
}

function namesOf(
  asked: Asked,
  id: NamespaceId,
  { others, near }: { readonly others: ReadonlySet<number>; readonly near: readonly NamespaceId[] },
): readonly NetnsNumber[] {
  const told = numbersOf(asked, id, near.slice(0, MOST_CANDIDATES));
  const byNumber = new Map(told.ok ? [...told.value].map(([namespace, number]) => [number, namespace]) : []);
  return [...others]
    .toSorted((a, b) => a - b)
    .map((number) => {
      const namespace = byNumber.get(number);
      return { number, ...(namespace !== undefined && { namespace }) };
    });
}
