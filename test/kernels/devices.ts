import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeTopology } from "../../src/topology/image/encode.ts";
import type { NetworkDevice } from "../../src/topology/network.ts";
import type { NetworkNode } from "../../src/topology/nodes.ts";
import type { Reference } from "../../src/topology/reference.ts";
import { lo, net } from "../support/network-topologies.ts";
import { process as processNode, topology } from "../support/topologies.ts";
import { hasDrivers, loadDrivers } from "./load-drivers.ts";
import type { Check, Part } from "./part.ts";
import { nsatlas, type Ran } from "./program.ts";

const IMAGE = "/tmp/devices.json";
const AGAIN = "/tmp/devices-again.json";
const OUTER = "/tmp/outer.json";
const CLI = join(import.meta.dirname, "dist", "cli.cjs");

const mac = (index: number): string => `02:00:00:00:00:${index.toString(16).padStart(2, "0")}`;
type Given = Pick<NetworkDevice, "index" | "name" | "sort" | "mtu"> & Partial<NetworkDevice>;
const device = (given: Given): NetworkDevice => ({ up: true, addresses: [], mac: mac(given.index), ...given });
/** A vlan, as others see it, on a device of the first network namespace or of another. */
const vlan = ({ on, of = "net-1", ...given }: Omit<Given, "sort"> & { on: number; of?: Reference }): NetworkDevice =>
  device({ flags: ["multicast"], ...given, sort: "vlan", peer: { namespace: of, index: on } });

/**
 * A dummy with a vlan on it that has a smaller number, a bridge with another dummy as its port and a vlan on the bridge; and
 * vlans in another network namespace that lie on the first dummy and on the bridge, one by the name of the dummy. Labels as
 * checkpoint gives them, so that both write the same.
 */
const image = topology({
  namespaces: [
    net({
      label: "net-1",
      devices: [
        lo,
        vlan({ index: 5, name: "v42", mtu: 1300, vlan: 42, on: 7, addresses: [{ address: "10.78.0.1", prefix: 24 }] }),
        device({
          index: 7,
          name: "d0",
          sort: "dummy",
          mtu: 1400,
          addresses: [
            { address: "10.77.0.1", prefix: 24 },
            { address: "2001:db8:77::1", prefix: 64 },
          ],
        }),
        device({ index: 9, name: "br0", sort: "bridge", mtu: 1450 }),
        device({ index: 11, name: "port", sort: "dummy", mtu: 1500, master: 9 }),
        vlan({ index: 12, name: "vb", mtu: 1450, vlan: 7, on: 9 }),
      ],
      routes: [{ to: "192.0.2.0/24", via: "10.78.0.2", device: 5, family: "inet" }],
    }),
    net({
      label: "net-2",
      devices: [
        lo,
        vlan({ index: 3, name: "far", mtu: 1400, flags: ["noarp"], vlan: 99, on: 7 }),
        vlan({ index: 4, name: "d0", mtu: 1400, vlan: 98, on: 9 }),
      ],
      netnsids: [{ id: 4, namespace: "net-1" }],
    }),
  ],
  processes: [
    processNode({ label: "process-1", namespaces: { net: "net-1" } }),
    processNode({ label: "process-2", namespaces: { net: "net-2" } }),
  ],
});

/** Devices of the drivers that a test machine's kernel need not have: made again, as others see them, and found the same. */
export const devices: Part = {
  name: "devices",
  seconds: 34,
  async *run({ native }) {
    if (!hasDrivers()) return;
    writeFileSync(IMAGE, encodeTopology(image));
    yield checked("without their drivers the dry run names what it lacks", nsatlas(["restore", IMAGE, "--dry-run"]), {
      status: 4,
      text: /dummy d0, for net-1: EOPNOTSUPP[^]*vlan v42, for net-1: EOPNOTSUPP[^]*modprobe\s+-a\s+dummy\s+8021q\s+bridge/,
    });
    yield {
      id: "devices: Debian's drivers are loaded",
      says: loadDrivers(native),
      should: "llc stp garp mrp bridge 8021q dummy veth",
    };
    yield checked("a dummy, vlans and a bridge are restored, and the same", nsatlas(["restore", IMAGE]), {
      status: 0,
      text: /(?:)/,
    });
    try {
      yield* seenByOthers();
      yield* takenAgain();
      yield* uponTheFirst();
    } finally {
      const gone = nsatlas(["restore", "--undo", "devices"]);
      yield checked("undo leaves nothing", gone, { status: 0, text: /2 processes/ });
      for (const file of [IMAGE, AGAIN, OUTER]) rmSync(file, { force: true });
    }
  },
};

function checked(id: string, ran: Ran, should: { status: number; text: RegExp }): Check {
  const said = `${ran.stdout}${ran.stderr}`.trim();
  const isFitting = ran.status === should.status && should.text.test(said);
  return { id: `devices: ${id}`, says: isFitting ? "so" : `${ran.status} ${said}`, should: "so" };
}

