import * as z from "zod";
import { PID_MAX_LIMIT } from "../abi/ids.ts";
import { flag, patterned, pid, text, uid, whole } from "./schema-parts.ts";

const fourIds = z
  .strictObject({ real: uid, effective: uid, saved: uid, fs: uid })
  .meta({ id: "Ids", description: "As the viewer's user namespace maps them; 65534 where it does not." });
const capabilitySet = patterned(/^[0-9a-f]{16}$/, "16 HEX DIGITS", "As CapPrm in /proc/PID/status.");
/** What /proc/PID/status says of who a process is. */
export const status = z
  .strictObject({
    uid: fourIds,
    gid: fourIds,
    groups: z.array(uid),
    numbers: z.exactOptional(z.array(pid)),
    group: z.exactOptional(
      whole(0, PID_MAX_LIMIT, "Its process group, as its own pid namespace has it; 0: outside of it."),
    ),
    session: z.exactOptional(whole(0, PID_MAX_LIMIT, "Its session, likewise.")),
    threads: whole(0, PID_MAX_LIMIT, "How many threads it has."),
    capabilities: z.strictObject({
      inheritable: capabilitySet,
      permitted: capabilitySet,
      effective: capabilitySet,
      bounding: z.exactOptional(capabilitySet),
      ambient: z.exactOptional(capabilitySet),
    }),
    noNewPrivs: z.exactOptional(flag("Set by PR_SET_NO_NEW_PRIVS.")),
    seccomp: z.exactOptional(whole(0, 255, "0: off; 1: strict; 2: filter.")),
    label: z.exactOptional(text("What a security module calls it: /proc/PID/attr/current.")),
  })
  .meta({ id: "Status", description: "numbers: from the pid namespace of the /proc that was read down to its own." });
