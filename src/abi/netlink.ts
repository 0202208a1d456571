/** Numbers of rtnetlink. Source: linux/netlink.h, linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h, linux/net_namespace.h. */
export const NETLINK = {
  AF_NETLINK: 16,
  SOCK_RAW: 3,
  NETLINK_ROUTE: 0,
  MSG_TRUNC: 0x20,
  MSG_DONTWAIT: 0x40,
  NLMSG_ERROR: 2,
  NLMSG_DONE: 3,
  NLMSG_OVERRUN: 4,
  NLM_F_REQUEST: 0x1,
  /** The kernel answers with an errno, 0 where all went well. */
  NLM_F_ACK: 0x4,
  /** What was dumped changed meanwhile: ask again. */
  NLM_F_DUMP_INTR: 0x10,
  NLM_F_DUMP: 0x300,
  /** It must not be there yet; it is made. */
  NLM_F_EXCL: 0x200,
  NLM_F_CREATE: 0x400,
  RTM_NEWLINK: 16,
  RTM_GETLINK: 18,
  RTM_NEWADDR: 20,
  RTM_GETADDR: 22,
  RTM_NEWROUTE: 24,
  RTM_GETROUTE: 26,
  RTM_NEWNSID: 88,
  RTM_GETNSID: 90,
  /** Without counters, which are most of a message and change all the time. Since Linux 4.4. */
  RTEXT_FILTER_SKIP_STATS: 8,
} as const;

/** Attributes by the message that they stand in. */
export const LINK_ATTRIBUTES = {
  IFLA_ADDRESS: 1,
  IFLA_IFNAME: 3,
  IFLA_MTU: 4,
  IFLA_LINK: 5,
  IFLA_MASTER: 10,
  IFLA_OPERSTATE: 16,
  IFLA_LINKINFO: 18,
  IFLA_NET_NS_FD: 28,
  IFLA_EXT_MASK: 29,
  IFLA_LINK_NETNSID: 37,
} as const;
/** Within IFLA_LINKINFO. */
export const IFLA_INFO_KIND = 1;
export const IFLA_INFO_DATA = 2;
/** Within IFLA_INFO_DATA of a veth: a struct ifinfomsg, and the attributes of the other end. Source: linux/veth.h. */
export const VETH_INFO_PEER = 1;
/** Within that of a vlan. */
export const IFLA_VLAN_ID = 1;
export const ADDRESS_ATTRIBUTES = { IFA_ADDRESS: 1, IFA_LOCAL: 2 } as const;
export const ROUTE_ATTRIBUTES = {
  RTA_DST: 1,
  RTA_OIF: 4,
  RTA_GATEWAY: 5,
  RTA_PRIORITY: 6,
  RTA_TABLE: 15,
} as const;
/** RT_TABLE_*, RTPROT_*, RTN_*, RT_SCOPE_*. Source: linux/rtnetlink.h. */
export const ROUTES = {
  RT_TABLE_MAIN: 254,
  /** Made by the kernel, for an address or by itself. */
  RTPROT_KERNEL: 2,
  RTPROT_BOOT: 3,
  /** By IPv6's router advertisements. */
  RTPROT_RA: 9,
  RTN_UNICAST: 1,
  RT_SCOPE_UNIVERSE: 0,
  RT_SCOPE_LINK: 253,
  RT_SCOPE_HOST: 254,
  /** A copy that the kernel made of another one. */
  RTM_F_CLONED: 0x200,
} as const;
/** Address families. Source: linux/socket.h. */
export const IP_FAMILIES = { inet: 2, inet6: 10 } as const;
export type IpFamily = keyof typeof IP_FAMILIES;
export const NSID_ATTRIBUTES = { NETNSA_NSID: 1, NETNSA_FD: 3 } as const;

/** IF_OPER_*, by their number: the states of RFC 2863. Source: linux/if.h. */
export const OPERATIONAL_STATES = [
  "unknown",
  "notpresent",
  "down",
  "lowerlayerdown",
  "testing",
  "dormant",
  "up",
] as const;
export type OperationalState = (typeof OPERATIONAL_STATES)[number];

/** IFF_*: flags of an interface that say how it is. Source: linux/if.h. */
export const INTERFACE_FLAGS = {
  IFF_UP: 0x1,
  IFF_LOOPBACK: 0x8,
  IFF_POINTOPOINT: 0x10,
  IFF_NOARP: 0x80,
  IFF_PROMISC: 0x100,
  IFF_ALLMULTI: 0x200,
  IFF_MULTICAST: 0x1000,
} as const;
