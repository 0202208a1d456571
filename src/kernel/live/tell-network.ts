import { NETLINK } from "../../abi/netlink.ts";
import { errnoName } from "../../abi/errnos.ts";
import { readAddress } from "../../netlink/address.ts";
import { readLink } from "../../netlink/link.ts";
import { readDatagram, type NetlinkMessage } from "../../netlink/messages.ts";
import { readNetnsid } from "../../netlink/netnsid.ts";
import { allAddresses, allLinks, allNetnsids, allRoutes, netnsidOf } from "../../netlink/requests.ts";
import { readRoute } from "../../netlink/route.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { NetworkTold } from "../attributes.ts";
import type { Asking } from "./asking.ts";
import { DATA_BYTES } from "./holder-arguments.ts";
import * as calls from "./holder-calls.ts";
import { blank, type Series, type Step, type Told } from "./series.ts";

/** How often a dump is asked for anew that changed meanwhile. */
const TRIES = 8;
/** No namespace has so many interfaces that it takes more datagrams: each holds ten at least. */
const MOST_DATAGRAMS = 65_536;
/** What one call can bring back. The kernel makes its datagrams as long as the room that they are read into, up to 32 KiB. */
const DATAGRAM_BYTES = DATA_BYTES;

/** All interfaces, addresses and routes of the network namespace that the holder is in. */
export const NETWORK: Asking<NetworkTold> = {
  ask(series) {
    const socket = series.call("socket", NETLINK.AF_NETLINK, NETLINK.SOCK_RAW, 0);
    const links = askDump(series, socket, allLinks(LINKS));
    const addresses = askDump(series, socket, allAddresses(ADDRESSES));
    const routes = askDump(series, socket, allRoutes(ROUTES));
    series.call("close", socket);
    return (told) => {
      const opened = told.of(socket);
      if (!opened.ok) return opened;
      const dumps = [links(told, LINKS), addresses(told, ADDRESSES), routes(told, ROUTES)];
      const [first, second, third] = dumps;
      if (first === undefined || second === undefined || third === undefined) return undefined;
      return networkOf({ links: first, addresses: second, routes: third });
    };
  },
  slowly: tellNetwork,
};
/** All numbers that the network namespace in which the holder is has for others. */
export const NETNS_NUMBERS: Asking<readonly number[]> = {
  ask(series) {
    const socket = series.call("socket", NETLINK.AF_NETLINK, NETLINK.SOCK_RAW, 0);
    const numbers = askDump(series, socket, allNetnsids(LINKS));
    series.call("close", socket);
    return (told) => {
      const opened = told.of(socket);
      if (!opened.ok) return opened;
      const messages = numbers(told, LINKS);
      return messages === undefined ? undefined : numbersOf(messages);
    };
  },
  slowly(by) {
    const opened = calls.socket(by, NETLINK.AF_NETLINK, NETLINK.SOCK_RAW);
    const messages = opened.ok ? dump(by, opened.value, allNetnsids) : opened;
    return messages.ok ? numbersOf(messages.value) : messages;
  },
};

/** EBADMSG: a message makes no sense. */
function numbersOf(messages: readonly NetlinkMessage[]): Outcome<readonly number[]> {
  const numbers = messages.flatMap((message) => readNetnsid(message) ?? []);
  return numbers.length === messages.length ? ok(numbers) : refused("EBADMSG");
}

/** The numbers of the requests. */
const [LINKS, ADDRESSES, ROUTES] = [1, 2, 3];

/** What datagrams are read into that are asked for together: as many as have the few interfaces of a container. */
const ROOMS = [3072, 1024];

/** What a dump gave that came whole and did not change meanwhile; undefined for any other. */
function askDump(series: Series, socket: Step, request: Uint8Array) {
  series.call("sendto", socket, request, request.length, 0, 0, 0);
  // Where the first had all, there is no second: EAGAIN.
  const datagrams = ROOMS.map((room) => ({
    room,
    step: series.call("recvfrom", socket, blank(room), room, NETLINK.MSG_TRUNC | NETLINK.MSG_DONTWAIT, 0, 0),
  }));
  return (told: Told, sequence: number): readonly NetlinkMessage[] | undefined => {
    const messages: NetlinkMessage[] = [];
    for (const { room, step } of datagrams) {
      const length = told.of(step);
      if (!length.ok || length.value > room) return undefined;
      const read = readDatagram(told.bytes(step, length.value), sequence);
      if (read === undefined || read.isInterrupted) return undefined;
      for (const message of read.messages) messages.push(message);
      if (read.end !== undefined) return read.end === 0 ? messages : undefined;
    }
    return undefined;
  };
}

function tellNetwork(by: calls.Caller): Outcome<NetworkTold> {
  const opened = calls.socket(by, NETLINK.AF_NETLINK, NETLINK.SOCK_RAW);
  if (!opened.ok) return opened;
  const socket = opened.value;
  const links = dump(by, socket, allLinks);
  if (!links.ok) return links;
  const addresses = dump(by, socket, allAddresses);
  if (!addresses.ok) return addresses;
  const routes = dump(by, socket, allRoutes);
  if (!routes.ok) return routes;
  return networkOf({ links: links.value, addresses: addresses.value, routes: routes.value });
}

