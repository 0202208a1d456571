import { join } from "node:path";
import { isBoundary, type Label } from "../reference.ts";
import type { Topology } from "../topology.ts";

/** A topology without its processes, each namespace held by a bind mount of its label's name in one folder. */
export const onlyPins = (topology: Topology, folder: string): Topology => ({
  ...topology,
  namespaces: topology.namespaces.map((node) =>
    node.kind === "pid" && node.state === "alive" ? { ...node, state: "unborn" } : node,
  ),
  processes: [],
  pins: topology.namespaces.map(({ label }) => ({ namespace: label, in: "ambient:mnt", path: join(folder, label) })),
});

/** A pid namespace whose parent would be without processes: it cannot be made. */
export const nestedPid = ({ namespaces }: Topology): Label | undefined =>
  namespaces.find((node) => node.kind === "pid" && !isBoundary(node.parent))?.label;