/** Skeletons by their number in the image. */
function pids(): readonly [string, string] {
  const { processes }: { processes: { label: string; pid: number }[] } = JSON.parse(
    readFileSync("/run/nsatlas/devices.json", "utf8"),
  );
  const pidOf = (label: string): string => String(processes.find((one) => one.label === label)?.pid);
  return [pidOf("process-1"), pidOf("process-2")];
}

/** What cat(1) reads in /proc/net and in a fresh sysfs of the network namespace. */
function* seenByOthers(): Iterable<Check> {
  const [first, second] = pids();
  const script = `mount -t sysfs sysfs /mnt && cd /mnt/class/net || exit 1
for one in v42 d0 br0 port vb; do
  read index < $one/ifindex; read mtu < $one/mtu; read mac < $one/address; read flags < $one/flags
  echo $one $index $mtu $mac $flags
done
echo port of $(readlink port/master)
cat /proc/net/vlan/config /proc/net/route /proc/net/if_inet6`;
  const inside = (pid: string, text: string): Ran =>
    nsatlas([
      "enter",
      `--net=/proc/${pid}/ns/net`,
      "--",
      process.execPath,
      CLI,
      "run",
      "-m",
      "--",
      "/bin/sh",
      "-c",
      text,
    ]);
  const ran = inside(first, script);
  const has = (id: string, text: RegExp): Check => checked(id, ran, { status: 0, text });
  // IFF_PROMISC (0x100), which nobody set: the kernel itself listens to all for a vlan that has another address.
  yield has("index, mtu, mac and flags of a vlan, as sysfs has them", /^v42 5 1300 02:00:00:00:00:05 0x1003$/m);
  yield has("index, mtu, mac and flags of a dummy", /^d0 7 1400 02:00:00:00:00:07 0x183$/m);
  yield has("a bridge keeps its mtu, whatever its port has", /^br0 9 1450 02:00:00:00:00:09 0x1103$/m);
  yield has("a dummy is the bridge's port", /^port 11 1500 02:00:00:00:00:0b 0x[0-9a-f]+$[^]*^port of \.\.\/br0$/m);
  yield has("a vlan on a bridge keeps its mtu", /^vb 12 1450 02:00:00:00:00:0c 0x1003$/m);
  yield has("vlan numbers, and what they lie on", /^v42 +\| 42 +\| d0$[^]*^vb +\| 7 +\| br0$/m);
  yield has("a connected route for each address", /^d0\t00004D0A\t00000000\t0001[^]*^v42\t00004E0A\t00000000\t0001/m);
  yield has("a route by a gateway beyond a vlan", /^v42\t000200C0\t02004E0A\t0003/m);
  yield has("an address of IPv6", /^20010db8007700000000000000000001 07 40 00 8[02] +d0$/m);
  yield checked("a vlan lies on a device of another network namespace", inside(second, "cat /proc/net/vlan/config"), {
    status: 0,
    text: /^far +\| 99 +\| d0$[^]*^d0 +\| 98 +\| br0$/m,
  });
}

/** A vlan on the first dummy from a further restore, for which that one's network namespace is an outer one. */
const outer = topology({
  namespaces: [
    net({
      label: "net-1",
      devices: [lo, vlan({ index: 3, name: "up0", mtu: 1400, vlan: 12, on: 7, of: "external:below" })],
      netnsids: [{ id: 2, namespace: "external:below" }],
    }),
  ],
  processes: [processNode({ label: "process-1", namespaces: { net: "net-1" } })],
});

function* uponTheFirst(): Iterable<Check> {
  const [below] = pids();
  writeFileSync(OUTER, encodeTopology(outer));
  yield checked(
    "a vlan on a device of an outer network namespace is restored, and the same",
    nsatlas(["restore", OUTER, "--external", `below=/proc/${below}/ns/net`]),
    { status: 0, text: /(?:)/ },
  );
  yield checked("undo takes it away", nsatlas(["restore", "--undo", "outer"]), { status: 0, text: /1 process/ });
}

/** The network namespaces of what checkpoint writes are those of the image, field for field. */
function* takenAgain(): Iterable<Check> {
  const [first, second] = pids();
  const taken = nsatlas(["checkpoint", first, second, "-o", AGAIN]);
  yield checked("checkpoint takes them", taken, { status: 0, text: /(?:)/ });
  const parts = (file: string): string => {
    const { namespaces }: { namespaces: NetworkNode[] } = JSON.parse(readFileSync(file, "utf8"));
    return JSON.stringify(
      namespaces.map(({ label, devices, routes, netnsids }) => ({ label, devices, routes, netnsids })),
    );
  };
  yield { id: "devices: checkpoint writes what was restored", says: parts(AGAIN), should: parts(IMAGE) };
  yield checked("verify finds the same", nsatlas(["verify", AGAIN, "--against", "devices"]), {
    status: 0,
    text: /(?:)/,
  });
}
