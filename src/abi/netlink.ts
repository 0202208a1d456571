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
  /** What was dumped changed meanwhile: ask again. */
  NLM_F_DUMP_INTR: 0x10,
  NLM_F_DUMP: 0x300,
  RTM_NEWLINK: 16,
  RTM_GETLINK: 18,
  RTM_NEWADDR: 20,
  RTM_GETADDR: 22,
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
  IFLA_EXT_MASK: 29,
  IFLA_LINK_NETNSID: 37,
} as const;
/** Within IFLA_LINKINFO. */
export const IFLA_INFO_KIND = 1;
export const ADDRESS_ATTRIBUTES = { IFA_ADDRESS: 1, IFA_LOCAL: 2 } as const;
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
} as const;
