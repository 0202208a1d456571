import type { Caller } from "../kernel/live/holder-calls.ts";
import { orderNetwork } from "../kernel/live/tell-network.ts";
import { changeLink, newAddress, newLink, newNetnsid, newRoute } from "../netlink/orders.ts";
import { refused, type Outcome } from "../rules/outcome.ts";
import type { NetworkDeed } from "../topology/plan/step.ts";
import type { Site } from "./site.ts";

/** Has the network namespace changed that a process is in. EINVAL: an address that is none. EOPNOTSUPP: no such driver. */
export function carryNetwork(site: Site, by: Caller, deed: NetworkDeed): Outcome<number> {
  // The first sequence number is enough to see whether there is such a message.
  if (messageOf(site, deed, 1) === undefined) return refused("EINVAL");
  return orderNetwork(by, (sequence) => messageOf(site, deed, sequence) ?? new Uint8Array());
}

function messageOf(site: Site, deed: NetworkDeed, sequence: number): Uint8Array | undefined {
  switch (deed.make) {
    case "netnsid":
      return newNetnsid({ id: deed.id, fd: site.descriptorOf(deed.namespace) }, sequence);
    case "link": {
      const { link, across } = deed;
      return newLink(link, sequence, across === undefined ? {} : { to: site.descriptorOf(across.to) });
    }
    case "veth": {
      const peer = { ...deed.end, fd: site.descriptorOf(deed.in) };
      return newLink({ ...deed.link, kind: "veth", peer }, sequence);
    }
    case "change":
      return changeLink(deed, sequence);
    case "address":
      return newAddress(deed, sequence);
    case "route":
      return newRoute(deed, sequence);
  }
}
