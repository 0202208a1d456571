import { lstatSync } from "node:fs";
import { namespaceId } from "../../abi/ids.ts";
import { isThere, namespaceMounts } from "../../restore/identity.ts";
import type { RegistryEntry } from "../../restore/registry-entry.ts";
import { checkpoint } from "../../topology/checkpoint/checkpoint.ts";
import type { Root } from "../../topology/checkpoint/roots.ts";
import { lookFor, told, type LookWish, type RootsIn } from "../../topology/checkpoint/take.ts";
import { TOPOLOGY_FORMAT, TOPOLOGY_VERSION, type Topology } from "../../topology/topology.ts";
import { VERSION } from "../../version.ts";
import type { Targets } from "../../topology/compare/graph.ts";
import type { Running } from "../command.ts";
import { indexSnapshot } from "../../snapshot/index-snapshot.ts";
import { noProc } from "../file-failure.ts";
import { externalRoots, externalTargets } from "./externals.ts";

/** What is there still of a restore, looked at anew; `enter`: whether namespaces are entered to ask what they say of themselves. */
export async function standing(running: Running, entry: RegistryEntry, enter: boolean): Promise<Standing> {
  const paths = mountedPaths(entry);
  const roots = [...processesOf(entry), ...paths.map(namespaceAt)];
  // After another start of the machine, or when all have ended: that is what there is.
  if (roots.length === 0) return { topology: NOTHING };
  const observer = await running.openObserver(running.procRoot);
  const stamp = { producer: { name: "nsatlas", version: VERSION }, takenAt: running.now() };
  const { externals = [] } = entry;
  const rootsIn: RootsIn = (index) => [...roots, ...externalRoots(index, externals)];
  const wish: LookWish = { roots: rootsIn, stamp, enter, files: paths, traces: false };
  const seen = await lookFor(observer, wish);
  if (!seen.ok) throw noProc(seen.errno, observer.procRoot, running.language);
  const taken = checkpoint(told(observer, seen.value, wish), rootsIn(indexSnapshot(seen.value)));
  return { topology: taken.ok ? taken.topology : NOTHING, targets: externalTargets(seen.value, externals) };
}

/** `targets`: what the image's `external:KEY` are called in it, where that is otherwise. */
interface Standing {
  readonly topology: Topology;
  readonly targets?: Targets;
}

const NOTHING: Topology = {
  format: TOPOLOGY_FORMAT,
  version: TOPOLOGY_VERSION,
  namespaces: [],
  processes: [],
  pins: [],
  findings: [],
};

/** What a command started is its own affair, and may have become anybody's child: then nobody's children are looked at. */
function processesOf({ processes, commands = [] }: RegistryEntry): readonly Root[] {
  const alone = commands.length > 0;
  return processes.filter(isThere).map(({ pid }) => ({ of: "process", pid, ...(alone && { alone }) }));
}

function mountedPaths({ mounts }: RegistryEntry): readonly string[] {
  const mounted = namespaceMounts();
  return mounts
    .filter(({ path, before }) => (mounted.get(path) ?? []).some((id) => !before.includes(id)))
    .map(({ path }) => path);
}

function namespaceAt(path: string): Root {
  const { dev, ino } = lstatSync(path, { bigint: true });
  return { of: "namespace", id: namespaceId(dev, ino) };
}
