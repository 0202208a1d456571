import { readFileSync } from "node:fs";
import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { ipText, readAddress } from "../../src/netlink/address.ts";
import { readLink } from "../../src/netlink/link.ts";
import { readAttributes, readDatagram, type NetlinkMessage } from "../../src/netlink/messages.ts";
import { readNetnsid } from "../../src/netlink/netnsid.ts";
import { allAddresses, allLinks, netnsidOf } from "../../src/netlink/requests.ts";

/** Datagrams as Linux 6.18 wrote them, in hexadecimal digits, blank lines between; the dump was number 7. */
const datagrams = (name: string): Uint8Array[] =>
  readFileSync(new URL(`fixtures/${name}.hex`, import.meta.url), "utf8")
    .trim()
    .split("\n\n")
    .map((hex) => Uint8Array.from(Buffer.from(hex.replaceAll("\n", ""), "hex")));
const messagesOf = (name: string): NetlinkMessage[] =>
  datagrams(name).flatMap((bytes) => [...(readDatagram(bytes, 7)?.messages ?? [])]);

describe("a dump of the kernel", () => {
  test("of interfaces", () => {
    expect(messagesOf("links").map(readLink)).toEqual([
      { index: 1, name: "lo", type: 772, flags: 0x10049, state: "unknown", mtu: 65536, mac: "00:00:00:00:00:00" },
      {
        index: 2,
        name: "br0",
        kind: "bridge",
        type: 1,
        flags: 0x1003,
        state: "down",
        mtu: 1500,
        mac: "de:08:3d:e7:44:31",
      },
      {
        index: 3,
        name: "v0",
        kind: "veth",
        type: 1,
        flags: 0x1003,
        state: "down",
        mtu: 1500,
        mac: "de:08:3d:e7:44:31",
        master: 2,
        link: { index: 2, netnsid: 0 },
      },
      { index: 4, name: "tun0", kind: "tun", type: 65534, flags: 0x1090, state: "down", mtu: 1500 },
    ]);
  });
  test("of addresses", () => {
    expect(messagesOf("addresses").map(readAddress)).toEqual([
      { index: 1, address: "127.0.0.1", prefix: 8 },
      { index: 2, address: "192.0.2.1", prefix: 24 },
      { index: 2, address: "192.0.2.129", prefix: 32, peer: "198.51.100.7" },
      { index: 1, address: "::1", prefix: 128 },
      { index: 2, address: "2001:db8:0:1::2", prefix: 128, peer: "2001:db8::9" },
      { index: 2, address: "2001:db8::1", prefix: 64 },
    ]);
  });
  test("ends with its last datagram, and says so", () => {
    for (const name of ["links", "addresses"]) {
      const ends = datagrams(name).map((bytes) => readDatagram(bytes, 7)?.end);
      expect(ends.slice(0, -1).every((end) => end === undefined)).toBe(true);
      expect(ends.at(-1)).toBe(0);
    }
  });
  test("answers its own request alone", () => {
    for (const bytes of datagrams("links"))
      expect(readDatagram(bytes, 8)).toMatchObject({ messages: [], end: undefined });
  });
});

/** A message as the kernel writes one. */
function message(type: number, body: readonly number[], { flags = 0, sequence = 1 } = {}): number[] {
  const head = new DataView(new ArrayBuffer(16));
  head.setUint32(0, 16 + body.length, true);
  head.setUint16(4, type, true);
  head.setUint16(6, flags, true);
  head.setUint32(8, sequence, true);
  return [...new Uint8Array(head.buffer), ...body, ...Array.from({ length: -body.length & 3 }, () => 0)];
}
const attribute = (type: number, ...bytes: number[]): number[] => [
  4 + bytes.length,
  0,
  type,
  0,
  ...bytes,
  ...Array.from({ length: -bytes.length & 3 }, () => 0),
];
const read = (...messages: readonly number[][]) => readDatagram(Uint8Array.from(messages.flat()), 1);

