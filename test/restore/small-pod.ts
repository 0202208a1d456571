import { join } from "node:path";
import type { Topology } from "../../src/topology/topology.ts";
import { process as processNode, topology, userIn } from "../support/topologies.ts";

/** One of everything that a restore leaves behind: processes, namespaces, a bind mount, and a file with its folder. */
export const smallPod = (comm: string, folder: string): Topology =>
  topology({
    namespaces: [
      userIn("box", "ambient:user", 100_000, 1000),
      { label: "names", kind: "uts", owner: "box", hostname: "inside" },
      { label: "clock", kind: "time", owner: "box", boottime: { seconds: 5, nanoseconds: 0 } },
      { label: "pids", kind: "pid", owner: "box", parent: "ambient:pid", state: "alive" },
    ],
    processes: [
      processNode({
        label: "first",
        comm,
        numbers: [1],
        namespaces: { user: "box", pid: "pids", uts: "names", time: "clock" },
        descriptors: [{ fd: 5, namespace: "names" }],
      }),
      processNode({
        label: "second",
        comm,
        parent: "first",
        numbers: [9],
        session: 1,
        namespaces: { user: "box", pid: "pids" },
      }),
    ],
    pins: [{ namespace: "names", in: "ambient:mnt", path: join(folder, "made", "names") }],
  });
