import { errnoName, type ErrnoName } from "../abi/errnos.ts";
import type { Looked } from "../kernel/hanging.ts";
import type { Coverage, CoverageNote, Skipped, Source } from "../snapshot/types.ts";

/** Counts what one source was asked for and what came of it; `row` is its line of the snapshot's coverage. */
export class Tally {
  readonly #source: Source;
  #seen = 0;
  #vanished = 0;
  readonly #refused = new Map<ErrnoName, number>();
  readonly #notes = new Set<CoverageNote>();
  #unsupported: Coverage["unsupported"];
  #skipped: Skipped | undefined;

  constructor(source: Source) {
    this.#source = source;
  }
  saw(times = 1): void {
    this.#seen += times;
  }
  /** Something that ended while it was looked at. */
  lost(times = 1): void {
    this.#vanished += times;
  }
  /** Of what was counted as seen, so many had gone when they were to be opened. */
  vanishedAfterAll(times = 1): void {
    this.#seen -= times;
    this.#vanished += times;
  }
  refused(errno: ErrnoName, times = 1): void {
    this.#refused.set(errno, (this.#refused.get(errno) ?? 0) + times);
  }
  note(note: CoverageNote): void {
    this.#notes.add(note);
  }
  unsupported(errno: ErrnoName, since?: string): void {
    this.#unsupported = since === undefined ? { errno } : { errno, since };
  }

  /** What is not asked at all; nothing, where it is 0 of it. */
  skip(why: Skipped["why"], count?: number): void {
    if (count !== 0) this.#skipped = count === undefined ? { why } : { why, count };
  }
  /** The counts of a scan: those of `errnos` are numbers. */
  looked({ seen, vanished, skipped, refused }: Looked): void {
    this.saw(seen);
    this.lost(vanished);
    this.skip("costly", skipped);
    for (const [errno, times] of refused) this.refused(errnoName(errno), times);
  }

  get row(): Coverage {
    const refused = [...this.#refused.values()].reduce((sum, times) => sum + times, 0);
    return {
      source: this.#source,
      asked: this.#seen + this.#vanished + refused,
      seen: this.#seen,
      vanished: this.#vanished,
      refused: Object.fromEntries([...this.#refused].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      ...(this.#unsupported === undefined ? {} : { unsupported: this.#unsupported }),
      ...(this.#skipped === undefined ? {} : { skipped: this.#skipped }),
      ...(this.#notes.size === 0 ? {} : { notes: [...this.#notes].toSorted() }),
    };
  }
}
