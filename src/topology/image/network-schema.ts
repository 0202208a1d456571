import * as z from "zod";
import { S32_MAX, U32_MAX } from "../../procfs/decimal.ts";
import { flag, patterned, text, whole } from "../../snapshot/schema-parts.ts";
import { DEVICE_FLAG_NAMES, type NetworkDevice, type NetworkRoute } from "../network.ts";
import { reference } from "./schema-parts.ts";

// It loads zod, as schema.ts does.

const index = whole(1, S32_MAX, "A device's index.");
/** IPv4 or IPv6, as inet_ntop(3) writes them. What is no address the restore refuses. */
const address = patterned(/^[0-9a-fA-F.:]{2,45}$/, "ADDRESS", "IPv4 or IPv6.");
/** IFNAMSIZ without the NUL. */
const name = patterned(/^[^/\s\0]{1,15}$/, "1 to 15 characters without blank and /", "What it is called.");

export const device = z
  .strictObject({
    index,
    name,
    sort: z.enum(["loopback", "veth", "bridge", "vlan", "dummy", "other"]),
    kernelSort: z.exactOptional(text("The kernel's word, where nsatlas makes none.")),
    mtu: whole(0, U32_MAX, "In bytes."),
    mac: z.exactOptional(patterned(/^[0-9a-f]{2}(?::[0-9a-f]{2}){0,31}$/, "xx:xx:…", "Its hardware address.")),
    up: flag("Whether it is up."),
    flags: z.exactOptional(
      z.array(z.enum(DEVICE_FLAG_NAMES)).meta({ description: "Set; absent: as a new one of its sort has them." }),
    ),
    master: z.exactOptional(index),
    peer: z.exactOptional(
      z
        .strictObject({ namespace: reference("net"), index })
        .meta({ description: "The other end of a veth, or what a vlan lies on." }),
    ),
    vlan: z.exactOptional(whole(0, 4094, "Its number.")),
    addresses: z.array(
      z.strictObject({
        address,
        prefix: whole(0, 128, "How many bits are the network's."),
        peer: z.exactOptional(address),
      }),
    ),
  })
  .meta({ id: "Device" }) satisfies z.ZodType<NetworkDevice>;

export const route = z
  .strictObject({
    to: patterned(/^(?:default|[0-9a-fA-F.:]{2,45}\/\d{1,3})$/, "default or ADDRESS/PREFIX", "Where it leads."),
    via: z.exactOptional(address),
    device: z.exactOptional(index),
    metric: z.exactOptional(whole(0, U32_MAX, "Smaller ones come first.")),
    family: z.enum(["inet", "inet6"]),
  })
  .meta({ id: "Route" }) satisfies z.ZodType<NetworkRoute>;

export const netnsid = z
  .strictObject({ id: whole(0, S32_MAX, "The number."), namespace: reference("net") })
  .meta({ id: "Netnsid", description: "What a network namespace calls another." });
