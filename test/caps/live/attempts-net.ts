import { room } from "../../../src/kernel/live/holder-arguments.ts";
import { answered, made, struct, type Aimed, type Attempts, type NetSockets } from "./attempt.ts";

const [AF_INET, AF_NETLINK, AF_PACKET] = [2, 16, 17];
const [SOCK_DGRAM, SOCK_RAW] = [2, 3];
const IPPROTO_ICMP = 1;
const SOL_SOCKET = 1;
const SO_MARK = 36;
const TUNSETIFF = 0x400454ca;
const [NLM_F_REQUEST, NLM_F_ACK] = [1, 4];
const NLMSG_ERROR = 2;
const [RTM_DELLINK, RTM_NEWROUTE] = [17, 24];
const [NETLINK_ROUTE, NETLINK_NETFILTER] = [0, 12];
const MSG_DONTWAIT = 0x40;
const [IFREQ_BYTES, ADDRESS_BYTES] = [40, 16];
/** nfnetlink has no such subsystem. */
const NO_SUBSYSTEM = 0xff00;
const NO_DEVICE = 0x7ffffff0;
/** In an address of 32 bits there are not so many. */
const NO_PREFIX = 255;
const ENODATA = 61;
const O_RDWR = 2;

/** sockaddr_in of any address. The port is big-endian. */
const anyAddress = (port: number): Uint8Array => {
  const address = new Uint8Array(ADDRESS_BYTES);
  address.set([AF_INET, 0, port >> 8, port & 0xff]);
  return address;
};

/** What a task opens of the network namespace that it is in. */
export function openSockets(task: Pick<Aimed, "actor" | "by">): NetSockets {
  const udp = made(task, "socket", [AF_INET, SOCK_DGRAM, 0]);
  made(task, "bind", [udp, anyAddress(0), ADDRESS_BYTES]);
  return {
    udp,
    route: made(task, "socket", [AF_NETLINK, SOCK_RAW, NETLINK_ROUTE]),
    netfilter: made(task, "socket", [AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER]),
    tun: made(task, "openat", [-100, "/dev/net/tun", O_RDWR, 0]),
  };
}

/** A request to the kernel, which answers before sendto returns: 0, or the -errno of its answer. */
function netlink(task: Aimed, socket: number, type: number, body: Uint8Array): number {
  const head = struct([4, 16 + body.length], [2, type], [2, NLM_F_REQUEST | NLM_F_ACK], [4, 1], [4, 0]);
  const message = new Uint8Array([...head, ...body]);
  const sent = made(task, "sendto", [socket, message, message.length, 0, 0, 0]);
  if (sent < 0) return sent;
  const { ret, out } = answered(task, "recvfrom", [socket, room(4096), 4096, MSG_DONTWAIT, 0, 0]);
  const [bytes] = out;
  if (ret < 0 || bytes === undefined) return ret;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint16(4, true) === NLMSG_ERROR ? view.getInt32(16, true) : -ENODATA;
}

/** A socket, closed again at once. */
function opened(task: Aimed, family: number, type: number, protocol: number): number {
  const fd = made(task, "socket", [family, type, protocol]);
  return fd < 0 ? fd : made(task, "close", [fd]);
}

const ofSockets = ({ sockets }: Aimed): NetSockets => sockets ?? { udp: -1, route: -1, netfilter: -1, tun: -1 };

export const NET_ATTEMPTS = {
  // It has an address already, which comes up last.
  "bind-low-port": {
    make: (aimed) => made(aimed, "bind", [ofSockets(aimed).udp, anyAddress(7), ADDRESS_BYTES]),
    refusedBy: ["EACCES"],
    passedBy: ["EINVAL"],
  },
  "add-route": {
    make: (aimed) => {
      const route = struct([1, AF_INET], [1, NO_PREFIX], [2, 0], [8, 0]);
      return netlink(aimed, ofSockets(aimed).route, RTM_NEWROUTE, route);
    },
    refusedBy: ["EPERM"],
    passedBy: ["EINVAL"],
  },
  "configure-device": {
    make: (aimed) => {
      const device = struct([4, 0], [4, NO_DEVICE], [8, 0]);
      return netlink(aimed, ofSockets(aimed).route, RTM_DELLINK, device);
    },
    refusedBy: ["EPERM"],
    passedBy: ["ENODEV"],
  },
  firewall: {
    make: (aimed) => {
      const { netfilter } = ofSockets(aimed);
      return netfilter < 0 ? netfilter : netlink(aimed, netfilter, NO_SUBSYSTEM, struct([4, 0]));
    },
    refusedBy: ["EPERM"],
    passedBy: ["EINVAL"],
    lackedBy: ["EPROTONOSUPPORT"],
  },
  // Neither of the two kinds of device is asked for.
  "create-tun": {
    make: (aimed) => {
      const { tun } = ofSockets(aimed);
      return tun < 0 ? tun : made(aimed, "ioctl", [tun, TUNSETIFF, new Uint8Array(IFREQ_BYTES)]);
    },
    refusedBy: ["EPERM"],
    passedBy: ["EINVAL"],
    lackedBy: ["ENOENT", "ENODEV", "ENXIO", "EACCES"],
  },
  "raw-socket": { make: (aimed) => opened(aimed, AF_INET, SOCK_RAW, IPPROTO_ICMP), refusedBy: ["EPERM"] },
  "packet-socket": {
    make: (aimed) => opened(aimed, AF_PACKET, SOCK_RAW, 0),
    refusedBy: ["EPERM"],
    lackedBy: ["EAFNOSUPPORT"],
  },
  "ping-socket": { make: (aimed) => opened(aimed, AF_INET, SOCK_DGRAM, IPPROTO_ICMP), refusedBy: ["EACCES"] },
  "socket-mark": {
    make: (aimed) => made(aimed, "setsockopt", [ofSockets(aimed).udp, SOL_SOCKET, SO_MARK, struct([4, 7]), 4]),
    refusedBy: ["EPERM"],
  },
} as const satisfies Attempts;
