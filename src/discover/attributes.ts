import type { NamespaceId } from "../abi/ids.ts";
import type { Whose } from "../kernel/attributes.ts";
import type { NsFile, Observer } from "../kernel/observer.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import { ATTRIBUTED_KINDS, ATTRIBUTE_SOURCES, type AttributedKind } from "../snapshot/attributes.ts";
import { indexSnapshot, type SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { compareSources } from "../snapshot/order.ts";
import type { Answer, Attributes, Coverage, NamespaceRecord, Snapshot } from "../snapshot/types.ts";
import type { Ask, Asked, AttributeReader } from "./asked.ts";
import { cgroupAttributes } from "./cgroup-root.ts";
import { clockAttributes } from "./clocks.ts";
import { Doorway } from "./doorway.ts";
import { AT_ONCE, inPieces } from "./in-pieces.ts";
import { withNumbers } from "./netns-numbers.ts";
import { openKnown } from "./open-known.ts";
import { withPeers } from "./peers.ts";
import { Tally } from "./tally.ts";
import { hostNameAttributes, ipcAttributes, limitAttributes, networkAttributes } from "./told.ts";

/** Which attributes to read. */
export interface AttributeWish {
  /** Of these alone, and of those that their interfaces lead to. */
  readonly only?: ReadonlySet<NamespaceId>;
  readonly enter: boolean;
  /** Whether network namespaces are asked for all numbers that they have for others. */
  readonly numbers?: boolean;
  /** So many namespaces are entered at most. */
  readonly most: number;
}

const READERS: Readonly<Record<AttributedKind, AttributeReader<Attributes>>> = {
  uts: hostNameAttributes,
  time: clockAttributes,
  cgroup: cgroupAttributes,
  net: networkAttributes,
  user: limitAttributes,
  ipc: ipcAttributes,
};

/** A snapshot with what its namespaces say of themselves, as far as they could be asked. */
export function withAttributes(observer: Observer, snapshot: Snapshot, wish: AttributeWish): Snapshot {
  const index = indexSnapshot(snapshot);
  using reading = new Reading(observer, index, wish);
  const wanted = snapshot.namespaces.filter(({ id }) => wish.only === undefined || wish.only.has(id));
  const found = new Map<NamespaceId, Answer<Attributes>>();
  const read = (namespaces: readonly NamespaceRecord[]): void => {
    // In pieces: where there are too many, some of each kind are asked.
    for (const piece of inPieces(namespaces, PIECE)) {
      for (const kind of ATTRIBUTED_KINDS) {
        const ids = piece.filter((one) => one.kind === kind && !found.has(one.id)).map(({ id }) => id);
        for (const [id, answer] of reading.answers(kind, ids)) found.set(id, answer);
      }
    }
  };
  read(wanted);
  // What an interface is tied to lies in another: which one, only that one tells.
  const leadsOn = wish.only !== undefined && [...found.values()].some(leadsElsewhere);
  if (leadsOn) read(snapshot.namespaces.filter(({ kind }) => kind === "net"));
  const peers = withPeers(index, found, reading);
  const tied =
    wish.numbers === true ? withNumbers(peers, reading.asked("net"), wish.only ?? new Set(peers.keys())) : peers;
  const numbers = numbersGiven(tied, snapshot.viewpoint.namespaces.net);
  return {
    ...snapshot,
    namespaces: snapshot.namespaces.map((record) => {
      const attributes = tied.get(record.id);
      const netnsid = numbers.get(record.id);
      return {
        ...record,
        ...(netnsid === undefined ? {} : { netnsid }),
        ...(attributes === undefined ? {} : { attributes }),
      };
    }),
    coverage: withRows(snapshot.coverage, reading.rows),
  };
}

const leadsElsewhere = (answer: Answer<Attributes>): boolean =>
  "value" in answer &&
  answer.value.of === "net" &&
  answer.value.interfaces.some(({ link }) => link?.netnsid !== undefined);

/** A dump of interfaces gives numbers to namespaces that had none: those of the viewer's own, as they are now. */
function numbersGiven(
  tied: ReadonlyMap<NamespaceId, Answer<Attributes>>,
  own: NamespaceId | undefined,
): ReadonlyMap<NamespaceId, number> {
  const answer = own === undefined ? undefined : tied.get(own);
  const interfaces =
    answer !== undefined && "value" in answer && answer.value.of === "net" ? answer.value.interfaces : [];
  return new Map(
    interfaces.flatMap(({ link: { namespace, netnsid } = {} }): [NamespaceId, number][] =>
      namespace === undefined || netnsid === undefined ? [] : [[namespace, netnsid]],
    ),
  );
}

/** The rows of a look that reads no attributes; `why` not. */
export const noAttributes = (why: "unasked" | "unwanted"): readonly Coverage[] =>
  ATTRIBUTED_KINDS.map((kind) => {
    const tally = new Tally(ATTRIBUTE_SOURCES[kind]);
    tally.skip(why);
    return tally.row;
  });

function withRows(coverage: readonly Coverage[], rows: readonly Coverage[]): readonly Coverage[] {
  const sources = new Set(rows.map(({ source }) => source));
  return [...coverage.filter(({ source }) => !sources.has(source)), ...rows].toSorted((a, b) =>
    compareSources(a.source, b.source),
  );
}

/** One look at the attributes of many. */
export class Reading implements Disposable {
  readonly #observer: Observer;
  readonly #index: SnapshotIndex;
  readonly #doorway: Doorway;
  readonly #tallies: Readonly<Record<AttributedKind, Tally>>;
  readonly #most: number;
  #visited = 0;
  readonly #left = new Map<AttributedKind, number>();
  readonly #declined = new Map<AttributedKind, number>();

  constructor(observer: Observer, index: SnapshotIndex, { enter, most }: AttributeWish) {
    this.#observer = observer;
    this.#index = index;
    this.#doorway = new Doorway(observer, { mayEnter: enter });
    this.#most = most;
    const tally = (kind: AttributedKind): Tally => new Tally(ATTRIBUTE_SOURCES[kind]);
    this.#tallies = {
      uts: tally("uts"),
      time: tally("time"),
      cgroup: tally("cgroup"),
      net: tally("net"),
      user: tally("user"),
      ipc: tally("ipc"),
    };
  }

  [Symbol.dispose](): void {
    this.#doorway[Symbol.dispose]();
  }

  /** Nothing of those that would have been too many, nor where there is nobody to send (a drawn world, no native half). */
  answers(kind: AttributedKind, ids: readonly NamespaceId[]): ReadonlyMap<NamespaceId, Answer<Attributes>> {
    const found = new Map<NamespaceId, Answer<Attributes>>();
    const outcomes = READERS[kind](this.asked(kind), ids);
    for (const [nth, id] of ids.entries()) {
      const outcome = outcomes[nth];
      const answer = outcome === undefined ? undefined : this.#entered(kind, outcome);
      if (answer !== undefined) found.set(id, answer);
    }
    return found;
  }

  /** As the coverage counts it, and the snapshot has it. */
  #entered(kind: AttributedKind, outcome: Outcome<Attributes>): Answer<Attributes> | undefined {
    if (outcome.ok) {
      this.#tallies[kind].saw();
      return { value: outcome.value };
    }
    const { errno } = outcome;
    if (errno === "ENOSYS") {
      this.#tallies[kind].unsupported(errno);
      return undefined;
    }
    if (errno === LEFT) {
      count(this.#left, kind);
      return undefined;
    }
    if (errno === DECLINED) count(this.#declined, kind);
    else this.#tallies[kind].refused(errno);
    return { refused: errno, call: errno === "ENOENT" ? "openat" : "setns" };
  }

  asked(kind: AttributedKind): Asked {
    const own = this.#index.snapshot.viewpoint.namespaces[kind];
    return {
      observer: this.#observer,
      index: this.#index,
      open: (id) => this.#open(id),
      own,
      inside: (ids, ask) => inPieces(ids, AT_ONCE).flatMap((some) => this.#inside(some, own, ask)),
    };
  }

  #inside<T>(ids: readonly NamespaceId[], own: NamespaceId | undefined, ask: Ask<T>): readonly Outcome<T>[] {
    const files: NsFile[] = [];
    try {
      const ways = ids.map((id) => {
        const way = this.#wayInto(id, own);
        if (way.ok && way.value !== "own") files.push(way.value);
        return way;
      });
      const open = ways.flatMap((way, nth) => {
        const id = ids[nth];
        return way.ok && id !== undefined ? [{ id, of: way.value }] : [];
      });
      const told = this.#told(open, ask)[Symbol.iterator]();
      return ways.map((way) => (way.ok ? (told.next().value ?? refused("ENODATA")) : way));
    } finally {
      for (const file of files) file[Symbol.dispose]();
    }
  }

  #told<T>(open: readonly { readonly id: NamespaceId; readonly of: Whose }[], ask: Ask<T>): readonly Outcome<T>[] {
    if (open.length === 0) return [];
    // Whether others than the own one may be entered was asked before they were opened.
    const telling = this.#doorway.telling("own");
    if (!telling.ok) return open.map(() => telling);
    const [of, ids] = [open.map((one) => one.of), open.map((one) => one.id)];
    return ask(telling.value, of, ids);
  }

  #open(id: NamespaceId): Outcome<NsFile> {
    return openKnown({ observer: this.#observer, index: this.#index, doorway: this.#doorway }, id);
  }

  /** The file of a namespace, where it may be entered. */
  #wayInto(id: NamespaceId, own: NamespaceId | undefined): Outcome<Whose> {
    if (id === own) return ok("own");
    if (this.#visited >= this.#most) return refused(LEFT);
    const telling = this.#doorway.telling(undefined);
    if (!telling.ok) return telling;
    const opened = this.#open(id);
    if (opened.ok) this.#visited++;
    return opened;
  }

  get rows(): readonly Coverage[] {
    return ATTRIBUTED_KINDS.map((kind) => {
      const tally = this.#tallies[kind];
      tally.skip("entering", this.#declined.get(kind) ?? 0);
      tally.skip("costly", this.#left.get(kind) ?? 0);
      return tally.row;
    });
  }
}

/** So many are asked kind by kind. */
const PIECE = 1024;

/** It would have been one too many. */
const LEFT = "E2BIG";
/** It takes entering, and that was not wanted: as `Doorway` says it. */
const DECLINED = "ECANCELED";

const count = (counts: Map<AttributedKind, number>, kind: AttributedKind): void => {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
};
