import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { compareTopologies } from "../../src/topology/compare/compare.ts";
import { report } from "../../src/topology/compare/report.ts";
import type { NetworkNode } from "../../src/topology/nodes.ts";
import { needs } from "../support/needs.ts";
import { routerAndHost } from "../support/network-topologies.ts";
import { Restored } from "./restored.ts";
import { lookAt } from "./round-trip.ts";

/** What iproute2 says from inside a network namespace. */
function ip(restored: Restored, label: string, ...words: readonly string[]): readonly Record<string, unknown>[] {
  const file = `--net=/proc/${restored.pid(label)}/ns/net`;
  return JSON.parse(execFileSync("nsenter", [file, "ip", "-j", ...words], { encoding: "utf8" }));
}
const only = (rows: readonly Record<string, unknown>[], ...keys: readonly string[]) =>
  rows.map((row) => Object.fromEntries(keys.flatMap((key) => (key in row ? [[key, row[key]]] : []))));

/** The router's alone: one for the host, one for where it is restored. */
const numbersOf = (label: string): NetworkNode["netnsids"] =>
  label === "router"
    ? [
        { id: 12, namespace: "host" },
        { id: 40, namespace: "ambient:net" },
      ]
    : [];

describe(
  "network namespaces, by root",
  needs("root", "native", "kernel:pidfd-namespaces", "package:iproute2", "package:util-linux"),
  () => {
    test("devices have their index, name, mtu, mac and bridge, and lead to each other by the recorded numbers", () => {
      using restored = new Restored(routerAndHost());
      const keys = ["ifindex", "ifname", "mtu", "address", "master", "link_netnsid", "link_index"];
      expect(only(ip(restored, "in-router", "link"), ...keys)).toEqual([
        { ifindex: 1, ifname: "lo", mtu: 65_536, address: "00:00:00:00:00:00" },
        { ifindex: 5, ifname: "br0", mtu: 1400, address: "02:00:00:00:00:05" },
        {
          ifindex: 17,
          ifname: "port0",
          mtu: 1400,
          address: "02:00:00:00:00:17",
          master: "br0",
          link_netnsid: 7,
          link_index: 42,
        },
      ]);
      expect(only(ip(restored, "in-host", "link"), ...keys)).toEqual([
        { ifindex: 1, ifname: "lo", mtu: 60_000, address: "00:00:00:00:00:00" },
        { ifindex: 42, ifname: "uplink", mtu: 1390, address: "02:00:00:00:00:42", link_netnsid: 3, link_index: 17 },
      ]);
      const flags = ip(restored, "in-host", "link").map((row) => row["flags"]);
      for (const those of flags) expect(those).toContain("UP");
    });

    test("numbers for others that no device needs are there, and found again", async () => {
      const image = routerAndHost();
      const namespaces = image.namespaces.map((node) =>
        node.kind === "net"
          ? { ...node, devices: node.devices.slice(0, 1), routes: [], netnsids: numbersOf(node.label) }
          : node,
      );
      const topology = { ...image, namespaces };
      using restored = new Restored(topology);
      const listed = (label: string) =>
        execFileSync("nsenter", [`--net=/proc/${restored.pid(label)}/ns/net`, "ip", "netns", "list-id"], {
          encoding: "utf8",
        })
          .match(/\d+/g)
          ?.map(Number);
      expect([listed("in-router"), listed("in-host")]).toEqual([[12, 40], undefined]);
      expect(report(compareTopologies(topology, await lookAt(restored)))).toEqual([]);
      const other = namespaces.map((node) => (node.kind === "net" ? { ...node, netnsids: [] } : node));
      const [difference] = report(compareTopologies({ ...topology, namespaces: other }, await lookAt(restored)));
      expect(difference).toMatchObject({ path: ["router"], fact: "netnsid.12", found: "host" });
    });

    test("addresses and routes are those that were given", () => {
      using restored = new Restored(routerAndHost());
      const addresses = ip(restored, "in-host", "addr").map(({ ifname, addr_info: all }) => ({
        ifname,
        all: Array.isArray(all)
          ? all
              .filter(({ scope }) => scope !== "link")
              .map(
                ({ local, address, prefixlen }) => `${address === undefined ? "" : `${address} `}${local}/${prefixlen}`,
              )
          : [],
      }));
      expect(addresses).toEqual([
        { ifname: "lo", all: ["127.0.0.1/8", "127.0.0.77/8", "::1/128"] },
        { ifname: "uplink", all: ["10.9.0.2/24", "198.51.100.2 198.51.100.1/32", "2001:db8:9::2/64"] },
      ]);
      const routes = [...ip(restored, "in-host", "-4", "route"), ...ip(restored, "in-host", "-6", "route")];
      const given = routes.filter(({ protocol }) => protocol !== "kernel");
      expect(only(given, "dst", "gateway", "dev", "metric").toSorted(byDestination)).toEqual([
        { dst: "192.0.2.0/24", dev: "uplink", metric: 9 },
        { dst: "2001:db8:77::/48", gateway: "2001:db8:9::1", dev: "uplink", metric: 300 },
        { dst: "default", gateway: "10.9.0.1", dev: "uplink" },
      ]);
    });

    test("flags are those that were given, and a bridge keeps its mtu whatever its ports have", () => {
      const image = routerAndHost();
      const namespaces = image.namespaces.map((node) =>
        node.kind !== "net"
          ? node
          : {
              ...node,
              devices: node.devices.map((device) => ({
                ...device,
                ...(device.name === "uplink" && { flags: ["noarp", "promisc"] as const }),
                ...(device.name === "br0" && { mtu: 1300 }),
              })),
            },
      );
      using restored = new Restored({ ...image, namespaces });
      const flags = (label: string, name: string) => ip(restored, label, "link", "show", name)[0]?.["flags"];
      expect(flags("in-host", "uplink")).toEqual(expect.arrayContaining(["NOARP", "PROMISC", "UP"]));
      expect(flags("in-host", "uplink")).not.toContain("MULTICAST");
      expect(flags("in-router", "port0")).toEqual(expect.arrayContaining(["MULTICAST"]));
      expect(only(ip(restored, "in-router", "link", "show", "br0"), "mtu")).toEqual([{ mtu: 1300 }]);
    });

    test("sysctls are those that were given, and not those of the initial namespace", () => {
      const image = routerAndHost();
      const given = {
        "net.ipv4.ip_forward": "1",
        "net.ipv4.ip_unprivileged_port_start": "80",
        "net.ipv6.conf.all.disable_ipv6": "1",
      };
      const [first] = image.namespaces.filter(({ kind }) => kind === "net");
      const namespaces = image.namespaces.map((node) =>
        node.kind === "net" && node === first ? { ...node, devices: node.devices.slice(0, 1), sysctls: given } : node,
      );
      using restored = new Restored({
        ...image,
        namespaces: namespaces.map((node) =>
          node.kind === "net" ? { ...node, devices: node.devices.slice(0, 1), routes: [], netnsids: [] } : node,
        ),
      });
      const read = (label: string): readonly string[] => {
        const names = [...Object.keys(given), "net.ipv6.conf.default.disable_ipv6"];
        const files = names.map((name) => `/proc/sys/${name.replaceAll(".", "/")}`);
        const target = String(restored.pid(label));
        return execFileSync("nsenter", ["-n", "-t", target, "cat", ...files], { encoding: "utf8" })
          .trim()
          .split("\n");
      };
      expect(read("in-router")).toEqual(["1", "80", "1", "0"]);
      expect(read("in-host")).toEqual(["0", "1024", "0", "0"]);
    });

    test("packets go from one to the other: nobody listens there, and that is what comes back", () => {
      using restored = new Restored(routerAndHost());
      const file = `--net=/proc/${restored.pid("in-host")}/ns/net`;
      const script = 'require("node:net").connect(9, "10.9.0.1").on("error", ({ code }) => console.log(code))';
      const said = execFileSync("nsenter", [file, process.execPath, "-e", script], { encoding: "utf8" });
      expect(said.trim()).toBe("ECONNREFUSED");
    });
  },
);

const byDestination = (one: Record<string, unknown>, other: Record<string, unknown>): number =>
  String(one["dst"]) < String(other["dst"]) ? -1 : 1;
