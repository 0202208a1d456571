import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { CommandError } from "../errors.ts";
import { LIBRARY } from "../messages/library.ts";
import { safeText } from "../messages/safe-text.ts";
import { spawnIn, type SpawnInOptions } from "./spawn.ts";
import type { Inside } from "./where.ts";

/** As those of `spawnIn`, but for stdio, and what is done with the output. */
export interface ExecInOptions extends Omit<SpawnInOptions, "stdio" | "detached"> {
  /** What the command reads; without it nothing. */
  readonly input?: string | Uint8Array;
  /** Of the output; "buffer": bytes. UTF-8 where it is not given. */
  readonly encoding?: BufferEncoding | "buffer";
  /** How many bytes stdout, and stderr, may each have; 1 MiB where it is not given. The command is killed at more. */
  readonly maxBuffer?: number;
}

export interface ExecInResult<T = string> {
  readonly stdout: T;
  readonly stderr: T;
}

const USUAL_BYTES = 1024 * 1024;

/**
 * Runs a command in namespaces, as `spawnIn` does, and gives what it wrote once it has ended with 0:
 *
 *     const { stdout } = await execIn("net:blue", "ip", ["-json", "address"]);
 *
 * Rejected with: SyscallError, NameError, UnsupportedError, as `spawnIn` says. CommandError: it ended with another exit code,
 * by a signal (`timeout`'s too) or wrote more than `maxBuffer` bytes; the output is in it. AbortError: `signal`.
 */
export function execIn(
  namespaces: Inside,
  command: string,
  args: readonly string[],
  options: ExecInOptions & { readonly encoding: "buffer" },
): Promise<ExecInResult<Buffer>>;
export function execIn(
  namespaces: Inside,
  command: string,
  args?: readonly string[],
  options?: ExecInOptions & { readonly encoding?: BufferEncoding },
): Promise<ExecInResult>;
export async function execIn(
  namespaces: Inside,
  command: string,
  args: readonly string[] = [],
  options: ExecInOptions = {},
): Promise<ExecInResult<string | Buffer>> {
  const { input, encoding = "utf8", maxBuffer = USUAL_BYTES, language = "en", ...spawning } = options;
  const child = spawnIn(namespaces, command, args, { ...spawning, language, stdio: "pipe" });
  // A command need not read all of it.
  child.stdin?.on("error", () => {}).end(input);
  let isTooMuch = false;
  const [out, err] = [child.stdout, child.stderr].map((stream) =>
    collect(stream, maxBuffer, () => {
      isTooMuch = true;
      child.kill("SIGKILL");
    }),
  );
  const { code, signal } = await ended(child);
  const text = (chunks: readonly Buffer[] = []): string | Buffer => {
    const bytes = Buffer.concat(chunks);
    return encoding === "buffer" ? bytes : bytes.toString(encoding);
  };
  const [stdout, stderr] = [text(out), text(err)];
  if (code === 0 && !isTooMuch) return { stdout, stderr };
  const name = safeText(command);
  const message = isTooMuch
    ? LIBRARY["too-much-output"][language]({ command: name, bytes: maxBuffer })
    : signal === null
      ? LIBRARY["ended-with-code"][language]({ command: name, code: code ?? 0 })
      : LIBRARY["ended-by-signal"][language]({ command: name, signal });
  throw new CommandError(message, { command, exitCode: code, signal, stdout, stderr });
}

/** What comes, up to so many bytes. */
function collect(stream: Readable | null, most: number, onMore: () => void): readonly Buffer[] {
  const chunks: Buffer[] = [];
  let left = most;
  stream?.on("data", (chunk: Buffer) => {
    chunks.push(chunk.subarray(0, left));
    if (chunk.length > left) onMore();
    left = Math.max(0, left - chunk.length);
  });
  return chunks;
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Settled when its streams have ended too: nothing is left of it then. */
function ended(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let error: Error | undefined;
    child.once("error", (one) => (error = one));
    child.once("close", (code: number | null, signal: NodeJS.Signals | null) => {
      if (error === undefined) resolve({ code, signal });
      else reject(error);
    });
  });
}
