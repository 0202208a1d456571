import * as z from "zod";
import { PID_MAX_LIMIT } from "../abi/ids.ts";
import { S32_MAX } from "../procfs/decimal.ts";
import { PATTERN_NAMES } from "../traces/patterns.ts";
import { MOST_PARTS } from "../traces/read-path.ts";
import { ENGINES, QOS_CLASSES, TRACE_KINDS } from "../traces/kinds.ts";
import { path, pid, text, whole } from "./schema-parts.ts";

/** NAME_MAX, in bytes: of a folder, and of a unit's name. Without escapes a name is never longer. */
const LONGEST_NAME = 255;

/** One thing that something belongs to. */
const tracePart = z
  .strictObject({
    kind: z.enum(TRACE_KINDS),
    engine: z.exactOptional(z.enum(ENGINES)),
    name: z.string().min(1).max(LONGEST_NAME).meta({ description: "As its maker wrote it." }),
    qos: z.exactOptional(z.enum(QOS_CLASSES)),
    pattern: z.enum(PATTERN_NAMES).meta({ description: "The row of nsatlas's table that knew it." }),
  })
  .meta({ id: "TracePart", description: "One thing that something belongs to." });
export const trace = z
  .discriminatedUnion("from", [
    z.strictObject({
      from: z.literal("cgroup"),
      parts: z.array(tracePart).min(1).max(MOST_PARTS),
      pid,
      tid: z.exactOptional(whole(1, PID_MAX_LIMIT, "The thread whose file it is.")),
      line: text("Of /proc/PID/cgroup. A path that lies outside the viewer's cgroup root begins with /.. .").regex(
        /^(?:0|[1-9]\d{0,9}):[^:]*:\//,
        { error: "HIERARCHY:[CONTROLLER,…]:PATH" },
      ),
      others: z.exactOptional(whole(1, Number.MAX_SAFE_INTEGER, "Processes that belong to something else.")),
    }),
    z.strictObject({
      from: z.literal("pin"),
      parts: z.tuple([tracePart]),
      mountId: whole(0, S32_MAX, "The mount."),
      path: path("Where its file is mounted."),
    }),
  ])
  .meta({ id: "Trace", description: "Whose it is, the outermost first, and where that is written." });
