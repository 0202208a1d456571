import { createReadStream } from "node:fs";
import type { DiscoverWish } from "../discover/discover.ts";
import type { Observer } from "../kernel/observer.ts";
import { PROGRESS } from "../messages/commands.ts";
import type { Snapshot } from "../snapshot/types.ts";
import { VERSION } from "../version.ts";
import type { Running } from "./command.ts";
import { optimizeLater } from "./optimize-later.ts";

/** The machine as it is now. Throws where there is no /proc to read. */
export async function look(running: Running, observer: Observer, wish: DiscoverWish): Promise<Snapshot> {
  if (observer.source === "live") optimizeLater(observer.procRoot);
  const { discover } = await import("../discover/discover.ts");
  const stamp = { producer: { name: "nsatlas", version: VERSION }, takenAt: running.now() };
  const found = await withProgress(running, () => discover(observer, wish, stamp));
  if (found.ok) return found.value;
  const { noProc } = await import("./file-failure.ts");
  throw noProc(found.errno, observer.procRoot, running.language);
}

/** The machine as a file has it. Throws for a damaged file and one of a newer format, with every issue and its place. */
export async function fromFile(running: Pick<Running, "language" | "alreadyRead">, path: string): Promise<Snapshot> {
  const { language, alreadyRead } = running;
  const before = alreadyRead?.(path);
  if (before !== undefined) return before;
  const text = await readText(running, path);
  const { decodeSnapshot } = await import("../snapshot/decode.ts");
  try {
    return await decodeSnapshot(text, language);
  } catch (error) {
    throw (await import("./report.ts")).inFile(error, path, language);
  }
}

/** More than a snapshot of a million processes takes, and less than the longest string. */
const LARGEST_SNAPSHOT_BYTES = 400_000_000;

/** The text of a file, `-` being standard input. A stream: it may be a pipe, which may be set not to block. */
export async function readText(
  { language }: Pick<Running, "language">,
  path: string,
  largestBytes = LARGEST_SNAPSHOT_BYTES,
): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    const stream: AsyncIterable<Buffer> = path === "-" ? process.stdin : createReadStream(path);
    for await (const part of stream) {
      parts.push(part);
      size += part.length;
      if (size > largestBytes) break;
    }
  } catch (error) {
    const { fileFailure } = await import("./file-failure.ts");
    throw fileFailure(error, { subject: path, situation: "read-file", language });
  }
  if (size <= largestBytes) return Buffer.concat(parts).toString("utf8");
  const { tooLarge } = await import("./file-failure.ts");
  throw tooLarge(path, largestBytes, language);
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
