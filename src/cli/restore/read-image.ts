import { FormatError } from "../../errors.ts";
import { COLON } from "../../messages/errors.ts";
import { decodeTopology } from "../../topology/image/decode.ts";
import type { Topology } from "../../topology/topology.ts";
import { brief } from "../brief.ts";
import type { Running } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";
import { readText } from "../seen.ts";

/** The image in a file, `-` being standard input. Throws (exit 6) with every issue and its place where it is damaged. */
export async function readImage(running: Pick<Running, "language">, file: string): Promise<Topology> {
  const { language } = running;
  const text = await readText(running, file);
  try {
    return await decodeTopology(text, language);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const details = error.issues.map(({ path, message }) => `${path}${COLON[language]} ${message}`);
    const reason = `${brief(file)}${COLON[language]} ${error.message}`;
    throw new CommandFailure(
      { exit: EXIT.badInput, code: "FORMAT", subject: file, reason, details },
      { cause: error },
    );
  }
}
