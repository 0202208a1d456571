import { describe, expect, test } from "vitest";
import fc from "../support/property.ts";
import { ipText, readAddress } from "../../src/netlink/address.ts";
import { ipBytes } from "../../src/netlink/ip-bytes.ts";
import { readLink } from "../../src/netlink/link.ts";
import { viewOf, type NetlinkMessage } from "../../src/netlink/messages.ts";
import { changeLink, newAddress, newLink, newNetnsid, newRoute } from "../../src/netlink/orders.ts";
import { readNetnsid } from "../../src/netlink/netnsid.ts";
import { readRoute } from "../../src/netlink/route.ts";

/** An order has the form of what the kernel tells: the reader of the one reads the other. */
function messageOf(bytes: Uint8Array | undefined): NetlinkMessage {
  if (bytes === undefined) throw new Error("there is no such order");
  const view = viewOf(bytes);
  expect(view.getUint32(0, true)).toBe(bytes.length);
  expect(view.getUint32(8, true)).toBe(77);
  return { type: view.getUint16(4, true), flags: view.getUint16(6, true), body: bytes.subarray(16) };
}

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const ipv4 = bytesOf(4).map((bytes) => ipText(bytes) ?? "");
const ipv6 = bytesOf(16).map((bytes) => ipText(bytes) ?? "");
const mac = bytesOf(6).map((bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":"));
const index = fc.integer({ min: 1, max: 2_147_483_647 });

describe("an address as text and as bytes", () => {
  test("each is the other's, in both families", () => {
    fc.assert(
      fc.property(fc.oneof(bytesOf(4), bytesOf(16)), (bytes) => {
        expect(ipBytes(ipText(bytes) ?? "")).toEqual(bytes);
      }),
    );
  });
  test.each(["::", "1::", "::1", "::ffff:10.0.0.1", "64:ff9b::10.1.2.3", "1:2:3:4:5:6:7:8", "A::B"])(
    "%s is one",
    (text) => {
      expect(ipBytes(text)).toHaveLength(16);
    },
  );
  test.each([
    "",
    ":",
    ":::",
    "1::2::3",
    "1:2:3",
    "1:2:3:4:5:6:7:8:9",
    "12345::",
    "::g",
    "10.0.0",
    "10.0.0.256",
    "10.0.0.01",
  ])("'%s' is none", (text) => {
    expect(ipBytes(text)).toBeUndefined();
  });
});

describe("an order says what it was given", () => {
  test("of an address", () => {
    fc.assert(
      fc.property(
        index,
        fc.oneof(fc.tuple(ipv4, ipv4), fc.tuple(ipv6, ipv6)),
        fc.nat(32),
        (at, [address, peer], prefix) => {
          const wish = { index: at, address, prefix, ...(peer === address ? {} : { peer }) };
          expect(readAddress(messageOf(newAddress(wish, 77)))).toEqual(wish);
        },
      ),
    );
  });
  test("of a route", () => {
    const part = fc.record({ device: index, metric: fc.integer({ min: 1, max: 1000 }) }, { requiredKeys: [] });
    const inet = fc.record({
      family: fc.constant("inet" as const),
      at: ipv4,
      via: ipv4,
      bits: fc.integer({ min: 1, max: 32 }),
    });
    const inet6 = fc.record({
      family: fc.constant("inet6" as const),
      at: ipv6,
      via: ipv6,
      bits: fc.integer({ min: 1, max: 128 }),
    });
    fc.assert(
      fc.property(
        fc.oneof(inet, inet6),
        part,
        fc.boolean(),
        fc.boolean(),
        ({ family, at, via, bits }, rest, far, all) => {
          const wish = { family, to: all ? "default" : `${at}/${bits}`, ...(far && { via }), ...rest };
          expect(readRoute(messageOf(newRoute(wish, 77)))).toEqual({ ...wish, protocol: 3, isPlain: true });
        },
      ),
    );
  });
  test("of a device", () => {
    fc.assert(
      fc.property(index, fc.stringMatching(/^[a-z0-9]{1,15}$/), fc.nat(65_535), mac, (at, name, mtu, address) => {
        const link = { index: at, name, mtu, mac: address };
        expect(readLink(messageOf(newLink({ ...link, kind: "bridge" }, 77)))).toMatchObject({
          ...link,
          kind: "bridge",
        });
        const vlan = readLink(messageOf(newLink({ ...link, kind: "vlan", vlan: 4094, on: 3 }, 77)));
        expect(vlan).toMatchObject({ ...link, vlan: 4094, ...(at !== 3 && { link: { index: 3 } }) });
        const across = messageOf(newLink({ ...link, kind: "vlan", vlan: 4094, on: 3 }, 77, { to: 9 }));
        expect(readLink(across)).toEqual(vlan);
        // IFLA_NET_NS_FD, which no kernel tells of.
        expect(Buffer.from(across.body).toString("hex")).toContain("08001c0009000000");
        const end = { fd: 9, index: 7, name: "end" };
        expect(readLink(messageOf(newLink({ ...link, kind: "veth", peer: end }, 77)))).toMatchObject({
          ...link,
          kind: "veth",
        });
      }),
    );
  });
  test("of a number, and of what changes", () => {
    expect(readNetnsid({ ...messageOf(newNetnsid({ id: 5, fd: 9 }, 77)), type: 88 })).toBe(5);
    const { body } = messageOf(changeLink({ index: 4, master: 2, up: true }, 77));
    const view = viewOf(body);
    expect([view.getInt32(4, true), view.getUint32(8, true), view.getUint32(12, true)]).toEqual([4, 1, 1]);
  });
  test("where an address is none, or of the other family, there is no order", () => {
    expect(newAddress({ index: 1, address: "10.0.0.300", prefix: 8 }, 77)).toBeUndefined();
    expect(newAddress({ index: 1, address: "10.0.0.3", prefix: 8, peer: "::1" }, 77)).toBeUndefined();
    expect(newRoute({ family: "inet", to: "::/0" }, 77)).toBeUndefined();
    expect(newRoute({ family: "inet6", to: "default", via: "10.0.0.1" }, 77)).toBeUndefined();
  });
});
