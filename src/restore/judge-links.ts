import type { ErrnoName } from "../abi/errnos.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import * as calls from "../kernel/live/holder-calls.ts";
import { openHolders } from "../kernel/live/holders.ts";
import type { Native } from "../kernel/live/native.ts";
import { orderNetwork } from "../kernel/live/tell-network.ts";
import { newLink, type LinkOrder } from "../netlink/orders.ts";
import type { Outcome } from "../rules/outcome.ts";

export type LinkKind = LinkOrder["kind"];

const link = { index: 2, name: "nsatlas", mtu: 1500 } as const;

/**
 * The sorts of devices that this kernel does not make (EOPNOTSUPP: there is no such driver), each tried in a network namespace
 * of its own that ends with the process in it. Where no such namespace can be made nothing is known, and nothing given.
 */
export function refusedKinds(
  native: Pick<Native, "pipe2">,
  kinds: ReadonlySet<LinkKind>,
): ReadonlyMap<LinkKind, ErrnoName> {
  const found = new Map<LinkKind, ErrnoName>();
  if (kinds.size === 0) return found;
  using holders = openHolders(native);
  for (const kind of kinds) {
    const by = { holders, holder: holders.start() };
    const isAlone = (flags: number): boolean => calls.unshare(by, flags).ok;
    const { net, user } = NAMESPACE_KINDS;
    if (!isAlone(net.flag) && !isAlone(net.flag | user.flag)) continue;
    const made = tryKind(by, kind);
    if (!made.ok && made.errno === "EOPNOTSUPP") found.set(kind, made.errno);
  }
  return found;
}

function tryKind(by: calls.Caller, kind: LinkKind): Outcome<number> {
  switch (kind) {
    case "veth": {
      const own = calls.open(by, "/proc/thread-self/ns/net", 0);
      return own.ok
        ? orderNetwork(by, (sequence) => newLink({ ...link, kind, peer: { fd: own.value } }, sequence))
        : own;
    }
    case "vlan":
      // On a device that is not there (ENODEV): a loopback carries none, and says so by the errno that a missing driver gives.
      return orderNetwork(by, (sequence) => newLink({ ...link, kind, vlan: 1, on: 0 }, sequence));
    default:
      return orderNetwork(by, (sequence) => newLink({ ...link, kind }, sequence));
  }
}