describe("a datagram", () => {
  test("with an error ends with it; an acknowledgement is error 0", () => {
    expect(read(message(2, [0xff, 0xff, 0xff, 0xff]))).toEqual({ messages: [], end: 1, isInterrupted: false });
    expect(read(message(2, [0, 0, 0, 0]))?.end).toBe(0);
    expect(read(message(3, [0xf5, 0xff, 0xff, 0xff]))?.end).toBe(11);
    expect(read(message(3, []))?.end).toBe(0);
    expect(read(message(2, [0]))).toBeUndefined();
  });
  test("that changed under way says so, in any of its messages or by an overrun", () => {
    expect(read(message(16, [], { flags: 0x12 }), message(3, []))?.isInterrupted).toBe(true);
    expect(read(message(16, []), message(3, [], { flags: 0x10 }))?.isInterrupted).toBe(true);
    expect(read(message(4, []))?.isInterrupted).toBe(true);
    expect(read(message(16, [], { flags: 0x10, sequence: 2 }))?.isInterrupted).toBe(false);
  });
  test.each([
    ["shorter than a head", [1, 2, 3]],
    ["of a message shorter than its head", [15, 0, 0, 0, ...message(3, []).slice(4)]],
    ["of length 0, which would never end", [0, 0, 0, 0, ...message(3, []).slice(4)]],
    ["longer than what came", [32, 0, 0, 0, ...message(3, []).slice(4)]],
    ["of a length beyond 2^31", [0, 0, 0, 0xff, ...message(3, []).slice(4)]],
  ])("%s is none", (_, bytes) => expect(read(bytes)).toBeUndefined());
  test("of any bytes is read to its end or not at all, and every record of it too", () => {
    const mutated = fc.tuple(
      fc.constantFrom(...datagrams("links"), ...datagrams("addresses")),
      fc.array(fc.nat(), { maxLength: 8 }),
      fc.nat(255),
    );
    fc.assert(
      fc.property(mutated, fc.nat(5000), ([bytes, places, value], length) => {
        const changed = bytes.slice(0, length);
        for (const place of places) if (changed.length > 0) changed[place % changed.length] = value;
        for (const found of readDatagram(changed, 7)?.messages ?? [])
          for (const parse of [readLink, readAddress, readNetnsid]) parse(found);
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readDatagram(bytes, 7)));
  });
});

describe("attributes", () => {
  test("are read by type, whatever stands above it, the last of two; padding is passed over", () => {
    const body = Uint8Array.from([...attribute(3, 1), ...attribute(3, 2), 8, 0, 5, 0x80, 9, 9, 9, 9]);
    expect([...(readAttributes(body, 0) ?? [])]).toEqual([
      [3, Uint8Array.of(2)],
      [5, Uint8Array.of(9, 9, 9, 9)],
    ]);
  });
  test.each([
    ["cut off in its head", [4, 0]],
    ["shorter than its head", [3, 0, 1, 0]],
    ["longer than what is there", [9, 0, 1, 0, 1, 2, 3, 4]],
  ])("one that is %s spoils all", (_, bytes) => expect(readAttributes(Uint8Array.from(bytes), 0)).toBeUndefined());
});

describe("an interface", () => {
  const link = (...attributes: number[][]) =>
    readLink({
      type: 16,
      flags: 0,
      body: Uint8Array.from([0, 0, 1, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...attributes.flat()]),
    });
  const name = attribute(3, 0x1b, 0x5b, 0xff, 0);

  test("has a name, of whatever bytes", () => {
    expect(link(name)?.name).toBe("\u001b[\ufffd");
    expect(link()).toBeUndefined();
    expect(link(attribute(3, 0))).toBeUndefined();
  });
  test("that is tied to its own index in this namespace is tied to nothing; in another it is", () => {
    const to = attribute(5, 7, 0, 0, 0);
    expect(link(name, to)?.link).toBeUndefined();
    expect(link(name, to, attribute(37, 3, 0, 0, 0))?.link).toEqual({ index: 7, netnsid: 3 });
    expect(link(name, attribute(5, 8, 0, 0, 0), attribute(37, 0xff, 0xff, 0xff, 0xff))?.link).toEqual({ index: 8 });
  });
  test("of a state that we do not know is unknown; without numbers it has none", () => {
    expect(link(name, attribute(16, 99))).toMatchObject({ state: "unknown", mtu: 0 });
    expect(link(name, attribute(4, 1))).toMatchObject({ mtu: 0 });
  });
  test("is no other message", () => {
    expect(readLink({ type: 20, flags: 0, body: new Uint8Array(16) })).toBeUndefined();
    expect(readLink({ type: 16, flags: 0, body: new Uint8Array(15) })).toBeUndefined();
  });
});

test.each([
  ["0:0:0:0:0:0:0:0", "::"],
  ["0:0:0:0:0:0:0:1", "::1"],
  ["1:0:0:0:0:0:0:0", "1::"],
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
  ["fe80:0:0:0:ABCD:0:0:12", "fe80::abcd:0:0:12"],
  ["0:0:0:0:0:ffff:c000:201", "::ffff:192.0.2.1"],
])("RFC 5952 writes %s as %s", (long, short) => {
  const bytes = long
    .split(":")
    .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]);
  expect(ipText(Uint8Array.from(bytes))).toBe(short);
});

test("requests are as the kernel's structs lie", () => {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  expect(hex(allLinks(5))).toBe("280000001200010305000000000000000000000000000000000000000000000008001d0008000000");
  expect(hex(allAddresses(6))).toBe("180000001600010306000000000000000000000000000000");
  expect(hex(netnsidOf(9, 2))).toBe("1c0000005a0001000200000000000000000000000800030009000000");
});

test("the number of a namespace, -1 where it has none", () => {
  const told = (...bytes: number[]) =>
    readNetnsid({ type: 88, flags: 0, body: Uint8Array.from([0, 0, 0, 0, ...attribute(1, ...bytes)]) });
  expect(told(4, 0, 0, 0)).toBe(4);
  expect(told(0xff, 0xff, 0xff, 0xff)).toBe(-1);
  expect(told(1)).toBeUndefined();
  expect(readNetnsid({ type: 88, flags: 0, body: new Uint8Array() })).toBeUndefined();
});
