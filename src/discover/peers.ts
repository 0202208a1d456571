import type { NamespaceId } from "../abi/ids.ts";
import type { NsFile } from "../kernel/observer.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { Answer, Attributes, NetworkInterface } from "../snapshot/types.ts";
import type { Asked } from "./asked.ts";
import { push } from "../snapshot/push.ts";

/** Namespaces whose interfaces were read. */
type Networks = ReadonlyMap<NamespaceId, readonly NetworkInterface[]>;

/** So many namespaces may be at the other end of one interface, by the numbers of interfaces; others are not asked. */
const MOST_CANDIDATES = 16;
/** So many are open at a time. */
const BATCH = 128;

/**
 * Tells which namespaces the interfaces lead to. An interface has the index of what it is tied to, and the number that its own
 * namespace has for the other one (IFLA_LINK, IFLA_LINK_NETNSID); which one that is the kernel tells only the other way
 * round: the number of an open one (RTM_GETNSID). The two ends of a veth have each other's index, so that few can be meant; these are
 * asked for, in the namespace with most of such interfaces first, and what one end is told holds for the other.
 */
export function withPeers(
  index: SnapshotIndex,
  found: ReadonlyMap<NamespaceId, Answer<Attributes>>,
  reading: { asked(kind: "net"): Asked },
): ReadonlyMap<NamespaceId, Answer<Attributes>> {
  const networks = new Map<NamespaceId, readonly NetworkInterface[]>();
  for (const [id, answer] of found)
    if ("value" in answer && answer.value.of === "net") networks.set(id, answer.value.interfaces);
  const asked = reading.asked("net");
  const ends = new Ends(networks, index.snapshot.viewpoint.namespaces.net);
  for (const id of ends.byNeed()) {
    const candidates = ends.candidatesOf(id);
    for (let from = 0; from < candidates.length; from += BATCH) {
      const some = candidates.slice(from, from + BATCH);
      const numbers = numbersOf(asked, id, some);
      if (numbers.ok) ends.learn(id, numbers.value);
    }
  }
  const tied = new Map(found);
  for (const [id, answer] of found) {
    if (!("value" in answer) || answer.value.of !== "net") continue;
    const interfaces = answer.value.interfaces.map((one) => ends.tied(id, one));
    tied.set(id, { value: { ...answer.value, interfaces } });
  }
  return tied;
}

/** What number one namespace has for each of the others that has one. */
export function numbersOf(
  { open, own, inside }: Asked,
  id: NamespaceId,
  others: readonly NamespaceId[],
): Outcome<ReadonlyMap<NamespaceId, number>> {
  const files: NsFile[] = [];
  try {
    for (const other of others) {
      const opened = open(other);
      if (opened.ok) files.push(opened.value);
    }
    const [told = refused("ENODATA")] =
      id === own
        ? [ok(files.map((file) => file.netnsid()))]
        : inside([id], (telling, of) => of.map((one) => telling.netnsids(one, files)));
    if (!told.ok) return told;
    const numbers = new Map<NamespaceId, number>();
    for (const [nth, { id }] of files.entries()) {
      const number = told.value[nth];
      if (number?.ok === true && number.value >= 0) numbers.set(id, number.value);
    }
    return ok(numbers);
  } finally {
    for (const file of files) file[Symbol.dispose]();
  }
}

/** Made in pairs, each end tied to the other. */
const PAIRED: ReadonlySet<string> = new Set(["veth", "netkit", "vxcan"]);

/** Interfaces that lead to other namespaces, and what is known of where. */
class Ends {
  readonly #networks: Networks;
  readonly #own: NamespaceId | undefined;
  /** By `INDEX/INDEX` of an interface and of what it is tied to. */
  readonly #byEnds = new Map<string, NamespaceId[]>();
  /** Ends of pairs, in each namespace by their index. */
  readonly #paired = new Map<NamespaceId, Map<number, NetworkInterface>>();
  readonly #byIndex = new Map<number, NamespaceId[]>();
  /** Of each namespace, which one it has a number for. */
  readonly #known = new Map<NamespaceId, Map<number, NamespaceId>>();

  constructor(networks: Networks, own: NamespaceId | undefined) {
    this.#networks = networks;
    this.#own = own;
    for (const [id, interfaces] of networks) {
      this.#known.set(id, new Map());
      const paired = interfaces.filter(({ kind = "" }) => PAIRED.has(kind));
      this.#paired.set(id, new Map(paired.map((one) => [one.index, one])));
      for (const one of interfaces) {
        push(this.#byIndex, one.index, id);
        if (one.link?.netnsid !== undefined) push(this.#byEnds, endsOf(one.index, one.link.index), id);
      }
    }
  }

  /** Those with most interfaces that lead elsewhere first. */
  byNeed(): readonly NamespaceId[] {
    const needs = Array.from(this.#networks, ([id, interfaces]) => ({
      id,
      count: interfaces.filter(({ link }) => link?.netnsid !== undefined).length,
    }));
    return needs
      .filter(({ count }) => count > 0)
      .toSorted((a, b) => b.count - a.count)
      .map(({ id }) => id);
  }

  /** Which ones may be meant by the numbers of `id` that are not known yet. */
  candidatesOf(id: NamespaceId): readonly NamespaceId[] {
    const candidates = new Set<NamespaceId>();
    for (const { index, link } of this.#networks.get(id) ?? []) {
      if (link?.netnsid === undefined || this.#known.get(id)?.has(link.netnsid) === true) continue;
      const facing = this.#byEnds.get(endsOf(link.index, index)) ?? [];
      const some = facing.length > 0 ? facing : this.#withIndex(link.index);
      for (const one of some.slice(0, MOST_CANDIDATES)) if (one !== id) candidates.add(one);
    }
    return [...candidates];
  }

  /** What is tied one way only, such as a vlan, is most often so to the viewer's own. */
  #withIndex(index: number): readonly NamespaceId[] {
    const all = this.#byIndex.get(index) ?? [];
    return this.#own === undefined || !this.#networks.has(this.#own) ? all : [this.#own, ...all];
  }

  learn(id: NamespaceId, numbers: ReadonlyMap<NamespaceId, number>): void {
    const known = this.#known.get(id);
    for (const [other, number] of numbers) known?.set(number, other);
    for (const { index, link } of this.#paired.get(id)?.values() ?? []) {
      const other = link?.netnsid === undefined ? undefined : known?.get(link.netnsid);
      if (link === undefined || other === undefined) continue;
      // The other end leads back here, by whatever number that namespace has for this one.
      const back = this.#paired.get(other)?.get(link.index)?.link;
      if (back?.netnsid !== undefined && back.index === index) this.#known.get(other)?.set(back.netnsid, id);
    }
  }

  tied(id: NamespaceId, one: NetworkInterface): NetworkInterface {
    const { link } = one;
    const namespace = link?.netnsid === undefined ? undefined : this.#known.get(id)?.get(link.netnsid);
    return link === undefined || namespace === undefined ? one : { ...one, link: { ...link, namespace } };
  }
}

const endsOf = (index: number, other: number): string => `${index}/${other}`;