/** EBADMSG: a message makes no sense. */
function networkOf(told: Readonly<Record<"links" | "addresses" | "routes", readonly NetlinkMessage[]>>) {
  const links = readEach(told.links, readLink);
  const addresses = readEach(told.addresses, readAddress);
  const routes = readEach(told.routes, readRoute);
  if (links === undefined || addresses === undefined || routes === undefined) return refused("EBADMSG");
  return ok({ links, addresses, routes: routes.filter((route) => route !== "cloned") });
}

/** The numbers that the namespace which the holder is in has for those that it has open, as far as they could be. */
export function tellNetnsids(by: calls.Caller, fds: readonly Outcome<number>[]): Outcome<readonly Outcome<number>[]> {
  const opened = calls.socket(by, NETLINK.AF_NETLINK, NETLINK.SOCK_RAW);
  if (!opened.ok) return opened;
  return ok(fds.map((fd, nth) => (fd.ok ? netnsid(by, opened.value, { fd: fd.value, sequence: nth + 1 }) : fd)));
}

/** Has something made or changed in the network namespace that the holder is in; the errno is the kernel's answer. */
export function orderNetwork(by: calls.Caller, message: (sequence: number) => Uint8Array): Outcome<number> {
  const opened = calls.socket(by, NETLINK.AF_NETLINK, NETLINK.SOCK_RAW);
  if (!opened.ok) return opened;
  const sent = send(by, opened.value, message(1));
  const answer = sent.ok ? receive(by, opened.value) : sent;
  calls.close(by, opened.value);
  if (!answer.ok) return answer;
  const end = readDatagram(answer.value, 1)?.end;
  if (end === undefined) return refused("EBADMSG");
  return end === 0 ? ok(0) : refused(errnoName(end));
}

function netnsid(by: calls.Caller, socket: number, { fd, sequence }: { fd: number; sequence: number }) {
  const sent = send(by, socket, netnsidOf(fd, sequence));
  const answer = sent.ok ? receive(by, socket) : sent;
  if (!answer.ok) return answer;
  const read = readDatagram(answer.value, sequence);
  if (read === undefined) return refused("EBADMSG");
  if (read.end !== undefined && read.end !== 0) return refused(errnoName(read.end));
  const [number] = read.messages.flatMap((message) => readNetnsid(message) ?? []);
  return number === undefined ? refused("EBADMSG") : ok(number);
}

/** The messages of a dump that nothing changed under way. EAGAIN: each changed. */
function dump(by: calls.Caller, socket: number, request: (sequence: number) => Uint8Array) {
  let outcome: Outcome<readonly NetlinkMessage[]> = refused("EAGAIN");
  for (let sequence = 1; sequence <= TRIES && !outcome.ok && outcome.errno === "EAGAIN"; sequence++) {
    const sent = send(by, socket, request(sequence));
    if (!sent.ok) return sent;
    outcome = dumped(by, socket, sequence);
  }
  return outcome;
}

function dumped(by: calls.Caller, socket: number, sequence: number): Outcome<readonly NetlinkMessage[]> {
  const messages: NetlinkMessage[] = [];
  let isInterrupted = false;
  for (let nth = 0; nth < MOST_DATAGRAMS; nth++) {
    const datagram = receive(by, socket);
    if (!datagram.ok) return datagram;
    const read = readDatagram(datagram.value, sequence);
    if (read === undefined) return refused("EBADMSG");
    isInterrupted ||= read.isInterrupted;
    for (const message of read.messages) messages.push(message);
    if (read.end === undefined) continue;
    if (read.end !== 0) return refused(errnoName(read.end));
    return isInterrupted ? refused("EAGAIN") : ok(messages);
  }
  return refused("EMSGSIZE");
}

const send = (by: calls.Caller, socket: number, bytes: Uint8Array): Outcome<number> => calls.sendto(by, socket, bytes);

/** The kernel has answered before sendto returns. EMSGSIZE: the datagram is longer than what a call brings back. */
function receive(by: calls.Caller, socket: number): Outcome<Uint8Array> {
  const got = calls.recvfrom(by, socket, DATAGRAM_BYTES, NETLINK.MSG_TRUNC | NETLINK.MSG_DONTWAIT);
  if (!got.ok) return got.errno === "EAGAIN" ? refused("ENODATA") : got;
  return got.value.length > DATAGRAM_BYTES ? refused("EMSGSIZE") : ok(got.value.bytes.subarray(0, got.value.length));
}

/** Undefined where one of them makes no sense. */
function readEach<T>(
  messages: readonly NetlinkMessage[],
  read: (message: NetlinkMessage) => T | undefined,
): T[] | undefined {
  const records: T[] = [];
  for (const message of messages) {
    const record = read(message);
    if (record === undefined) return undefined;
    records.push(record);
  }
  return records;
}
