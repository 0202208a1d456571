import { lstatSync } from "node:fs";
import { namespaceId } from "../../abi/ids.ts";
import type { RegistryEntry } from "../../restore/registry-entry.ts";
import { checkpoint } from "../../topology/checkpoint/checkpoint.ts";
import type { Root } from "../../topology/checkpoint/roots.ts";
import { compareTopologies } from "../../topology/compare/compare.ts";
import { report, type ReportedDifference } from "../../topology/compare/report.ts";
import type { Topology } from "../../topology/topology.ts";
import type { Running } from "../command.ts";
import { look } from "../seen.ts";

/** Looks at what was made, and says what of it is not as the image has it. */
export async function verifyMade(
  running: Running,
  image: Topology,
  entry: RegistryEntry,
): Promise<readonly ReportedDifference[]> {
  const observer = await running.openObserver(running.procRoot);
  const snapshot = await look(running, observer, { status: true, attributes: true, cgroups: true });
  const roots: Root[] = entry.processes.map(({ pid }) => ({ of: "process", pid }));
  for (const { path } of entry.mounts) {
    const { dev, ino } = lstatSync(path, { bigint: true });
    roots.push({ of: "namespace", id: namespaceId(dev, ino) });
  }
  const here = checkpoint(snapshot, roots);
  if (!here.ok) throw new Error(`what was made is not there: ${here.fault.why}`);
  // Nothing tells a pid namespace that had no process yet from one whose first process has ended, but a process that has it.
  const held = new Set(image.processes.flatMap(({ namespaces }) => Object.values(namespaces)));
  const leftOut = new Map(
    image.namespaces
      .filter((node) => node.kind === "pid" && node.state === "unborn" && !held.has(node.label))
      .map(({ label }) => [label, ["state"]] as const),
  );
  return report(compareTopologies(image, here.topology, { leftOut }));
}
