/**
 * A record some of whose facts are not there to be read: reading one runs a function, which throws, or notes that the
 * fact is taken for granted. It stands in where a world is made of what somebody saw. Records of this prototype are such.
 */
const RESERVED: object = Object.freeze({});

/** How the facts that nobody saw are read. */
export type Readers<T> = { readonly [Name in keyof T]?: (() => T[Name]) | undefined };

/** A record of what is known, and readers for the rest. */
export function reserved<T extends object>(known: Partial<T>, readers: Readers<T>): T {
  const record: object = Object.assign(Object.create(RESERVED), known);
  for (const name of Object.keys(readers)) {
    const get = readers[name as keyof T];
    if (get !== undefined) Object.defineProperty(record, name, { get, enumerable: true, configurable: true });
  }
  // Between them the two say what each field of T is.
  return record as T;
}

/** Whether some fact of a record is not there to be read. Others are copied by a spread, which is quickest for one shape. */
export const isReserved = (record: object): boolean => Object.getPrototypeOf(record) === RESERVED;

/** The same record with some facts changed; the others are copied without being read. */
export function changed<T extends object>(whole: T, change: Partial<T>): T;
export function changed<T extends object, C extends object>(whole: T, change: C): T & C;
export function changed(whole: object, change: object): object {
  if (!isReserved(whole)) return { ...whole, ...change };
  const copy: object = Object.create(RESERVED, Object.getOwnPropertyDescriptors(whole));
  for (const [name, value] of Object.entries(change)) {
    Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

/**
 * The same with records of a kind that has a copier: a literal that names every field, so that all of its records have one
 * shape in V8. A spread gives its copy a shape that no other spread gives. Of records that went through several of them
 * there are soon too many: the next spread takes one apart field by field, at ten times the cost, and whoever looks at a
 * field has to search for it.
 */
export const changedLike = <T extends object>(whole: T, change: Partial<T>, copyOf: (whole: T) => T): T =>
  isReserved(whole) ? changed(whole, change) : Object.assign(copyOf(whole), change);

/** Whether a fact is the same in two records, without reading it where nobody saw it. */
export function sameFact<T extends object>(one: T, other: T, name: keyof T): boolean {
  const [a, b] = [Object.getOwnPropertyDescriptor(one, name), Object.getOwnPropertyDescriptor(other, name)];
  return a?.get === undefined && b?.get === undefined ? one[name] === other[name] : a?.get === b?.get;
}
