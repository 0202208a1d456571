import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, Socket, type Server } from "node:net";
import type { OwnedFd } from "../kernel/live/fd.ts";
import type { Language } from "../messages/sentence.ts";
import { bring } from "./envoys.ts";
import type { Wish } from "./envoy-wire.ts";
import { FAMILIES, ipAddress, unixAddress } from "./socket-address.ts";
import type { Inside } from "./where.ts";

/** Port 0, or none: one that is free. Without a host: any address of the namespace. Hosts are addresses, not names. */
export interface Place {
  readonly port?: number;
  readonly host?: string;
}

interface Common {
  /** Rejects with an AbortError; a socket that is there by then is closed. Afterwards it ends nothing. */
  readonly signal?: AbortSignal;
  /** How long the socket may take to be made, in milliseconds; 5,000 where it is not given. Connecting is not in it. */
  readonly timeLimitMs?: number;
  /** The language of errors; English where it is not given. */
  readonly language?: Language;
}
/** A socket that others connect to. `server`: which is to listen, such as one of node:http; without it a new net.Server. */
export type ListenIn<S extends Server = Server> = Common & {
  readonly backlog?: number;
  readonly server?: S;
} & (
    | { readonly type: "tcp4" | "tcp6"; readonly listen: Place; readonly v6Only?: boolean }
    | { readonly type: "unix"; readonly listen: { readonly path: string } }
  );
/** A socket that connects; `from`: the address that it has itself. */
export type ConnectIn = Common &
  (
    | {
        readonly type: "tcp4" | "tcp6";
        readonly connect: { readonly host: string; readonly port: number };
        readonly from?: Place;
      }
    | { readonly type: "unix"; readonly connect: { readonly path: string } }
  );
export type DatagramIn = Common & { readonly type: "udp4" | "udp6"; readonly bind?: Place };
/** Any other: numbers of socket(2), as { domain: 16, type: 3, protocol: 0 } for rtnetlink. `address`: a struct sockaddr to bind to. */
export type RawIn = Common & {
  readonly type: "raw";
  readonly socket: { readonly domain: number; readonly type: number; readonly protocol?: number };
  readonly address?: Uint8Array;
  readonly backlog?: number;
};

/** An open descriptor, close-on-exec and non-blocking, which whoever asked for it ends. */
export interface Descriptor extends Disposable {
  /** The number, on loan. TypeError: it was closed or released. */
  readonly raw: number;
  /** Hands it over: it is the caller's to close from now on. */
  release(): number;
}

const [STREAM, DATAGRAM] = [1, 2];
const BACKLOG = 511;
const LIMIT_MS = 5000;

/**
 * A socket that lives in another network namespace, while the program stays where it is: a process of its own goes there,
 * makes the socket, binds it and listens as asked, and hands it over (SCM_RIGHTS). What it becomes is Node's own: a server
 * that listens, a socket that is connected, a datagram socket that is bound, or for `raw` a descriptor.
 *
 *     const server = await socketIn("net:blue", { type: "tcp4", listen: { port: 80 }, server: http.createServer(answer) });
 *     const socket = await socketIn("net:blue", { type: "tcp6", connect: { host: "::1", port: 80 } });
 *
 * A socket stays in its namespace, and keeps that alive, whatever happens to whoever made it. The process that makes them
 * is kept for half a second after the last, so that a burst is cheap, ends with the program, and keeps nothing alive.
 * A caller without privileges names its user namespace too: `["42/user", "42/net"]`. A path of a unix socket is one of the
 * mount namespace that is joined, else of the program's, and is absolute; abstract names (`\0name`) are the network namespace's.
 *
 * Rejected with SyscallError: EPERM of setns, EINVAL of setns (no network namespace), as for `spawnIn`; EADDRINUSE, EACCES,
 * EADDRNOTAVAIL of bind; ETIMEDOUT; what Node says of connecting (ECONNREFUSED, …) as Node says it. RangeError: no address.
 * Since Linux 3.0. Source: setns(2), unix(7), net/core/sock.c (a socket's namespace is that of its making).
 */
