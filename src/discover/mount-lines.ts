import type { ShownTable } from "../kernel/mounting.ts";
import { mountTree } from "../procfs/mount-tree.ts";
import { parseMountLines, type KnownMounts, type MountLine } from "../procfs/mountinfo.ts";
import type { Answer, MountTable } from "../snapshot/types.ts";
import type { ReadTable, SeenMount } from "./mount-table.ts";

/** File systems whose mounts hold namespaces: nsfs one, a proc and an mqueue another each. */
const HOLDING: ReadonlySet<string> = new Set(["nsfs", "proc", "mqueue"]);

/** A table as far as most looks need it: copies of a mount namespace share all but the numbers of their mounts. */
export interface MountsTold {
  readonly answer: Answer<MountTable>;
  /** A process that has the namespace's root, as /proc says. */
  readonly member: number | undefined;
  /** All of it. */
  readonly mounts: Iterable<SeenMount>;
  /** Those that hold namespaces, or may. */
  readonly holding: readonly SeenMount[];
  readonly ids: Iterable<number>;
  /** Whether a view from another root was needed. */
  readonly isChrooted: boolean;
  /** Those whose path leads elsewhere, and the path of what hides each. */
  readonly hidden: () => ReadonlyMap<number, string>;
}

/** Of a table that was read by itself. */
export function toldBy(table: ReadTable): MountsTold {
  const { mounts } = table;
  const isChrooted = mounts.some(({ through }) => through !== undefined);
  return {
    ...table,
    holding: mounts.filter(({ fsType }) => HOLDING.has(fsType)),
    ids: mounts.map(({ id }) => id),
    isChrooted,
    // Paths from several roots cannot be compared.
    hidden: () => hiddenAmong(isChrooted ? [] : mounts),
  };
}

function hiddenAmong(mounts: readonly SeenMount[]): ReadonlyMap<number, string> {
  const hidden = new Map<number, string>();
  for (const { mount, hiddenBy } of mountTree(mounts)) {
    if (hiddenBy !== undefined) hidden.set(mount.id, hiddenBy.mountPoint);
  }
  return hidden;
}

interface Lines {
  readonly all: readonly MountLine[];
  /** The places of those that hold. */
  readonly holding: readonly number[];
  /** What one table with these lines hides, by place; and the places of its mounts' parents, which copies have alike. */
  hidden?: { readonly parents: readonly number[]; readonly paths: ReadonlyMap<number, string> };
}

/** Different texts that are kept: a machine may have as many as somebody likes. */
const MOST_TEXTS = 256;

/** The lines of tables that were read many at a time. */
export class MountLines {
  readonly #known: KnownMounts;
  readonly #read = new Map<string, Lines | undefined>();

  constructor(known: KnownMounts) {
    this.#known = known;
  }

  /** Undefined where it is not all that the kernel counts, or no mountinfo: there are other ways to read it. */
  tell({ rest, numbers, count }: ShownTable, pid: number): MountsTold | undefined {
    const lines = this.#linesOf(rest);
    const seen = numbers.length / 2;
    if (lines === undefined || lines.all.length !== seen || (count.ok && seen < count.value)) return undefined;
    const outOfReach = count.ok ? { outOfReach: 0 } : {};
    const mounts = new Numbered(lines, numbers);
    return {
      answer: { value: { by: "mountinfo", readFrom: pid, seen, ...outOfReach } },
      member: pid,
      mounts,
      holding: lines.holding.map((nth) => mounts.at(nth)),
      ids: new Ids(numbers),
      isChrooted: false,
      hidden: () => mounts.hidden(),
    };
  }

  #linesOf(rest: string): Lines | undefined {
    if (this.#read.has(rest)) return this.#read.get(rest);
    const parsed = parseMountLines(rest, this.#known);
    const all = parsed.ok ? parsed.value : undefined;
    const lines = all && { all, holding: [...all.keys()].filter((nth) => HOLDING.has(all[nth]?.fsType ?? "")) };
    if (this.#read.size < MOST_TEXTS) this.#read.set(rest, lines);
    return lines;
  }
}

/** The first of each two numbers, for whoever looks at them: few do. */
class Ids implements Iterable<number> {
  readonly #numbers: Int32Array;

  constructor(numbers: Int32Array) {
    this.#numbers = numbers;
  }
  *[Symbol.iterator](): Iterator<number> {
    for (let at = 0; at < this.#numbers.length; at += 2) yield this.#numbers[at] ?? 0;
  }
}

/** Mounts that are made when somebody looks at them. */
class Numbered implements Iterable<SeenMount> {
  readonly #lines: Lines;
  readonly #numbers: Int32Array;

  constructor(lines: Lines, numbers: Int32Array) {
    this.#lines = lines;
    this.#numbers = numbers;
  }
  at(nth: number): SeenMount {
    const line = this.#lines.all[nth];
    if (line === undefined) throw new RangeError(`there is no line ${nth}`);
    return { id: this.#numbers[2 * nth] ?? 0, parent: this.#numbers[2 * nth + 1] ?? 0, ...line };
  }
  *[Symbol.iterator](): Iterator<SeenMount> {
    for (const nth of this.#lines.all.keys()) yield this.at(nth);
  }

  hidden(): ReadonlyMap<number, string> {
    const places = new Map<number, number>();
    for (const nth of this.#lines.all.keys()) places.set(this.#numbers[2 * nth] ?? 0, nth);
    const parents = Array.from(this.#lines.all.keys(), (nth) => places.get(this.#numbers[2 * nth + 1] ?? 0) ?? -1);
    const known = this.#lines.hidden;
    if (known?.parents.every((place, nth) => place === parents[nth]) === true) {
      return new Map(Array.from(known.paths, ([nth, path]) => [this.#numbers[2 * nth] ?? 0, path]));
    }
    const hidden = hiddenAmong([...this]);
    this.#lines.hidden = { parents, paths: new Map(Array.from(hidden, ([id, path]) => [places.get(id) ?? -1, path])) };
    return hidden;
  }
}
