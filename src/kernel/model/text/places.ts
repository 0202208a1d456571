import type { NamespaceKind } from "../../../abi/namespace-kinds.ts";
import type { NsKey, World } from "../world.ts";
import type { Statement } from "./statement.ts";
import { listed } from "./values.ts";

interface Place {
  readonly key: NsKey;
  readonly kind: NamespaceKind;
  readonly parent: NsKey | undefined;
}

/** The namespaces that a text has drawn, by name: where a value names one. */
export class Places {
  readonly initial: World["initial"];
  readonly #byName = new Map<string, Place>();
  readonly #parents = new Map<NsKey, NsKey | undefined>();

  constructor(initial: World["initial"]) {
    this.initial = initial;
  }
  add(name: string, place: Place): void {
    this.#byName.set(name, place);
    this.#parents.set(place.key, place.parent);
  }
  has(name: string): boolean {
    return this.#byName.has(name);
  }
  names(): ReadonlyMap<string, NsKey> {
    return new Map(Array.from(this.#byName, ([name, { key }]) => [name, key]));
  }
  named(said: Statement, name: string): Place {
    const place = this.#byName.get(name);
    if (place === undefined) throw said.wrong("is-nowhere", { text: name });
    return place;
  }
  /** The one of that kind which a value names; nothing said: the initial one. */
  one(said: Statement, key: string, kind: NamespaceKind): NsKey {
    const name = said.raw(key);
    return name === undefined ? this.initial[kind] : this.ofKind(said, name, kind);
  }
  ofKind(said: Statement, name: string, kind: NamespaceKind): NsKey {
    const place = this.named(said, name);
    if (place.kind !== kind) throw said.wrong("other-kind", { text: name, near: kind });
    return place.key;
  }
  /** One of each kind at most, all of these kinds. */
  several(said: Statement, key: string, kinds: ReadonlySet<NamespaceKind>): ReadonlyMap<NamespaceKind, NsKey> {
    const found = new Map<NamespaceKind, NsKey>();
    for (const name of listed(said, key)) {
      const place = this.named(said, name);
      if (!kinds.has(place.kind)) throw said.wrong("other-kind", { text: name, near: [...kinds].join(", ") });
      if (found.has(place.kind)) throw said.wrong("said-twice", { text: place.kind });
      found.set(place.kind, place.key);
    }
    return found;
  }
  /** A pid namespace and those above it. */
  chain(pid: NsKey): readonly NsKey[] {
    const chain: NsKey[] = [];
    for (let at: NsKey | undefined = pid; at !== undefined; at = this.#parents.get(at)) chain.push(at);
    return chain;
  }
}
