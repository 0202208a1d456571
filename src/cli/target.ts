import type { NamespaceId } from "../abi/ids.ts";
import type { SourceWish } from "../discover/cost.ts";
import type { DiscoverWish } from "../discover/discover.ts";
import { pathOfRef, type Identified } from "../discover/resolve-ref.ts";
import type { Observer } from "../kernel/observer.ts";
import { DRAWING } from "../messages/drawing.ts";
import { USAGE_HINTS } from "../messages/usage.ts";
import { indexSnapshot, type SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { Snapshot } from "../snapshot/types.ts";
import type { Running } from "./command.ts";
import type { Place } from "./place.ts";
import { resolveIn, resolveOnMachine, type NamedRef } from "./resolve.ts";
import { fromFile, look } from "./seen.ts";
import { usageFailure } from "./usage.ts";

type Wish = SourceWish & Pick<DiscoverWish, "enter" | "traces" | "maps">;

/** What a reading command asks for. */
export interface Wanted extends Place {
  /** Which sources to leave out, and whether to read all of the others. */
  readonly sources?: Wish;
  /** Whether the command lines are to be read of those alone that are the first in a namespace. */
  readonly firstCommandLines?: boolean;
  /** Whether every process's control group is to be read. */
  readonly cgroups?: boolean;
  /** Whether its ids, capabilities and numbers are. */
  readonly status?: boolean;
  /** Whether namespaces are to be asked what they say of themselves; where one was named, that one alone. */
  readonly attributes?: boolean;
}

/** What a reading command works on. */
export interface Seen {
  readonly index: SnapshotIndex;
  /** Whether it is this machine, whose users have names. */
  readonly isLive: boolean;
}

/** The machine, a snapshot, or a drawn world. */
export async function seen(
  running: Running,
  { firstCommandLines = false, cgroups = false, status = false, attributes = false, sources = {}, ...place }: Wanted,
): Promise<Seen> {
  if (place.from !== undefined) return { index: indexSnapshot(await fromFile(running, place.from)), isLive: false };
  const observer = await observerOf(running, place);
  const commandLines = firstCommandLines ? "first" : true;
  const index = indexSnapshot(await look(running, observer, { commandLines, cgroups, status, attributes, ...sources }));
  return { index, isLive: place.world === undefined };
}

/** The same with one namespace of it that was named: on the machine it is in what was seen, whatever holds it. */
export async function seenWith(
  running: Running,
  {
    named,
    cgroups = false,
    status = false,
    attributes = false,
    sources = {},
    ...place
  }: Wanted & { readonly named: NamedRef },
): Promise<Seen & { readonly target: Identified }> {
  const { language } = running;
  if (place.from !== undefined) {
    const index = indexSnapshot(await fromFile(running, place.from));
    return { index, isLive: false, target: resolveIn(index, named, language) };
  }
  const observer = await observerOf(running, place);
  // First of all: a descriptor that nsatlas inherited is to be told from those that discovery opens.
  const onMachine = resolveOnMachine(named, observer, language);
  const path = pathOfRef(named.ref, observer.procRoot);
  const files = path === undefined ? [] : [path];
  const looked = await look(running, observer, { commandLines: true, cgroups, status, files, ...sources });
  const index = indexSnapshot(looked);
  const target = onMachine ?? resolveIn(index, named, language);
  const asked = attributes ? await withAttributesOf(target.id, { observer, looked, sources }) : index;
  return { index: asked, isLive: place.world === undefined, target };
}

/** The same look with what one namespace says of itself, and with what that takes of others. */
export async function withAttributesOf(
  only: NamespaceId,
  { observer, looked, sources = {} }: { observer: Observer; looked: Snapshot; sources?: Wish },
): Promise<SnapshotIndex> {
  const { limitOf } = await import("../discover/cost.ts");
  const most = limitOf("attributes", sources);
  if (most === 0) return indexSnapshot(looked);
  const { withAttributes } = await import("../discover/attributes.ts");
  return indexSnapshot(
    withAttributes(observer, looked, { only: new Set([only]), enter: sources.enter !== false, most }),
  );
}

/** The kernel to ask: the running one, or the model with a drawn world. */
export async function observerOf(running: Running, { world, as, kernel }: Omit<Place, "from">): Promise<Observer> {
  if (world !== undefined) {
    return (await import("./drawn-world.ts")).observeDrawnWorld(running, { file: world, as, kernel });
  }
  if (as === undefined && kernel === undefined) return running.openObserver(running.procRoot);
  const { language } = running;
  const needed = DRAWING[as === undefined ? "kernel-needs-world" : "as-needs-world"];
  throw usageFailure(needed[language], USAGE_HINTS["see-help"][language]({ command: "" }));
}
