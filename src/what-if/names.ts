import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { World, NsKey } from "../kernel/model/world.ts";

/**
 * The names of a world's namespaces: as drawn, and for each new one KIND:NAME after the process it is made for, with a
 * number behind where that is taken. A name stays with a namespace after its end.
 */
export class Names {
  readonly #names = new Map<NsKey, string>();
  readonly #keys = new Map<string, NsKey>();
  /** The number that was last put behind a name. */
  readonly #counts = new Map<string, number>();

  add(key: NsKey, name: string): void {
    this.#names.set(key, name);
    this.#keys.set(name, key);
  }
  /** Another word that leads to it. */
  also(key: NsKey, name: string): void {
    if (!this.#keys.has(name)) this.#keys.set(name, key);
  }
  /** Names a new namespace after a process; gives the name. */
  invent(key: NsKey, kind: NamespaceKind, process: string): string {
    const plain = `${kind}:${labelOf(process)}`;
    let [name, count] = [plain, this.#counts.get(plain) ?? 1];
    while (this.#keys.has(name)) name = `${plain}-${++count}`;
    this.#counts.set(plain, count);
    this.add(key, name);
    return name;
  }
  of(key: NsKey): string {
    return this.#names.get(key) ?? "?";
  }
  key(name: string): NsKey | undefined {
    return this.#keys.get(name);
  }
  /** Those that exist in a world. */
  in({ namespaces }: World): string[] {
    return [...this.#keys].filter(([, key]) => namespaces.has(key)).map(([name]) => name);
  }
}

/** Whoever sits in `user:box` is called so too; what is named after it is named `box`. */
export const labelOf = (process: string): string => process.slice(process.indexOf(":") + 1);
