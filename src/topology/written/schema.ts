import * as z from "zod";
import { PID_MAX_LIMIT } from "../../abi/ids.ts";
import { KINDS } from "../../abi/namespace-kinds.ts";
import { LINKS } from "../../abi/proc-links.ts";
import { S32_MAX, U32_MAX } from "../../procfs/decimal.ts";
import { flag, keyed, path, text, whole } from "../../snapshot/schema-parts.ts";
import { DEVICE_FLAG_NAMES } from "../network.ts";
import { route } from "../image/network-schema.ts";
import { count, label, namedReference, reference, sysctls } from "../image/schema-parts.ts";

// This module loads zod: import it only when a file is to be read.

/** What a person writes: as an image, by label in place of lists, with all but `kind` left out where the default will do. */
const id = whole(0, U32_MAX - 1, "As the user namespace numbers it.");
const extent = z
  .union([
    z.string().regex(/^\d{1,10} +\d{1,10} +\d{1,10}$/, { error: "INSIDE OUTSIDE COUNT" }),
    z.strictObject({ inside: id, outside: id, count: whole(1, U32_MAX, "How many ids.") }),
  ])
  .meta({ id: "Extent", description: "INSIDE OUTSIDE COUNT, the outside as the parent numbers it." });
const map = z.exactOptional(z.array(extent).max(340));
const seconds = whole(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, "Seconds.");
const offset = z.exactOptional(
  z.union([seconds, z.strictObject({ seconds, nanoseconds: whole(0, 999_999_999, "Added to them.") })]),
);
const owner = z.exactOptional(reference("user"));
const host = z.exactOptional(z.string().max(64));
const address = z.union([
  z.string().regex(/^[0-9a-fA-F.:]{2,45}\/\d{1,3}$/, { error: "ADDRESS/PREFIX" }),
  z.strictObject({
    address: text("IPv4 or IPv6."),
    prefix: whole(0, 128, "How many bits are the network's."),
    peer: z.exactOptional(text("The other end.")),
  }),
]);
const index = whole(1, S32_MAX, "A device's index.");
const device = z.strictObject({
  name: z.string().regex(/^[^/\s\0]{1,15}$/, { error: "1 to 15 characters without blank and /" }),
  index: z.exactOptional(index),
  sort: z.exactOptional(z.enum(["loopback", "veth", "bridge", "vlan", "dummy"])),
  mtu: z.exactOptional(whole(0, U32_MAX, "In bytes.")),
  mac: z.exactOptional(z.string().regex(/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/, { error: "xx:xx:xx:xx:xx:xx" })),
  up: z.exactOptional(flag("Whether it is up.")),
  flags: z.exactOptional(z.array(z.enum(DEVICE_FLAG_NAMES))),
  master: z.exactOptional(index),
  peer: z.exactOptional(
    z
      .strictObject({ namespace: reference("net"), index })
      .meta({ description: "The other end, or what a vlan lies on." }),
  ),
  vlan: z.exactOptional(whole(0, 4094, "Its number.")),
  addresses: z.exactOptional(z.array(address)),
});

export const writtenNamespace = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("user"),
      owner,
      creator: z.exactOptional(z.strictObject({ uid: id })),
      uidMap: map,
      gidMap: map,
      projidMap: map,
      setgroups: z.exactOptional(z.enum(["allow", "deny"])),
      limits: z.exactOptional(keyed(KINDS, count("Namespaces of this kind a user may make below."))),
    }),
    z.strictObject({
      kind: z.literal("pid"),
      owner,
      parent: z.exactOptional(reference("pid")),
      state: z.exactOptional(z.enum(["alive", "dead", "unborn"])),
      pidMax: z.exactOptional(whole(301, PID_MAX_LIMIT, "Numbers lie below it.")),
    }),
    z.strictObject({ kind: z.literal("mnt"), owner }),
    z.strictObject({ kind: z.literal("uts"), owner, hostname: host, domainname: host }),
    z.strictObject({ kind: z.literal("ipc"), owner, sysctls: z.exactOptional(sysctls) }),
    z.strictObject({ kind: z.literal("cgroup"), owner, root: z.exactOptional(path("From the restorer's root.")) }),
    z.strictObject({ kind: z.literal("time"), owner, monotonic: offset, boottime: offset }),
    z.strictObject({
      kind: z.literal("net"),
      owner,
      devices: z.exactOptional(z.array(device)),
      routes: z.exactOptional(z.array(route)),
      sysctls: z.exactOptional(sysctls),
    }),
  ])
  .meta({ id: "Namespace" });

export const writtenProcess = z
  .strictObject({
    in: z.exactOptional(z.array(label).meta({ description: "The namespaces it is in, by their labels." })),
    namespaces: z.exactOptional(keyed(LINKS, namedReference("What the link leads to."))),
    parent: z.exactOptional(label),
    comm: z.exactOptional(text("The name the kernel shows.")),
    number: z.exactOptional(whole(1, PID_MAX_LIMIT, "Its number in its own pid namespace.")),
    uid: z.exactOptional(id),
    gid: z.exactOptional(id),
    groups: z.exactOptional(z.array(id)),
    holds: z.exactOptional(z.array(namedReference("Kept open, from descriptor 3 on."))),
  })
  .meta({ id: "Process" });

export const writtenPin = z
  .strictObject({
    namespace: namedReference("What is mounted."),
    in: z.exactOptional(reference("mnt")),
    path: path("From the root of that mount namespace."),
  })
  .meta({ id: "Pin", description: "A bind mount of a namespace's file." });

export const writtenTopology = z
  .strictObject({
    namespaces: z.exactOptional(z.record(label, writtenNamespace)),
    processes: z.exactOptional(z.record(label, writtenProcess)),
    pins: z.exactOptional(z.array(writtenPin)),
  })
  .meta({ title: "nsatlas topology, written by hand", description: "Namespaces to make. YAML or JSON." });

export type WrittenNamespace = z.output<typeof writtenNamespace>;
export type WrittenProcess = z.output<typeof writtenProcess>;
export type WrittenTopology = z.output<typeof writtenTopology>;

/** What schemas/topology-text-1.json publishes, for editors. */
export const writtenJsonSchema = (): object => ({
  $id: "urn:nsatlas:topology-text:1",
  ...z.toJSONSchema(writtenTopology, { io: "input" }),
});
