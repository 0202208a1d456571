import type { NetworkDevice } from "../../src/topology/network.ts";
import type { NetworkNode } from "../../src/topology/nodes.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { process, topology, userIn } from "./topologies.ts";

export const lo: NetworkDevice = { index: 1, name: "lo", sort: "loopback", mtu: 65_536, up: true, addresses: [] };
export const net = (given: Pick<NetworkNode, "label" | "devices"> & Partial<NetworkNode>): NetworkNode => ({
  kind: "net",
  owner: "ambient:user",
  routes: [],
  netnsids: [],
  sysctls: {},
  ...given,
});

/**
 * A router and a host, tied by a veth pair whose ends have chosen indices, names, lengths and addresses; on the router's side
 * it is a port of a bridge. The host belongs to a user namespace of its own.
 */
export const routerAndHost = (): Topology =>
  topology({
    namespaces: [
      userIn("tenant", "ambient:user", 200_000, 65_536),
      net({
        label: "router",
        devices: [
          lo,
          {
            index: 5,
            name: "br0",
            sort: "bridge",
            mtu: 1400,
            mac: "02:00:00:00:00:05",
            up: true,
            addresses: [
              { address: "10.9.0.1", prefix: 24 },
              { address: "2001:db8:9::1", prefix: 64 },
            ],
          },
          {
            index: 17,
            name: "port0",
            sort: "veth",
            mtu: 1400,
            mac: "02:00:00:00:00:17",
            up: true,
            master: 5,
            peer: { namespace: "host", index: 42 },
            addresses: [],
          },
        ],
        netnsids: [{ id: 7, namespace: "host" }],
      }),
      net({
        label: "host",
        owner: "tenant",
        devices: [
          { ...lo, mtu: 60_000, addresses: [{ address: "127.0.0.77", prefix: 8 }] },
          {
            index: 42,
            name: "uplink",
            sort: "veth",
            mtu: 1390,
            mac: "02:00:00:00:00:42",
            up: true,
            peer: { namespace: "router", index: 17 },
            addresses: [
              { address: "10.9.0.2", prefix: 24 },
              { address: "198.51.100.1", prefix: 32, peer: "198.51.100.2" },
              { address: "2001:db8:9::2", prefix: 64 },
            ],
          },
        ],
        routes: [
          { family: "inet", to: "192.0.2.0/24", device: 42, metric: 9 },
          { family: "inet", to: "default", via: "10.9.0.1", device: 42 },
          { family: "inet6", to: "2001:db8:77::/48", via: "2001:db8:9::1", device: 42, metric: 300 },
        ],
        netnsids: [{ id: 3, namespace: "router" }],
      }),
    ],
    processes: [
      process({ label: "in-router", namespaces: { net: "router", user: "tenant" } }),
      process({ label: "in-host", namespaces: { net: "host", user: "tenant" } }),
    ],
  });
