import { LINK_ATTRIBUTES, NETLINK, NSID_ATTRIBUTES } from "../abi/netlink.ts";

const { NLM_F_DUMP, NLM_F_REQUEST, RTM_GETADDR, RTM_GETLINK, RTM_GETNSID, RTM_GETROUTE } = NETLINK;

/** All interfaces, without counters. */
export const allLinks = (sequence: number): Uint8Array =>
  request({ type: RTM_GETLINK, flags: NLM_F_REQUEST | NLM_F_DUMP, sequence, fixedBytes: 16 }, [
    LINK_ATTRIBUTES.IFLA_EXT_MASK,
    NETLINK.RTEXT_FILTER_SKIP_STATS,
  ]);

/** All addresses, of both families. */
export const allAddresses = (sequence: number): Uint8Array =>
  request({ type: RTM_GETADDR, flags: NLM_F_REQUEST | NLM_F_DUMP, sequence, fixedBytes: 8 });

/** All routes of all tables, of both families. */
export const allRoutes = (sequence: number): Uint8Array =>
  request({ type: RTM_GETROUTE, flags: NLM_F_REQUEST | NLM_F_DUMP, sequence, fixedBytes: 12 });

/** The number that the socket's namespace has for the one that descriptor `fd` of the asking process opens. */
export const netnsidOf = (fd: number, sequence: number): Uint8Array =>
  request({ type: RTM_GETNSID, flags: NLM_F_REQUEST, sequence, fixedBytes: 4 }, [NSID_ATTRIBUTES.NETNSA_FD, fd]);

/** All numbers that the socket's namespace has for others. */
export const allNetnsids = (sequence: number): Uint8Array =>
  request({ type: RTM_GETNSID, flags: NLM_F_REQUEST | NLM_F_DUMP, sequence, fixedBytes: 4 });

interface Head {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** Of the struct behind the header, as zeros, aligned: any family, any interface. */
  readonly fixedBytes: number;
}

function request({ type, flags, sequence, fixedBytes }: Head, attribute?: readonly [type: number, value: number]) {
  const start = 16 + fixedBytes;
  const bytes = new Uint8Array(start + (attribute === undefined ? 0 : 8));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, type, true);
  view.setUint16(6, flags, true);
  view.setUint32(8, sequence, true);
  if (attribute !== undefined) {
    view.setUint16(start, 8, true);
    view.setUint16(start + 2, attribute[0], true);
    view.setUint32(start + 4, attribute[1], true);
  }
  return bytes;
}
