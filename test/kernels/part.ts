import type { LiveActor } from "../../src/kernel/live/actor.ts";
import type { Native } from "../../src/kernel/live/native.ts";

/** The machine that a guest is, as its parts see it. */
export interface Guest {
  readonly native: Native;
  /** Started anew for each part: its first task is root's. */
  readonly actor: LiveActor;
  /** Of the running kernel, as rules compare it. */
  readonly release: string;
}

/** Something that was found in a guest, and what should have been. */
export interface Check {
  readonly id: string;
  readonly says: string;
  readonly should: string;
}

/**
 * What is tried in a guest besides the kernel cases. To add one, write a file beside this one that exports a Part, and name it
 * in parts.ts. A part that throws counts as one check that failed.
 */
export interface Part {
  /** Every id of its checks begins with it and a colon: `--case NAME` runs it alone. */
  readonly name: string;
  /** About so long it takes on an emulated machine: guests that run at the same time share the parts by it. */
  readonly seconds?: number;
  /** Leaves the guest as it was: nothing that it made lasts. */
  run(guest: Guest): AsyncIterable<Check>;
}
