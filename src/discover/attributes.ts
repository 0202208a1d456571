import type { NamespaceId } from "../abi/ids.ts";
import type { Observer } from "../kernel/observer.ts";
import { refused, type Outcome } from "../rules/outcome.ts";
import { ATTRIBUTED_KINDS, ATTRIBUTE_SOURCES, isAttributed, type AttributedKind } from "../snapshot/attributes.ts";
import { indexSnapshot, type SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { compareSources } from "../snapshot/order.ts";
import type { Answer, Attributes, Coverage, NamespaceRecord, Snapshot } from "../snapshot/types.ts";
import type { Asked } from "./asked.ts";
import { cgroupAttributes } from "./cgroup-root.ts";
import { clockAttributes } from "./clocks.ts";
import { Doorway } from "./doorway.ts";
import { openKnown } from "./open-known.ts";
import { withPeers } from "./peers.ts";
import { Tally } from "./tally.ts";
import { hostNameAttributes, ipcAttributes, limitAttributes, networkAttributes } from "./told.ts";

/** Which attributes to read. */
export interface AttributeWish {
  /** Of these alone, and of those that their interfaces lead to. */
  readonly only?: ReadonlySet<NamespaceId>;
  readonly enter: boolean;
  /** So many namespaces are entered at most. */
  readonly most: number;
}

const READERS: Readonly<Record<AttributedKind, (asked: Asked) => Outcome<Attributes>>> = {
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
    for (const { id, kind } of namespaces) {
      const answer = isAttributed(kind) && !found.has(id) ? reading.answer(id, kind) : undefined;
      if (answer !== undefined) found.set(id, answer);
    }
  };
  read(wanted);
  // What an interface is tied to lies in another: which one, only that one tells.
  const leadsOn = wish.only !== undefined && [...found.values()].some(leadsElsewhere);
  if (leadsOn) read(snapshot.namespaces.filter(({ kind }) => kind === "net"));
  const tied = withPeers(observer, index, found, reading);
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
  #entered = 0;
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

  /** Undefined: it would have been one too many, or there is nobody to send (a drawn world, no native half). */
  answer(id: NamespaceId, kind: AttributedKind): Answer<Attributes> | undefined {
    const outcome = READERS[kind](this.asked(id, kind));
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

  asked(id: NamespaceId, kind: AttributedKind): Asked {
    const [observer, index] = [this.#observer, this.#index];
    const isOwn = index.snapshot.viewpoint.namespaces[kind] === id;
    return {
      observer,
      index,
      id,
      isOwn,
      inside: (ask) => {
        if (isOwn) {
          const telling = this.#doorway.telling("own");
          return telling.ok ? ask(telling.value, "own") : telling;
        }
        if (this.#entered >= this.#most) return refused(LEFT);
        const telling = this.#doorway.telling(undefined);
        if (!telling.ok) return telling;
        const opened = openKnown(observer, index, id);
        if (!opened.ok) return opened;
        using file = opened.value;
        this.#entered++;
        return ask(telling.value, file);
      },
    };
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

/** It would have been one too many. */
const LEFT = "E2BIG";
/** It takes entering, and that was not wanted: as `Doorway` says it. */
const DECLINED = "ECANCELED";

const count = (counts: Map<AttributedKind, number>, kind: AttributedKind): void => {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
};
