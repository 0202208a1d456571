/**
 * The tree behind persistent maps: keys are whole numbers from 0 to 2^32 - 1, in their order. A branch decides by five
 * bits of the key, and stands at the highest place where its keys differ, so that neither sparse nor dense keys make the
 * tree deep. Nodes do not change, but for branches that were made under an owner: whoever has that owner may change them
 * in place, which saves copying a path again and again while one call works on it.
 */
const BITS = 5;
const LAST = (1 << BITS) - 1;

/** Whoever makes branches and has not shown them to anybody yet: an object of its own, and nothing else. */
export type Owner = object;

export const GREATEST_KEY = 2 ** 32 - 1;

export class Leaf<V> {
  readonly key: number;
  readonly value: V;
  /** How many hold the value, where that is counted: here, for an object between the two would be one more to look up. */
  readonly references: number;

  /** RangeError: no such key. */
  constructor(key: number, value: V, references = 0) {
    if (key >>> 0 !== key) throw new RangeError(`a key is a whole number from 0 to ${GREATEST_KEY}, got ${key}`);
    this.key = key;
    this.value = value;
    this.references = references;
  }
}

export class Branch<V> {
  /** One of the keys below: what is above the five bits is the same in all. */
  readonly key: number;
  /** Where in the key the five bits are. */
  readonly shift: number;
  readonly owner: Owner | undefined;
  /** Which values of the five bits lead on; the nodes they lead to, in order; how many keys are below. */
  bitmap: number;
  items: Node<V>[];
  size: number;

  constructor(place: Pick<Branch<V>, "key" | "shift">, owner: Owner | undefined, below: Below<V>) {
    this.key = place.key;
    this.shift = place.shift;
    this.owner = owner;
    this.bitmap = below.bitmap;
    this.items = below.items;
    this.size = below.size;
  }
  /** A branch with other items in its place: itself where the owner made it, else another. */
  with(below: Below<V>, owner: Owner | undefined): Branch<V> {
    if (!this.#isOf(owner)) return new Branch<V>(this, owner, below);
    this.bitmap = below.bitmap;
    this.items = below.items;
    this.size = below.size;
    return this;
  }
  /** A branch with another item at a place, below which there are so many keys more. */
  withItem(at: number, item: Node<V>, more: number, owner: Owner | undefined): Branch<V> {
    const branch = this.#isOf(owner)
      ? this
      : new Branch<V>(this, owner, { bitmap: this.bitmap, items: this.items.slice(), size: this.size });
    branch.items[at] = item;
    branch.size += more;
    return branch;
  }
  #isOf(owner: Owner | undefined): boolean {
    return owner !== undefined && this.owner === owner;
  }
}
type Below<V> = Pick<Branch<V>, "bitmap" | "items" | "size">;
export type Node<V> = Leaf<V> | Branch<V>;

const bitOf = (key: number, shift: number): number => 1 << ((key >>> shift) & LAST);
/** Whether a key differs from those of a branch above its five bits. */
const isElsewhere = ({ key, shift }: Branch<unknown>, other: number): boolean =>
  ((key ^ other) >>> shift) >>> BITS !== 0;
export const sizeOf = (node: Node<unknown> | undefined): number =>
  node === undefined ? 0 : node instanceof Leaf ? 1 : node.size;

/** Where among its branch's items a bit's node stands: how many of the bits below are set. */
function placeOf(bitmap: number, bit: number): number {
  let bits = bitmap & (bit - 1);
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export function find<V>(root: Node<V> | undefined, key: number): Leaf<V> | undefined {
  let node = root;
  while (node instanceof Branch) {
    const bit = bitOf(key, node.shift);
    // A key of elsewhere ends at a leaf that has another.
    node = (node.bitmap & bit) === 0 ? undefined : node.items[placeOf(node.bitmap, bit)];
  }
  return node?.key === key ? node : undefined;
}

/** The tree with a leaf more, or with this leaf in the place of that of its key. */
export function put<V>(node: Node<V> | undefined, leaf: Leaf<V>, owner?: Owner): Node<V> {
  if (node === undefined) return leaf;
  if (node instanceof Leaf) return node.key === leaf.key ? leaf : fork(node, leaf, owner);
  if (isElsewhere(node, leaf.key)) return fork(node, leaf, owner);
  const bit = bitOf(leaf.key, node.shift);
  const place = placeOf(node.bitmap, bit);
  const below = (node.bitmap & bit) === 0 ? undefined : node.items[place];
  if (below === undefined) {
    // Not by splice, which makes room for many more.
    const items = node.items.toSpliced(place, 0, leaf);
    return node.with({ bitmap: node.bitmap | bit, items, size: node.size + 1 }, owner);
  }
  const before = sizeOf(below);
  const after = put(below, leaf, owner);
  return node.withItem(place, after, sizeOf(after) - before, owner);
}

/** A branch of two, where their keys begin to differ. */
function fork<V>(one: Node<V>, other: Leaf<V>, owner: Owner | undefined): Branch<V> {
  const highest = 31 - Math.clz32(one.key ^ other.key);
  const shift = highest - (highest % BITS);
  const [left, right] = [bitOf(one.key, shift), bitOf(other.key, shift)];
  // The highest bit is negative as a number.
  const items = left >>> 0 < right >>> 0 ? [one, other] : [other, one];
  return new Branch<V>({ key: other.key, shift }, owner, { bitmap: left | right, items, size: sizeOf(one) + 1 });
}

/** The tree without a key: the same where it is not there, nothing where it was the only one. */
export function remove<V>(node: Node<V> | undefined, key: number, owner?: Owner): Node<V> | undefined {
  if (node === undefined) return undefined;
  if (node instanceof Leaf) return node.key === key ? undefined : node;
  const bit = bitOf(key, node.shift);
  if ((node.bitmap & bit) === 0) return node;
  const place = placeOf(node.bitmap, bit);
  const below = node.items[place];
  const before = sizeOf(below);
  const after = remove(below, key, owner);
  const gone = before - sizeOf(after);
  if (gone === 0) return node;
  if (after === undefined && node.items.length === 2) return node.items[1 - place];
  if (after !== undefined) return node.withItem(place, after, -gone, owner);
  return node.with(
    { bitmap: node.bitmap & ~bit, items: node.items.toSpliced(place, 1), size: node.size - gone },
    owner,
  );
}

/** The leaves, smallest key first. Without recursion: a generator in a generator costs as much as what it gives. */
export function* leaves<V>(root: Node<V> | undefined): IterableIterator<Leaf<V>> {
  const waiting = root === undefined ? [] : [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node instanceof Leaf) yield node;
    else for (let at = node.items.length - 1; at >= 0; at--) push(waiting, node.items[at]);
  }
}

