import * as z from "zod";
import { PID_MAX_LIMIT } from "../../abi/ids.ts";
import { KINDS } from "../../abi/namespace-kinds.ts";
import { LINKS } from "../../abi/proc-links.ts";
import { FINDING_DETAILS } from "../../messages/topology.ts";
import { S32_MAX, U32_MAX } from "../../procfs/decimal.ts";
import { flag, instant, keyed, path, patterned, text, whole } from "../../snapshot/schema-parts.ts";
import type { Finding } from "../findings.ts";
import {
  TOPOLOGY_FORMAT,
  TOPOLOGY_VERSION,
  type NamespaceNode,
  type PinNode,
  type ProcessNode,
  type Topology,
} from "../topology.ts";
import { device, netnsid, route } from "./network-schema.ts";
import { count, label, namedReference, reference, sysctls } from "./schema-parts.ts";

// This module loads zod, which takes longer than most commands: import it only when a file is to be read.

/** UID_GID_MAP_MAX_EXTENTS of include/linux/user_namespace.h. */
const MOST_EXTENTS = 340;
const extent = z
  .strictObject({
    inside: whole(0, U32_MAX - 1, "The first id in the namespace."),
    outside: whole(0, U32_MAX - 1, "The first id in its parent."),
    count: whole(1, U32_MAX, "How many ids."),
  })
  .meta({
    id: "IdExtent",
    description: "One line of uid_map, gid_map or projid_map, as the parent numbers the outside.",
  });
const map = z.exactOptional(
  z.array(extent).min(1).max(MOST_EXTENTS).meta({ description: "By inside. Absent: nobody has written it." }),
);

const identity = z.exactOptional(
  z
    .strictObject({
      inode: whole(1, Number.MAX_SAFE_INTEGER, "Of its file."),
      uniqueId: z.exactOptional(patterned(/^[1-9]\d{0,19}$/, "NUMBER", "The kernel's 64-bit id.")),
    })
    .meta({ description: "What the kernel called it. For people, never compared." }),
);
const common = { label, owner: reference("user"), identity };
const offset = z
  .strictObject({
    seconds: whole(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, "Rounded down."),
    nanoseconds: whole(0, 999_999_999, "Added to them."),
  })
  .meta({ id: "ClockOffset" });
/** As struct new_utsname has room for. */
const hostText = z.string().max(64);

export const namespaceSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({
      ...common,
      kind: z.literal("user"),
      creator: z.strictObject({ uid: whole(0, U32_MAX - 1, "Who made it, as its parent numbers users.") }),
      uidMap: map,
      gidMap: map,
      projidMap: map,
      setgroups: z.enum(["allow", "deny"]),
      limits: keyed(KINDS, count("How many namespaces of this kind a user may make below.")),
    }),
    z.strictObject({
      ...common,
      kind: z.literal("pid"),
      parent: reference("pid"),
      state: z.enum(["alive", "dead", "unborn"]),
      pidMax: z.exactOptional(whole(301, PID_MAX_LIMIT, "Numbers lie below it.")),
    }),
    z.strictObject({ ...common, kind: z.literal("mnt") }),
    z.strictObject({
      ...common,
      kind: z.literal("uts"),
      hostname: z.exactOptional(hostText),
      domainname: z.exactOptional(hostText),
    }),
    z.strictObject({ ...common, kind: z.literal("ipc"), sysctls }),
    z.strictObject({ ...common, kind: z.literal("cgroup"), root: z.exactOptional(path("From the restorer's root.")) }),
    z.strictObject({
      ...common,
      kind: z.literal("time"),
      monotonic: z.exactOptional(offset),
      boottime: z.exactOptional(offset),
    }),
    z.strictObject({
      ...common,
      kind: z.literal("net"),
      devices: z.array(device),
      routes: z.array(route),
      netnsids: z.array(netnsid),
      sysctls,
    }),
  ])
  .meta({ id: "Namespace" }) satisfies z.ZodType<NamespaceNode>;

