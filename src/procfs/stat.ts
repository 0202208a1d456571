import { S32_MAX, U32_MAX, unsigned } from "./decimal.ts";
import { misread, parsed, type Parsed } from "./parsed.ts";

/** What /proc/PID/stat says about a process, as far as we want to know: it is the cheapest of the files that say it. */
export interface ProcessStat {
  /** Up to 15 bytes, a kernel worker's up to 63; any but NUL may be among them. */
  readonly comm: string;
  /** One letter: R, S, D, T, t, Z, X, I … */
  readonly state: string;
  /** 0 where the parent is not in the pid namespace of the /proc. */
  readonly ppid: number;
  /** PF_* bits. */
  readonly flags: number;
  /** How many threads it has, itself included. */
  readonly threads: number;
  /** Clock ticks after boot, exact below 2^53. */
  readonly startTime: number;
}

/** Places of the fields behind the name, of which proc_pid_stat(5) counts the first as 3. */
const STATE = 0;
const PPID = 1;
const FLAGS = 6;
const THREADS = 17;
const START_TIME = 19;

/**
 * Reads the one line of /proc/PID/stat. The name stands in parentheses and may hold parentheses, blanks and newlines
 * itself, so it ends at the last `)` of all. Source: fs/proc/array.c do_task_stat, proc_pid_stat(5).
 */
export function parseStat(text: string): Parsed<ProcessStat> {
  const start = text.indexOf("(");
  const end = text.lastIndexOf(")");
  const fields = text.slice(end + 2).split(" ");
  const state = fields[STATE];
  const ppid = unsigned(fields[PPID], S32_MAX);
  const flags = unsigned(fields[FLAGS], U32_MAX);
  const threads = unsigned(fields[THREADS], S32_MAX);
  const startTime = unsigned(fields[START_TIME], Number.MAX_SAFE_INTEGER);
  if (start < 0 || end < start || state?.length !== 1) return notAStat(text);
  if (ppid === undefined || flags === undefined || startTime === undefined) return notAStat(text);
  if (threads === undefined) return notAStat(text);
  return parsed({ comm: text.slice(start + 1, end), state, ppid, flags, threads, startTime });
}

const notAStat = (text: string): Parsed<never> =>
  misread({ file: "stat", line: 1, text, expected: "PID (NAME) STATE PPID … FLAGS … THREADS … START_TIME …" });
