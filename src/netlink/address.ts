import { ADDRESS_ATTRIBUTES, NETLINK } from "../abi/netlink.ts";
import { readAttributes, viewOf, type NetlinkMessage } from "./messages.ts";

/** An address of an interface, as RTM_NEWADDR tells it. */
export interface Address {
  /** The interface's. */
  readonly index: number;
  /** IPv4 with dots, IPv6 as RFC 5952 writes it. */
  readonly address: string;
  /** How many bits name the network. */
  readonly prefix: number;
  /** The other end's, where the link is from point to point. */
  readonly peer?: string;
}

/** struct ifaddrmsg: family, prefix length, flags, scope, index. */
const FIXED_BYTES = 8;
const { IFA_ADDRESS, IFA_LOCAL } = ADDRESS_ATTRIBUTES;

/**
 * Undefined: it is no RTM_NEWADDR, of neither family, or not as the kernel writes one. IFA_LOCAL is the interface's own
 * address and IFA_ADDRESS then the other end's; IPv6 without another end has the second alone.
 */
export function readAddress({ type, body }: NetlinkMessage): Address | undefined {
  const attributes = body.length < FIXED_BYTES ? undefined : readAttributes(body, FIXED_BYTES);
  if (type !== NETLINK.RTM_NEWADDR || attributes === undefined) return undefined;
  const view = viewOf(body);
  const other = ipText(attributes.get(IFA_ADDRESS));
  const own = ipText(attributes.get(IFA_LOCAL)) ?? other;
  const [prefix, index] = [view.getUint8(1), view.getUint32(4, true)];
  if (own === undefined || index < 1) return undefined;
  return { index, address: own, prefix, ...(other === undefined || other === own ? {} : { peer: other }) };
}

const IPV4_BYTES = 4;
const IPV6_BYTES = 16;

/** Undefined for what is no address of either family. */
export function ipText(bytes: Uint8Array | undefined): string | undefined {
  if (bytes?.length === IPV4_BYTES) return bytes.join(".");
  if (bytes?.length !== IPV6_BYTES) return undefined;
  const view = viewOf(bytes);
  const groups = Array.from({ length: IPV6_BYTES / 2 }, (_, nth) => view.getUint16(2 * nth));
  // An IPv4 address in IPv6's clothes: RFC 5952, 5.
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return `::ffff:${bytes.subarray(12).join(".")}`;
  const words = groups.map((group) => group.toString(16));
  const { start, length } = longestZeros(groups);
  return length < 2 ? words.join(":") : `${words.slice(0, start).join(":")}::${words.slice(start + length).join(":")}`;
}

/** The first of the longest runs: RFC 5952, 4.2.3. */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [nth, group] of groups.entries()) {
    if (group !== 0) start = nth + 1;
    else if (nth + 1 - start > best.length) best = { start, length: nth + 1 - start };
  }
  return best;
}
