import { chainBehind, foundationsOf, type Step } from "./foundations.ts";
import { gapsFor, type Gap } from "./gaps.ts";
import { bySureness } from "./holding.ts";
import { holdersOf, type Holder } from "./holders.ts";
import type { SnapshotIndex } from "./index-snapshot.ts";
import { isKernels } from "./initial.ts";
import { releasesIn, type Release } from "./release.ts";
import type { NamespaceRecord, ProcessRecord, SocketDescriptor } from "./types.ts";

/** Why a namespace is there. */
export interface WhyAlive {
  readonly namespace: NamespaceRecord;
  /** The kernel keeps it as long as it runs, whoever lets go. */
  readonly kernels: boolean;
  /** The surest first. All of them have to let go for it to end. */
  readonly holders: readonly HolderAnswer[];
  /** Where others may be. */
  readonly gaps: readonly Gap[];
  /** Sockets that descriptors are under way to: one of those may be it. */
  readonly inFlight: readonly InFlight[];
}

export interface InFlight {
  readonly descriptor: SocketDescriptor;
  readonly process: ProcessRecord;
}

export interface HolderAnswer {
  readonly holder: Holder;
  readonly release: Release;
  /** Why the holder is there, where it rests on a namespace; down to what rests on itself. */
  readonly because: readonly Step[];
}

/** All that keeps a namespace alive, as far as a snapshot knows, and what would make it end. */
export function whyAlive(index: SnapshotIndex, namespace: NamespaceRecord): WhyAlive {
  return {
    namespace,
    kernels: isKernels(index, namespace),
    holders: bySureness(holdersOf(index, namespace.id)).map(answersIn(index)),
    gaps: gapsFor(index.snapshot, namespace.kind),
    inFlight: inFlightIn(index),
  };
}

/** What is to be said of a holder; for who shows a few of many. */
export function answersIn(index: SnapshotIndex): (holder: Holder) => HolderAnswer {
  const foundations = foundationsOf(index);
  const releaseOf = releasesIn(index);
  return (holder) => ({ holder, release: releaseOf(holder), because: chainBehind(index, foundations, holder) });
}

const inFlightIn = ({ snapshot, processes }: SnapshotIndex): readonly InFlight[] =>
  snapshot.descriptors.flatMap((descriptor) => {
    const process = processes.get(descriptor.pid);
    if (descriptor.what !== "socket" || descriptor.inFlight === undefined || process === undefined) return [];
    return [{ descriptor, process }];
  });
