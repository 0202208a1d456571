import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { judge } from "../../src/restore/judge.ts";
import { crowdOf } from "../../src/topology/plan/crowd.ts";
import { planRestore } from "../../src/topology/plan/plan.ts";
import type { Restorer } from "../../src/topology/plan/restorer.ts";
import type { NamespaceNode, PinNode, ProcessNode, Topology } from "../../src/topology/topology.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { theAddon } from "../support/the-addon.ts";
import { credentialsOf, everyKind, LOOPBACK, nestedPods, process, rootIn, topology } from "../support/topologies.ts";
import { Restored } from "./restored.ts";

const root: Restorer = {
  privileged: true,
  opensUnborn: true,
  limitsPids: true,
  credentials: rootIn(),
};
const ordinary: Restorer = { ...root, privileged: false };
const names: NamespaceNode = { label: "names", kind: "uts", owner: "ambient:user" };
const refusals = (image: Topology, restorer = root): readonly string[] =>
  judge(theAddon(), planRestore(image, restorer).steps, restorer).map(
    ({ step, refused }) => `${step.do} ${refused.errno}`,
  );
const withPin = (path: string, namespace = "names"): Topology => {
  const pin: PinNode = { namespace, in: "ambient:mnt", path };
  return topology({ namespaces: [names], pins: [pin] });
};
const one = (given: Partial<ProcessNode>): ProcessNode =>
  process({ label: "one", namespaces: { uts: "names" }, ...given });

describe("before anything is done", needs("native"), () => {
  test("what can be made is not refused", () => {
    using folder = temporaryFolder();
    expect(refusals(everyKind(rootIn()))).toEqual([]);
    expect(refusals(nestedPods())).toEqual([]);
    expect(refusals(withPin(join(folder.path, "deep", "pin")))).toEqual([]);
  });

  test("a bind mount over a folder, in what is none, and by somebody without power", () => {
    using folder = temporaryFolder();
    expect(refusals(withPin(folder.path))).toEqual(["pin ENOTDIR"]);
    expect(refusals(withPin("/dev/null/pin"))).toEqual(["pin ENOTDIR"]);
    expect(refusals(withPin(join(folder.path, "pin")), ordinary)).toEqual(["pin EPERM"]);
  });

  test("a sysctl that this kernel does not have", () => {
    const ipc = (name: string): NamespaceNode => ({
      label: "names",
      kind: "ipc",
      owner: "ambient:user",
      sysctls: { [name]: "1" },
    });
    const image = (name: string) =>
      topology({ namespaces: [ipc(name)], processes: [one({ namespaces: { ipc: "names" } })] });
    expect(refusals(image("kernel.shmmax"))).toEqual([]);
    expect(refusals(image("kernel.no_such_sysctl"))).toEqual(["sysctl ENOENT"]);
  });

  test("a descriptor beyond those that a process may have", () => {
    const soft = Number(/^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "latin1"))?.[1]);
    const image = (fd: number) =>
      topology({ namespaces: [names], processes: [one({ descriptors: [{ fd, namespace: "names" }] })] });
    expect(refusals(image(1000))).toEqual([]);
    expect(refusals(image(soft))).toEqual(["rest EMFILE"]);
  });

  test("an address or a route that is none; a veth to a namespace that an ordinary user has no power over", () => {
    const net = (given: Partial<Extract<NamespaceNode, { kind: "net" }>>): Topology =>
      topology({
        namespaces: [
          {
            label: "names",
            kind: "net",
            owner: "ambient:user",
            devices: [LOOPBACK],
            routes: [],
            netnsids: [],
            sysctls: {},
            ...given,
          },
        ],
        processes: [one({ namespaces: { net: "names" } })],
      });
    const wrong = { ...LOOPBACK, addresses: [{ address: "10.0.0.300", prefix: 8 }] };
    expect(refusals(net({ devices: [wrong] }))).toEqual(["network EINVAL"]);
    expect(refusals(net({ routes: [{ to: "10.0.0.300/8", device: 1, family: "inet" }] }))).toEqual(["network EINVAL"]);
    const peer = { namespace: "ambient:net", index: 5 } as const;
    const veth = { index: 2, name: "v", sort: "veth", mtu: 1500, up: true, peer, addresses: [] } as const;
    expect(refusals(net({ devices: [LOOPBACK, veth] }), ordinary)).toContain("network EPERM");
  });
});

/** All of them have a child, and the children stand behind all parents. */
const wide = (count: number): Topology =>
  topology({
    namespaces: [names],
    processes: [
      ...Array.from({ length: count }, (_, nth) => process({ label: `p${nth}`, namespaces: { uts: "names" } })),
      ...Array.from({ length: count }, (_, nth) =>
        process({ label: `c${nth}`, parent: `p${nth}`, namespaces: { uts: "names" } }),
      ),
    ],
  });

test("a plan's crowd is who has not come to rest: of parents before all children as many as there are", () => {
  const crowd = (image: Topology): number => crowdOf(planRestore(image, root).steps);
  expect(crowd(wide(50)) - crowd(wide(10))).toBe(40);
  const chain = topology({
    namespaces: [names],
    processes: Array.from({ length: 50 }, (_, nth) =>
      process({ label: `p${nth}`, namespaces: { uts: "names" }, ...(nth > 0 && { parent: `p${nth - 1}` }) }),
    ),
  });
  expect(crowd(chain)).toBeLessThan(6);
});

test("three hundred who wait for their children at once are restored", needs("root", "native"), () => {
  const own = credentialsOf(readFileSync("/proc/thread-self/status", "utf8"));
  const image = wide(300);
  using restored = new Restored({
    ...image,
    processes: image.processes.map((one) => ({ ...one, credentials: own })),
  });
  expect(restored.entry.processes).toHaveLength(600);
});
