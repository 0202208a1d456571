import { NETLINK, NSID_ATTRIBUTES } from "../abi/netlink.ts";
import { readAttributes, s32, type NetlinkMessage } from "./messages.ts";

/** struct rtgenmsg: the family alone. */
const FIXED_BYTES = 1;

/**
 * The number that RTM_NEWNSID tells; -1 where none was assigned. Undefined: it is no such message, or not as the kernel
 * writes one. Source: net/core/net_namespace.c rtnl_net_fill.
 */
export function readNetnsid({ type, body }: NetlinkMessage): number | undefined {
  const attributes = body.length < FIXED_BYTES ? undefined : readAttributes(body, FIXED_BYTES);
  if (type !== NETLINK.RTM_NEWNSID || attributes === undefined) return undefined;
  return s32(attributes.get(NSID_ATTRIBUTES.NETNSA_NSID));
}
