import * as z from "zod";
import { IPC_SYSCTL_NAMES } from "../abi/ipc-sysctls.ts";
import { NETWORK_SYSCTL_NAMES } from "../abi/network-sysctls.ts";
import { KINDS } from "../abi/namespace-kinds.ts";
import { OPERATIONAL_STATES } from "../abi/netlink.ts";
import { S32_MAX, U32_MAX } from "../procfs/decimal.ts";
import { count, keyed, namespaceId, path, patterned, text, whole } from "./schema-parts.ts";

// It loads zod, as schema.ts does.

/** KTIME_SEC_MAX of include/linux/ktime.h: no clock is set further off. */
const MOST_SECONDS = 9_223_372_036;
const MOST_U16 = 0xffff;
/** IFNAMSIZ of linux/if.h, its NUL included; in characters, which may take several bytes. */
const LONGEST_INTERFACE = 15;

const offset = z.strictObject({
  seconds: whole(-MOST_SECONDS, MOST_SECONDS, "Rounded down."),
  nanoseconds: whole(0, 999_999_999, "Added to the seconds."),
});
const index = whole(1, S32_MAX, "The number of an interface in its namespace.");
const ip = patterned(/^[0-9a-f.:]{2,45}$/, "IPv4 or IPv6", "As RFC 5952 writes it.");

const address = z.strictObject({
  address: ip,
  prefix: whole(0, 128, "How many bits name the network."),
  peer: z.exactOptional(ip),
});
const link = z.strictObject({
  index,
  netnsid: z.exactOptional(whole(0, S32_MAX, "The namespace of that, as the interface's own numbers it.")),
  namespace: z.exactOptional(namespaceId),
});
const networkInterface = z
  .strictObject({
    index,
    name: z.exactOptional(z.string().min(1).max(LONGEST_INTERFACE).meta({ description: "Absent: redacted." })),
    kind: z.exactOptional(text("veth, bridge, …; absent for hardware and loopback.")),
    type: whole(0, MOST_U16, "ARPHRD_*"),
    flags: whole(0, U32_MAX, "IFF_*"),
    state: z.enum(OPERATIONAL_STATES),
    mtu: whole(0, U32_MAX, "The longest packet, in bytes."),
    mac: z.exactOptional(patterned(/^[0-9a-f]{2}(?::[0-9a-f]{2}){0,31}$/, "aa:bb:…", "Its link-layer address.")),
    master: z.exactOptional(index),
    addresses: z.array(address),
    vlan: z.exactOptional(whole(0, 4095, "Of a vlan its number.")),
    link: z.exactOptional(link),
  })
  .meta({ id: "Interface", description: "link: the other end of a veth, the device below a vlan." });

const route = z
  .strictObject({
    family: z.enum(["inet", "inet6"]),
    to: text("default, or an address and how many of its bits count."),
    via: z.exactOptional(text("An address.")),
    device: z.exactOptional(index),
    metric: z.exactOptional(whole(0, U32_MAX, "Smaller ones come first.")),
  })
  .meta({ id: "Route", description: "Of the main table, to hosts, one way; none of the kernel's own." });

/** What a namespace says of itself, by its kind. */
export const attributes = z
  .discriminatedUnion("of", [
    z.strictObject({
      of: z.literal("uts"),
      hostname: text("uname -n"),
      domainname: text("(none) where nobody set it."),
    }),
    z.strictObject({ of: z.literal("time"), monotonic: offset, boottime: offset }),
    z.strictObject({
      of: z.literal("cgroup"),
      root: z.exactOptional(path("Its root, from the root of the viewer's cgroup namespace. Absent: redacted.")),
    }),
    z.strictObject({
      of: z.literal("net"),
      interfaces: z.array(networkInterface),
      routes: z.exactOptional(z.array(route)),
      otherRoutes: z.exactOptional(count("Routes of other tables or types.")),
      numbers: z.exactOptional(
        z
          .array(
            z.strictObject({
              number: whole(0, S32_MAX, "The netnsid."),
              namespace: z.exactOptional(namespaceId),
            }),
          )
          .meta({ description: "What it calls others that no interface leads to." }),
      ),
      sysctls: z.exactOptional(
        keyed(NETWORK_SYSCTL_NAMES, text("Its text.")).meta({ description: "Those that were set." }),
      ),
    }),
    z.strictObject({
      of: z.literal("user"),
      limits: keyed(KINDS, whole(0, S32_MAX, "Namespaces of that kind a user.")),
    }),
    z.strictObject({
      of: z.literal("ipc"),
      segments: count("Of shared memory."),
      pages: count("Of all segments together."),
      semaphoreSets: count("Semaphore sets."),
      semaphores: count("Of all sets together."),
      queues: count("Message queues."),
      messages: count("In all queues together."),
      messageBytes: count("Of all messages together."),
      sysctls: z.exactOptional(
        keyed(IPC_SYSCTL_NAMES, text("Its text.")).meta({ description: "Those that a new namespace has otherwise." }),
      ),
    }),
  ])
  .meta({ id: "Attributes", description: "What a namespace says of itself; `of` is its kind." });
