import * as z from "zod";
import { U32_MAX } from "../procfs/decimal.ts";
import { namespaceId, pid, whole } from "./schema-parts.ts";

// It loads zod, as schema.ts does.

/** UID_GID_MAP_MAX_EXTENTS of include/linux/user_namespace.h. */
const MOST_EXTENTS = 340;

const idExtent = z
  .strictObject({
    inside: whole(0, U32_MAX, "The first id in the namespace."),
    outside: whole(0, U32_MAX, "The first id in the reader's user namespace, or the parent; 4294967295: none."),
    count: whole(1, U32_MAX, "How many ids."),
  })
  .meta({ id: "IdExtent", description: "One line of uid_map or gid_map." });

/** The id maps of a user namespace. */
export const idMaps = z
  .strictObject({
    uid: z.array(idExtent).max(MOST_EXTENTS),
    gid: z.array(idExtent).max(MOST_EXTENTS),
    projid: z.exactOptional(z.array(idExtent).max(MOST_EXTENTS)),
    setgroups: z.exactOptional(z.enum(["allow", "deny"])),
    readFrom: pid,
    inViewOf: z.exactOptional(namespaceId),
  })
  .meta({ id: "IdMaps", description: "Maps as /proc/PID of `readFrom` shows them to a reader in `inViewOf`." });