const number = whole(1, PID_MAX_LIMIT, "A number in a pid namespace.");
const led = z.union([number, label]).meta({
  description:
    "By number in its own captured pid namespace, absent: it leads its own; at the boundary by who leads it.",
});
const id = z.exactOptional(whole(0, U32_MAX - 1, "As its own user namespace has it."));
const ids = z.strictObject({ real: id, effective: id, saved: id, fs: id });
const capabilities = patterned(/^[0-9a-f]{1,16}$/, "HEX", "As CapPrm in /proc/PID/status.");

export const processSchema = z
  .strictObject({
    label,
    comm: text("The name the kernel shows."),
    parent: z.exactOptional(label),
    numbers: z.array(number).meta({ description: "From the outermost captured pid namespace down to its own." }),
    namespaces: keyed(LINKS, namedReference("What the link leads to.")),
    credentials: z.strictObject({
      uid: ids,
      gid: ids,
      groups: z.array(whole(0, U32_MAX - 1, "As its own user namespace has it.")),
      capabilities: z.strictObject({
        inheritable: capabilities,
        permitted: capabilities,
        effective: capabilities,
        bounding: capabilities,
        ambient: capabilities,
      }),
      noNewPrivs: flag("Set by PR_SET_NO_NEW_PRIVS."),
    }),
    session: z.exactOptional(led),
    group: z.exactOptional(led),
    descriptors: z.array(
      z.strictObject({
        fd: whole(0, S32_MAX, "The number."),
        namespace: namedReference("What it is open on."),
        closeOnExec: z.exactOptional(z.literal(true)),
      }),
    ),
    identity: z.exactOptional(z.strictObject({ pid: number })),
  })
  .meta({ id: "Process" }) satisfies z.ZodType<ProcessNode>;

export const pinSchema = z
  .strictObject({
    namespace: namedReference("What is mounted."),
    in: reference("mnt"),
    path: path("From the root of that mount namespace."),
  })
  .meta({ id: "Pin", description: "A bind mount of a namespace's file." }) satisfies z.ZodType<PinNode>;

export const findingSchema = z
  .strictObject({
    class: z.enum(["identity", "degraded", "refuse"]),
    element: z.exactOptional(text("A label, or a path; absent: the whole image.")),
    code: patterned(/^[a-z0-9-]{1,64}$/, "words-with-hyphens", "What it is."),
    details: keyed(FINDING_DETAILS, text("What the sentence is filled with.")),
  })
  .meta({ id: "Finding", description: "What the image does not hold, or not surely." }) satisfies z.ZodType<Finding>;

export const topologySchema = z
  .strictObject({
    format: z.literal(TOPOLOGY_FORMAT),
    version: z.literal(TOPOLOGY_VERSION),
    origin: z.exactOptional(
      z.strictObject({
        producer: z.strictObject({ name: text("The program."), version: text("Its version.") }),
        takenAt: instant("UTC, ISO 8601."),
        kernel: z.strictObject({ release: text("uname -r"), machine: text("uname -m") }),
        bootId: z.exactOptional(text("/proc/sys/kernel/random/boot_id")),
      }),
    ),
    namespaces: z.array(namespaceSchema).meta({ description: "Owners and parents first." }),
    processes: z.array(processSchema).meta({ description: "Parents first." }),
    pins: z.array(pinSchema),
    findings: z.array(findingSchema),
  })
  .meta({
    title: `nsatlas topology, format ${TOPOLOGY_VERSION}`,
    description: "Namespaces, processes that stand in them, and what else holds them: what checkpoint writes.",
  }) satisfies z.ZodType<Topology>;

const anyList = z.array(z.unknown());
/** An image without its records, which are checked one by one. */
export const frameSchema = topologySchema.extend({
  namespaces: anyList,
  processes: anyList,
  pins: anyList,
  findings: anyList,
});

/** What schemas/topology-1.json publishes. Laws between records, as that no label is there twice, take a program. */
export const topologyJsonSchema = (): object => ({
  $id: `urn:nsatlas:topology:${TOPOLOGY_VERSION}`,
  ...z.toJSONSchema(topologySchema, { io: "input" }),
});
