import type { Step } from "./step.ts";

/**
 * What a command is to have from whoever called nsatlas, and Node has changed by the time it runs us: it lets every signal
 * do its default but for two that it ignores, blocks none, raises the soft limit of open files to the hard one, and opens
 * /dev/null where 0, 1 or 2 was closed. The shell line in front of dist/cli.cjs notes it before Node starts; and the environment,
 * because the shell adds PWD and loses variables whose names it does not take, such as the functions that bash exports.
 */
export interface Caller {
  /** Of RLIMIT_NOFILE; undefined: none. */
  readonly softLimit: bigint | undefined;
  readonly ignored: readonly number[];
  readonly blocked: readonly number[];
  /** Of 0, 1 and 2. */
  readonly closed: readonly number[];
  /** `NAME=VALUE` each, as the shell in front was given it; undefined: not noted. */
  readonly environment: readonly Uint8Array[] | undefined;
}

/** The variable that holds the note. It is taken out of the command's environment. */
export const CALLER_VARIABLE = "NSATLAS_CALLER";

/** All but the environment, which is long. */
const NOTE = /^(\d+) (\d+|unlimited) ([0-9a-f]{16}) ([0-9a-f]{16})(?:-(\d+))? (-?[012]*)(?: |$)/;
const RLIMIT_NOFILE = 7;

/**
 * Reads `PID LIMIT BLOCKED IGNORED CLOSED ENVIRONMENT`, as in `4711 1024 0000000000000000 0000000000000001 -02 QT1iAA==.`:
 * /proc/PID/environ in base64, and a dot where all of it was read. `IGNORED-3`: signal 3 is ignored by the shell itself, as
 * bash does. One of another process (a variable that some program handed on) says nothing about ours: undefined, as for none.
 */
export function readCaller(note: string | undefined, pid: number): Caller | undefined {
  const [all = "", from, limit = "", blocked = "", ignored = "", own, closed = ""] = NOTE.exec(note ?? "") ?? [];
  if (from === undefined || Number(from) !== pid) return undefined;
  return {
    softLimit: limit === "unlimited" ? undefined : BigInt(limit),
    blocked: signalsOf(blocked),
    ignored: signalsOf(ignored).filter((signal) => signal !== Number(own)),
    closed: Array.from(closed.replace("-", ""), Number),
    environment: note?.endsWith(".") === true ? environmentIn(note.slice(all.length, -1)) : undefined,
  };
}

/** Undefined: it is no base64, so that nobody's shell has noted it. */
function environmentIn(base64: string): readonly Uint8Array[] | undefined {
  let text: string;
  try {
    text = atob(base64);
  } catch {
    return undefined;
  }
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = text.charCodeAt(at);
  return textsOf(bytes);
}

/** Texts that are each ended by NUL, as the files of /proc have them. */
export function textsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const texts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const nul = bytes.indexOf(0, at);
    const end = nul === -1 ? bytes.length : nul;
    texts.push(bytes.subarray(at, end));
    at = end + 1;
  }
  return texts;
}

/** The signals in a mask of /proc/PID/status: bit 0 is signal 1. */
function signalsOf(mask: string): readonly number[] {
  const signals: number[] = [];
  // Most are empty.
  for (let [rest, signal] = [BigInt(`0x${mask}`), 1]; rest !== 0n; rest >>= 1n, signal++) {
    if ((rest & 1n) === 1n) signals.push(signal);
  }
  return signals;
}

/**
 * The first steps of a plan: signals and limit as the caller had them. Where it is not known, signals do their default, which
 * most callers have, and the limit stays where Node has put it. `unignored` do their default in any case.
 */
export function callerSteps(caller: Caller | undefined, unignored: readonly number[] = []): readonly Step[] {
  const ignored = (caller?.ignored ?? []).filter((signal) => !unignored.includes(signal));
  const signals: Step = { do: "signals", ignored, blocked: caller?.blocked ?? [] };
  return caller?.softLimit === undefined
    ? [signals]
    : [signals, { do: "rlimit", resource: RLIMIT_NOFILE, soft: caller.softLimit, mayFailBy: "always" }];
}

/** What comes last before the command: no step may open anything after it, which would get such a number. */
export const closingSteps = (caller: Caller | undefined): readonly Step[] =>
  (caller?.closed ?? []).map((fd) => ({ do: "close", fd, mayFailBy: "always" }));
