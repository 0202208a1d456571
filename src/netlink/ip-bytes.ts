const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const BYTE_MAX = 255;
const IPV6_GROUPS = 8;

/** The bytes of an address as inet_pton(3) has them, 4 or 16; undefined: it is none. */
export const ipBytes = (text: string): Uint8Array | undefined =>
  text.includes(":") ? ipv6Bytes(text) : ipv4Bytes(text);

function ipv4Bytes(text: string): Uint8Array | undefined {
  const numbers = IPV4.exec(text)?.slice(1);
  // A number with a leading zero is octal to some and decimal to others.
  const isClear = numbers?.every((number) => Number(number) <= BYTE_MAX && String(Number(number)) === number);
  return numbers !== undefined && isClear === true ? Uint8Array.from(numbers, Number) : undefined;
}

/** RFC 4291, 2.2: eight groups; one run of zeros as `::`; the last two groups may be an IPv4 address. */
function ipv6Bytes(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half) => groupsOf(half));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const missing = IPV6_GROUPS - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: tail === undefined ? 0 : missing }, () => 0), ...(tail ?? [])];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & BYTE_MAX]));
}

function groupsOf(text: string): readonly number[] | undefined {
  if (text === "") return [];
  const words = text.split(":");
  const ipv4 = words.at(-1)?.includes(".") === true ? ipv4Bytes(words.pop() ?? "") : new Uint8Array();
  if (ipv4 === undefined || !words.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return undefined;
  const groups = words.map((word) => Number.parseInt(word, 16));
  const [a, b, c, d] = ipv4;
  if (a !== undefined && b !== undefined && c !== undefined && d !== undefined) groups.push((a << 8) | b, (c << 8) | d);
  return groups;
}
