import { readFileSync } from "node:fs";
import { PROGRESS } from "../messages/commands.ts";
import { FormatError } from "../errors.ts";
import { COLON } from "../messages/errors.ts";
import { hintFor } from "../messages/hints.ts";
import type { DiscoverWish } from "../discover/discover.ts";
import type { Observer } from "../kernel/observer.ts";
import type { Snapshot } from "../snapshot/types.ts";
import { VERSION } from "../version.ts";
import type { Running } from "./command.ts";
import { EXIT } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";
import { failureOf } from "./report.ts";
import { shown } from "./shown.ts";
import { fileFailure } from "./file-failure.ts";

/** The machine as it is now. Throws where there is no /proc to read. */
export async function look(running: Running, observer: Observer, wish: DiscoverWish): Promise<Snapshot> {
  const { language, now } = running;
  // Not before: `--from` and `--help` do without.
  const { discover } = await import("../discover/discover.ts");
  const stamp = { producer: { name: "nsatlas", version: VERSION }, takenAt: now() };
  const found = await withProgress(running, () => discover(observer, wish, stamp));
  if (found.ok) return found.value;
  const code = found.errno;
  const known = hintFor({ code, syscall: "open", situation: "proc" }, language);
  throw new CommandFailure({ exit: EXIT.refused, code, syscall: "open", subject: observer.procRoot, ...known });
}

/** The machine as a file has it. Throws for a damaged file and one of a newer format, with every issue and its place. */
export async function fromFile(running: Running, path: string): Promise<Snapshot> {
  const { language } = running;
  const text = readText(running, path);
  const { decodeSnapshot } = await import("../snapshot/decode.ts");
  try {
    return await decodeSnapshot(text, language);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const { reason, ...failure } = failureOf(error, language);
    const named = `${shown(path)}${COLON[language]} ${reason}`;
    throw new CommandFailure({ ...failure, subject: path, reason: named }, { cause: error });
  }
}

const STANDARD_INPUT = 0;

/** The text of a file, `-` being standard input. */
function readText({ language }: Running, path: string): string {
  try {
    return readFileSync(path === "-" ? STANDARD_INPUT : path, "utf8");
  } catch (error) {
    throw fileFailure(error, { subject: path, situation: "read-file", language });
  }
}

/** How long a person waits without asking what is going on. */
const PATIENCE_MS = 500;

/** Says on a terminal what takes so long, and takes it back when it is done. */
async function withProgress<T>({ err, language }: Running, work: () => Promise<T>): Promise<T> {
  if (!err.isTerminal) return work();
  let said = false;
  const timer = setTimeout(() => {
    said = true;
    err.write(PROGRESS[language]);
  }, PATIENCE_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    if (said) err.write(CLEAR_LINE);
  }
}

/** To the first column, and erase to the end of the line. Source: console_codes(4). */
const CLEAR_LINE = "\r\u001b[K";
