/**
 * The sysctls of a network namespace that somebody sets for what runs there, below /proc/sys with dots for slashes, and what
 * each is in a new one; there are hundreds more, most of them tuning. `copied`: a new one has that of the initial namespace, as
 * net.core.devconf_inherit_init_net says; `follows`: setting that one sets this one too, so it is set after it. Left out: what is numbered by the reader's user namespace (ping_group_range).
 * Source: net/core/sysctl_net_core.c, net/ipv4/sysctl_net_ipv4.c, net/ipv4/devinet.c devinet_init_net,
 * net/ipv6/addrconf.c, Documentation/networking/ip-sysctl.rst. somaxconn is 4096 since Linux 5.4.
 */
export const NETWORK_SYSCTLS = {
  "net.core.somaxconn": { initial: "4096" },
  "net.ipv4.icmp_echo_ignore_all": { initial: "0" },
  "net.ipv4.ip_default_ttl": { initial: "64" },
  "net.ipv4.ip_forward": { initial: "0", copied: true },
  "net.ipv4.ip_local_port_range": { initial: "32768\t60999" },
  "net.ipv4.ip_local_reserved_ports": { initial: "" },
  "net.ipv4.ip_nonlocal_bind": { initial: "0" },
  "net.ipv4.ip_unprivileged_port_start": { initial: "1024" },
  "net.ipv4.tcp_fin_timeout": { initial: "60" },
  "net.ipv4.tcp_keepalive_intvl": { initial: "75" },
  "net.ipv4.tcp_keepalive_probes": { initial: "9" },
  "net.ipv4.tcp_keepalive_time": { initial: "7200" },
  "net.ipv4.tcp_syncookies": { initial: "1" },
  "net.ipv6.conf.all.disable_ipv6": { initial: "0" },
  "net.ipv6.conf.all.forwarding": { initial: "0" },
  "net.ipv6.conf.default.disable_ipv6": { initial: "0", follows: "net.ipv6.conf.all.disable_ipv6" },
} as const satisfies Readonly<Record<string, NetworkSysctlRow>>;
export interface NetworkSysctlRow {
  readonly initial: string;
  readonly copied?: true;
  readonly follows?: string;
}
export type NetworkSysctl = keyof typeof NETWORK_SYSCTLS;
export const NETWORK_SYSCTL_NAMES = Object.keys(NETWORK_SYSCTLS) as readonly NetworkSysctl[];
export const isNetworkSysctl = (name: string): name is NetworkSysctl => Object.hasOwn(NETWORK_SYSCTLS, name);
