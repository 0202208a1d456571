import { pathOfRef, type Identified } from "../discover/resolve-ref.ts";
import { indexSnapshot, type SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { Running } from "./command.ts";
import { resolveIn, resolveOnMachine, type NamedRef } from "./resolve.ts";
import { fromFile, look } from "./seen.ts";

/** What a reading command asks for. */
interface Wanted {
  /** A snapshot's file; undefined for this machine. */
  readonly from: string | undefined;
  /** Whether every process's control group is to be read. */
  readonly cgroups?: boolean;
}

/** What a reading command works on. */
export interface Seen {
  readonly index: SnapshotIndex;
  readonly isLive: boolean;
}

/** The machine or a snapshot. */
export async function seen(running: Running, { from, cgroups = false }: Wanted): Promise<Seen> {
  if (from !== undefined) return { index: indexSnapshot(await fromFile(running, from)), isLive: false };
  const observer = await running.openObserver(running.procRoot);
  return { index: indexSnapshot(await look(running, observer, { commandLines: true, cgroups })), isLive: true };
}

/** The same with one namespace of it that was named: on the machine it is in what was seen, whatever holds it. */
export async function seenWith(
  running: Running,
  { from, named, cgroups = false }: Wanted & { readonly named: NamedRef },
): Promise<Seen & { readonly target: Identified }> {
  const { language } = running;
  if (from !== undefined) {
    const index = indexSnapshot(await fromFile(running, from));
    return { index, isLive: false, target: resolveIn(index, named, language) };
  }
  const observer = await running.openObserver(running.procRoot);
  // First of all: a descriptor that nsatlas inherited is to be told from those that discovery opens.
  const onMachine = resolveOnMachine(named, observer, language);
  const path = pathOfRef(named.ref, observer.procRoot);
  const files = path === undefined ? [] : [path];
  const index = indexSnapshot(await look(running, observer, { commandLines: true, cgroups, files }));
  return { index, isLive: true, target: onMachine ?? resolveIn(index, named, language) };
}