export function socketIn<S extends Server = Server>(net: Inside, options: ListenIn<S>): Promise<S>;
export function socketIn(net: Inside, options: ConnectIn): Promise<Socket>;
export function socketIn(net: Inside, options: DatagramIn): Promise<DatagramSocket>;
export function socketIn(net: Inside, options: RawIn): Promise<Descriptor>;
export async function socketIn(
  net: Inside,
  options: ListenIn | ConnectIn | DatagramIn | RawIn,
): Promise<Server | Socket | DatagramSocket | Descriptor> {
  const fd = await makeSocket(net, options);
  if (options.type === "raw") return fd;
  // By whoever is there: a path is one of that mount namespace, and whoever listens is there or is not.
  if (options.type === "unix" && "connect" in options) return new Socket({ fd: fd.release() });
  if ("connect" in options) return connect(fd, options.connect, options.signal);
  if ("listen" in options) {
    const server = options.server ?? createServer();
    server.listen({ fd: fd.release(), backlog: options.backlog ?? BACKLOG });
    await once(server, "listening");
    return server;
  }
  const socket = createSocket(options.type);
  // Which it says at once.
  const listening = once(socket, "listening");
  socket.bind({ fd: fd.release() });
  await listening;
  return socket;
}

/** Node takes over a socket that is not connected yet, and must not read from it before: that would be an error (ENOTCONN). */
async function connect(fd: OwnedFd, to: ConnectIn["connect"], signal: AbortSignal | undefined): Promise<Socket> {
  const options = { fd: fd.release(), readable: true, writable: true, manualStart: true };
  const socket = new Socket(options);
  try {
    socket.connect({ ...to });
    await once(socket, "connect", signal === undefined ? {} : { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function makeSocket(net: Inside, options: ListenIn | ConnectIn | DatagramIn | RawIn): Promise<OwnedFd> {
  const { signal, timeLimitMs = LIMIT_MS, language = "en" } = options;
  const { wish, subject } = wishOf(options);
  // The capabilities that joining gives are lost with a change of ids, and no file's owner matters here.
  const standing = { uid: "keep", gid: "keep", groups: "keep" } as const;
  const errand = { call: "socketIn", wish, subject, limitMs: timeLimitMs, standing, signal, language };
  const brought = await bring(net, errand);
  if ("fd" in brought) return brought.fd;
  throw new TypeError("no descriptor came");
}

function wishOf(options: ListenIn | ConnectIn | DatagramIn | RawIn): { readonly wish: Wish; readonly subject: string } {
  const base = {
    ask: "socket",
    protocol: 0,
    backlog: -1,
    reuseAddress: false,
    v6Only: false,
    connects: false,
  } as const;
  if (options.type === "raw") {
    const { domain, type, protocol = 0 } = options.socket;
    const [address, backlog] = [options.address ?? new Uint8Array(), options.backlog ?? -1];
    return { wish: { ...base, domain, type, protocol, address, backlog }, subject: `${domain} ${type} ${protocol}` };
  }
  const isServer = "listen" in options;
  const backlog = isServer ? (options.backlog ?? BACKLOG) : -1;
  if (options.type === "unix") {
    const path = isServer ? options.listen.path : options.connect.path;
    const address = unixAddress(path);
    const connects = !isServer;
    return { wish: { ...base, domain: FAMILIES.unix, type: STREAM, address, backlog, connects }, subject: path };
  }
  const family = options.type.endsWith("6") ? 6 : 4;
  const any = family === 6 ? "::" : "0.0.0.0";
  const place = isServer
    ? options.listen
    : "connect" in options
      ? options.from
      : "bind" in options
        ? options.bind
        : undefined;
  const { host = any, port = 0 } = place ?? {};
  return {
    wish: {
      ...base,
      domain: family === 6 ? FAMILIES.ip6 : FAMILIES.ip4,
      type: options.type.startsWith("udp") ? DATAGRAM : STREAM,
      address: place === undefined ? new Uint8Array() : ipAddress(family, host, port),
      backlog,
      // As Node does for servers.
      reuseAddress: isServer,
      v6Only: "v6Only" in options && (options.v6Only ?? false),
    },
    subject: place === undefined ? options.type : `${family === 6 ? `[${host}]` : host}:${port}`,
  };
}
