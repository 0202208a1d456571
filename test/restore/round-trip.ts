import { readFileSync, statSync } from "node:fs";
import { namespaceId } from "../../src/abi/ids.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import { whoRestores } from "../../src/restore/who-restores.ts";
import { checkpoint } from "../../src/topology/checkpoint/checkpoint.ts";
import type { Root } from "../../src/topology/checkpoint/roots.ts";
import { lookFor, told } from "../../src/topology/checkpoint/take.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { anyTopology } from "../support/arbitrary-topology.ts";
import { theAddon } from "../support/the-addon.ts";
import { Restored } from "./restored.ts";

/** CapBnd of this process: nobody in our own user namespace can have more. */
const bounding = BigInt(`0x${/^CapBnd:\s*(\w+)$/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1] ?? "0"}`);

/** What this machine can restore; a topology without processes has nothing to restore from but its bind mounts. */
export const anyRestorable = (size: "small" | "max" = "small") =>
  anyTopology({ steps: 20, size, bounding, pidMax: whoRestores().limitsPids }).filter(
    ({ processes }) => processes.length > 0,
  );

/** What is found of a topology while it is there; then it is taken away, since it has numbers and places that another one needs. */
export async function restoredOnce(topology: Topology): Promise<Topology> {
  using restored = new Restored(topology);
  return await lookAt(restored);
}

/** What discovery finds of a restore, from its processes and bind mounts on. */
export async function lookAt(restored: Restored): Promise<Topology> {
  const observer = new LiveObserver(theAddon());
  const { processes, mounts } = restored.entry;
  const roots: readonly Root[] = [
    ...processes.map(({ pid }) => ({ of: "process", pid }) as const),
    ...mounts.map(({ path }) => {
      const { dev, ino } = statSync(path, { bigint: true });
      return { of: "namespace", id: namespaceId(dev, ino) } as const;
    }),
  ];
  const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };
  const wish = { roots: () => roots, stamp, enter: true };
  const seen = await lookFor(observer, wish);
  if (!seen.ok) throw new Error(seen.errno);
  const taken = checkpoint(told(observer, seen.value, wish), roots);
  if (!taken.ok) throw new Error(taken.fault.why);
  return taken.topology;
}
