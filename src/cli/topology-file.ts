import { readFileSync } from "node:fs";
import { FormatError } from "../errors.ts";
import { outcomeOf } from "../kernel/live/outcome-of.ts";
import { COLON } from "../messages/errors.ts";
import { TOPOLOGY_HINT } from "../messages/topology-issues.ts";
import { parseStatus } from "../procfs/status.ts";
import type { Maker } from "../topology/written/maker.ts";
import type { Topology } from "../topology/topology.ts";
import { decodeTopology, isImage } from "../topology/image/decode.ts";
import { brief } from "./brief.ts";
import type { Running } from "./command.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";
import { readText } from "./seen.ts";

/** Ourselves; where /proc does not say more, what every process knows of itself. */
function makerNow(): Maker {
  const [uid, gid] = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];
  const status = outcomeOf(() => readFileSync("/proc/thread-self/status", "latin1"));
  const parsed = status.ok ? parseStatus(status.value) : undefined;
  if (parsed?.ok !== true) return { uid, gid };
  const { groups, capabilities } = parsed.value;
  const { bounding } = capabilities;
  return { uid, gid, groups, ...(bounding !== undefined && { bounding }) };
}

/** Far more than the namespaces of one machine take. */
const LARGEST_BYTES = 100_000_000;

/**
 * The image in a file, or the topology that somebody wrote there by hand, `-` being standard input. Throws (exit 6) with every
 * issue and its place where it is damaged.
 */
export async function readTopologyFile(running: Pick<Running, "language">, file: string): Promise<Topology> {
  const { language } = running;
  const text = await readText(running, file, LARGEST_BYTES);
  try {
    if (isImage(text)) return await decodeTopology(text, language);
    const { decodeWritten } = await import("../topology/written/decode.ts");
    return await decodeWritten(text, makerNow(), language);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new CommandFailure(
      {
        exit: EXIT.badInput,
        code: "FORMAT",
        subject: file,
        reason: `${brief(file)}${COLON[language]} ${error.message}`,
        details: error.issues.map(({ path, message }) => `${path}${COLON[language]} ${message}`),
        hint: TOPOLOGY_HINT[language]({}),
      },
      { cause: error },
    );
  }
}