function push<V>(waiting: Node<V>[], node: Node<V> | undefined): void {
  if (node !== undefined) waiting.push(node);
}

/** The leaf of the least key from `from` on ("up"), or of the greatest down from there. */
export function nearest<V>(node: Node<V> | undefined, from: number, way: "up" | "down"): Leaf<V> | undefined {
  if (node === undefined) return undefined;
  if (node instanceof Leaf) return (way === "up" ? node.key >= from : node.key <= from) ? node : undefined;
  if (isElsewhere(node, from))
    return (way === "up" ? node.key > from : node.key < from) ? outermost(node, way) : undefined;
  const bit = bitOf(from, node.shift);
  const place = placeOf(node.bitmap, bit);
  const isThere = (node.bitmap & bit) !== 0;
  const within = isThere ? nearest(node.items[place], from, way) : undefined;
  if (within !== undefined) return within;
  const next = way === "down" ? place - 1 : isThere ? place + 1 : place;
  return outermost(node.items[next], way);
}

/** The first leaf that one meets who goes up, or down: the least one, or the greatest. */
export function outermost<V>(root: Node<V> | undefined, way: "up" | "down"): Leaf<V> | undefined {
  let node = root;
  while (node instanceof Branch) node = node.items[way === "up" ? 0 : node.items.length - 1];
  return node;
}

/** The least number from `from` on that is no key; where nothing is missing below, the one behind. */
export function firstMissing(node: Node<unknown> | undefined, from: number): number {
  if (node === undefined) return from;
  if (node instanceof Leaf) return node.key === from ? from + 1 : from;
  if (isElsewhere(node, from)) return from;
  const room = 2 ** (node.shift + BITS);
  const end = Math.floor(from / room) * room + room;
  if (node.size === room) return end;
  const step = 2 ** node.shift;
  let at = from;
  while (at < end) {
    const bit = bitOf(at, node.shift);
    if ((node.bitmap & bit) === 0) return at;
    const missing = firstMissing(node.items[placeOf(node.bitmap, bit)], at);
    if (missing < Math.floor(at / step) * step + step) return missing;
    at = missing;
  }
  return end;
}

/** The leaves in which two trees differ, of both. What they share, which is most of two worlds one call apart, is passed over. */
export function* differing<V>(one: Node<V> | undefined, other: Node<V> | undefined): IterableIterator<Leaf<V>> {
  if (one === other) return;
  const outer = outerOf(one, other) ?? outerOf(other, one);
  if (outer === undefined) {
    yield* leaves(one);
    yield* leaves(other);
    return;
  }
  const inner = outer === one ? other : one;
  for (const item of outer.items) {
    const bit = bitOf(item.key, outer.shift);
    yield* differing(item, inner === undefined ? undefined : partAt(inner, outer.shift, bit));
  }
  if (!(inner instanceof Branch) || inner.shift !== outer.shift) {
    // Where the outer one has no such place, all of the inner one differs.
    if (inner !== undefined && (outer.bitmap & bitOf(inner.key, outer.shift)) === 0) yield* leaves(inner);
    return;
  }
  for (const item of inner.items) {
    if ((outer.bitmap & bitOf(item.key, outer.shift)) === 0) yield* leaves(item);
  }
}

/** The first node, where the second may lie below it or in its place. */
function outerOf<V>(one: Node<V> | undefined, other: Node<V> | undefined): Branch<V> | undefined {
  if (!(one instanceof Branch) || other === undefined || isElsewhere(one, other.key)) return undefined;
  return other instanceof Leaf || other.shift <= one.shift ? one : undefined;
}

/** What a node has at one place of a branch: of a branch as high its item, of anything below itself. */
function partAt<V>(node: Node<V>, shift: number, bit: number): Node<V> | undefined {
  if (node instanceof Branch && node.shift === shift) {
    return (node.bitmap & bit) === 0 ? undefined : node.items[placeOf(node.bitmap, bit)];
  }
  return bitOf(node.key, shift) === bit ? node : undefined;
}
