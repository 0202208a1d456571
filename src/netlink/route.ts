import { IP_FAMILIES, NETLINK, ROUTE_ATTRIBUTES, ROUTES, type IpFamily } from "../abi/netlink.ts";
import { ipText } from "./address.ts";
import { readAttributes, u32, viewOf, type NetlinkMessage } from "./messages.ts";

/** A route, as RTM_NEWROUTE tells it. */
export interface Route {
  readonly family: IpFamily;
  /** `default`, or an address and how many of its bits count. */
  readonly to: string;
  readonly via?: string;
  /** The index of the interface. */
  readonly device?: number;
  readonly metric?: number;
  /** RTPROT_*: who made it. */
  readonly protocol: number;
  /**
   * Nothing but the above: to hosts, in the main table, one way, without marks. One that is not so cannot be told from what is
   * here: of another table or type, with several ways, a preferred source, another way of encapsulation …
   */
  readonly isPlain: boolean;
}

/** struct rtmsg: family, bits of the destination, of the source, tos, table, protocol, scope, type, flags. */
const FIXED_BYTES = 12;
const { RTA_DST, RTA_GATEWAY, RTA_OIF, RTA_PRIORITY, RTA_TABLE } = ROUTE_ATTRIBUTES;
/** What says nothing of how a route leads: statistics, and IPv6's order of preference where it is the usual one. */
const SILENT: ReadonlySet<number> = new Set([12 /* RTA_CACHEINFO */, 20 /* RTA_PREF */]);
const TOLD: ReadonlySet<number> = new Set([RTA_DST, RTA_GATEWAY, RTA_OIF, RTA_PRIORITY, RTA_TABLE, ...SILENT]);
/** What becomes of a route, and not how it was made: RTNH_F_DEAD, RTNH_F_LINKDOWN. */
const STATE_FLAGS = 0x11;
/** The metric that IPv6 has where none was given (IP6_RT_PRIO_USER). */
const IPV6_METRIC = 1024;

/**
 * "cloned": a copy that the kernel made of another one, which is none of its own. Undefined: it is no RTM_NEWROUTE of either
 * family, or not as the kernel writes one. Source: rtnetlink(7), net/ipv4/fib_semantics.c fib_dump_info.
 */
export function readRoute({ type, body }: NetlinkMessage): Route | "cloned" | undefined {
  const attributes = body.length < FIXED_BYTES ? undefined : readAttributes(body, FIXED_BYTES);
  if (type !== NETLINK.RTM_NEWROUTE || attributes === undefined) return undefined;
  const view = viewOf(body);
  const [familyNumber = 0, bits = 0, sourceBits, tos, shortTable, protocol = 0, , kind] = body;
  const family = familyNumber === IP_FAMILIES.inet ? "inet" : "inet6";
  if (IP_FAMILIES[family] !== familyNumber) return undefined;
  const flags = view.getUint32(8, true);
  if ((flags & ROUTES.RTM_F_CLONED) !== 0) return "cloned";
  const to = destination(attributes.get(RTA_DST), bits);
  if (to === undefined) return undefined;
  const [via, device] = [ipText(attributes.get(RTA_GATEWAY)), u32(attributes.get(RTA_OIF))];
  const metric = u32(attributes.get(RTA_PRIORITY));
  const usual = family === "inet6" ? IPV6_METRIC : 0;
  const table = u32(attributes.get(RTA_TABLE)) ?? shortTable;
  const isPlain =
    table === ROUTES.RT_TABLE_MAIN &&
    kind === ROUTES.RTN_UNICAST &&
    sourceBits === 0 &&
    tos === 0 &&
    (flags & 0xff & ~STATE_FLAGS) === 0 &&
    [...attributes.keys()].every((attribute) => TOLD.has(attribute));
  return {
    family,
    to,
    ...(via === undefined ? {} : { via }),
    ...(device === undefined ? {} : { device }),
    ...(metric === undefined || metric === usual ? {} : { metric }),
    protocol,
    isPlain,
  };
}

function destination(bytes: Uint8Array | undefined, bits: number): string | undefined {
  if (bytes === undefined) return bits === 0 ? "default" : undefined;
  const address = ipText(bytes);
  return address === undefined ? undefined : `${address}/${bits}`;
}
