import { isIPv4, isIPv6 } from "node:net";

/** Of include/linux/socket.h and of include/uapi/linux/in.h, which every Linux has alike. */
export const FAMILIES = { unix: 1, ip4: 2, ip6: 10 } as const;
const UNIX_PATH_BYTES = 108;

/** struct sockaddr_in or sockaddr_in6. RangeError: no address of that family, or no port. A scope is a number: `fe80::1%2`. */
export function ipAddress(family: 4 | 6, host: string, port: number): Uint8Array {
  if (!Number.isInteger(port) || port < 0 || port > 0xffff)
    throw new RangeError(`a port is from 0 to 65535, got ${port}`);
  const [address = "", scope = "0"] = host.split("%");
  if (!(family === 4 ? isIPv4(host) : isIPv6(address)) || !/^\d+$/.test(scope)) {
    throw new RangeError(`${host} is no IPv${family} address: names are not looked up`);
  }
  const bytes = Buffer.alloc(family === 4 ? 16 : 28);
  bytes.writeUInt16LE(family === 4 ? FAMILIES.ip4 : FAMILIES.ip6, 0);
  bytes.writeUInt16BE(port, 2);
  if (family === 4) bytes.set(host.split(".").map(Number), 4);
  else {
    for (const [nth, group] of groupsOf(address).entries()) bytes.writeUInt16BE(group, 8 + nth * 2);
    bytes.writeUInt32LE(Number(scope), 24);
  }
  return bytes;
}

/** The eight groups of an IPv6 address that is one. */
function groupsOf(address: string): readonly number[] {
  const hex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number);
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [before = "", after] = hex.split("::");
  const groups = (text: string): readonly number[] =>
    text === "" ? [] : text.split(":").map((group) => parseInt(group, 16));
  const [left, right] = [groups(before), groups(after ?? "")];
  return after === undefined ? left : [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

/** struct sockaddr_un: a path, or a name in the abstract space where it begins with NUL. RangeError: 107 bytes at most. */
export function unixAddress(path: string): Uint8Array {
  const name = Buffer.from(path.startsWith("\0") ? path : `${path}\0`);
  if (path === "" || name.length > UNIX_PATH_BYTES) throw new RangeError(`a path of a socket has 1 to 107 bytes`);
  const bytes = Buffer.alloc(2 + name.length);
  bytes.writeUInt16LE(FAMILIES.unix, 0);
  bytes.set(name, 2);
  return bytes;
}
