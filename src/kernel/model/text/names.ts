import { KINDS } from "../../../abi/namespace-kinds.ts";
import type { NsKey, World } from "../world.ts";
import { initialName } from "./usual.ts";

const NAME = /^[a-z]+:[\w.-]+$/;

/** A name for each namespace of a world, of the form that drawings have; KIND:ID where it has none of that form. */
export class NamesOfWorld {
  readonly #names = new Map<NsKey, string>();

  constructor(world: World, known: (key: NsKey) => string | undefined) {
    const taken = new Set<string>();
    const name = (key: NsKey, text: string): void => {
      taken.add(text);
      this.#names.set(key, text);
    };
    for (const kind of KINDS) name(world.initial[kind], initialName(kind));
    const nameless: { readonly key: NsKey; readonly kind: string }[] = [];
    for (const { key, kind } of world.namespaces.values()) {
      if (this.#names.has(key)) continue;
      const text = known(key) ?? "";
      if (NAME.test(text) && text.startsWith(`${kind}:`) && !taken.has(text)) name(key, text);
      else nameless.push({ key, kind });
    }
    for (const { key, kind } of nameless) {
      let text = `${kind}:${key}`;
      while (taken.has(text)) text += "-";
      name(key, text);
    }
  }
  of(key: NsKey | undefined): string {
    const name = key === undefined ? undefined : this.#names.get(key);
    if (name === undefined) throw new RangeError(`there is no namespace ${key}`);
    return name;
  }
}
