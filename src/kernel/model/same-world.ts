import type { CountedMap } from "./counted.ts";
import type { Task, World } from "./world.ts";

/**
 * A world as plain data, in an order of its own: two worlds are the same where this is equal. Open files, tables, roots and
 * memories are numbered by who has them, for the model's own numbers show nowhere; all other numbers can be read by tasks.
 */
export function canonical(world: World): unknown {
  const { namespaces, tasks, files, tables, fss, memories, numbering, ...rest } = world;
  const order = { table: new Order(), fs: new Order(), memory: new Order(), file: new Order() };
  const told = [...tasks.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ resources, ...task }: Task) => ({
      ...task,
      resources: resources && {
        table: order.table.of(resources.table),
        fs: order.fs.of(resources.fs),
        memory: order.memory.of(resources.memory),
      },
    }));
  const toldTables = order.table.told(tables, ({ descriptors, ...table }) => ({
    ...table,
    descriptors: Array.from(descriptors, ([fd, file]) => [fd, order.file.of(file)]),
  }));
  const free: number[] = [];
  for (let at = numbering.free; at !== undefined; at = at.rest) free.push(at.inode);
  return plain({
    ...rest,
    namespaces: [...namespaces.keys()].map((key) => [key, namespaces.held(key)]),
    numbering: { ...numbering, free },
    tasks: told,
    tables: toldTables,
    // Of a mount namespace that has ended nothing is left to tell, not even which one it was.
    fss: order.fs.told(fss, ({ mnt, ...fs }) => ({ ...fs, mnt: namespaces.has(mnt) ? mnt : "gone" })),
    memories: order.memory.told(memories, (memory) => memory),
    files: order.file.told(files, (file) => file),
  });
}

/** Whether no call and no look can tell one from the other. */
export const sameWorld = (one: World, other: World): boolean =>
  JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));

/** Numbers by the order of first use. */
class Order {
  readonly #places = new Map<number, number>();

  of(key: number): number {
    const place = this.#places.get(key) ?? this.#places.size;
    this.#places.set(key, place);
    return place;
  }
  /** All there are, with how many hold each; those that nothing used last. */
  told<K extends number, V>(map: CountedMap<K, V>, tell: (value: V) => object): readonly (readonly [number, object])[] {
    const all = Array.from(map, ([key, value]) => [this.of(key), value, map.held(key)?.references] as const);
    return all
      .toSorted(([a], [b]) => a - b)
      .map(([place, value, references]) => [place, { value: tell(value), references }] as const);
  }
}

/** Maps and sets as sorted lists, fields by name, bigints as texts; a field that is undefined is one that is not there. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (isIterable(value)) return Array.from(value, plain).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, plain(field)]),
  );
}

const isIterable = (value: object): value is Iterable<unknown> => Symbol.iterator in value;
const keyOf = (value: unknown): string => JSON.stringify(value);
