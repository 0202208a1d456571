import { misread, parseLines, type Parsed } from "./parsed.ts";

/** A resource limit as /proc/PID/limits has it, by the name that it has there: "Max nice priority". */
export interface ResourceLimit {
  readonly name: string;
  readonly soft: bigint | "unlimited";
  readonly hard: bigint | "unlimited";
  /** Empty where there is none. */
  readonly units: string;
}

const HEAD = "Limit                     Soft Limit           Hard Limit           Units     ";
const EXPECTED = "NAME SOFT HARD UNITS";

/** Reads the whole text of /proc/PID/limits, which anybody may read. Since Linux 2.6.24. Source: fs/proc/base.c proc_pid_limits. */
export function parseLimits(text: string): Parsed<readonly ResourceLimit[]> {
  const end = text.indexOf("\n") + 1;
  const head = text.slice(0, end);
  if (head !== `${HEAD}\n`) return misread({ file: "limits", line: 1, text: head.trimEnd(), expected: HEAD.trimEnd() });
  const read = parseLines(text.slice(end), { file: "limits", expected: EXPECTED, parse: parseLimit });
  return read.ok ? read : { ...read, line: read.line + 1 };
}

/** The text as the kernel writes it. */
export const formatLimits = (limits: readonly ResourceLimit[]): string =>
  [HEAD, ...limits.map(formatLimit)].map((line) => `${line}\n`).join("");

const [NAME, VALUE, UNITS] = [25, 20, 10];

const formatLimit = ({ name, soft, hard, units }: ResourceLimit): string =>
  `${name.padEnd(NAME)} ${String(soft).padEnd(VALUE)} ${String(hard).padEnd(VALUE)} ${units.padEnd(units === "" ? 0 : UNITS)}`;

/** Names have blanks, so the columns tell. */
const LINE = /^(Max [a-z ]{21}) (unlimited|\d+) +(unlimited|\d+) +([a-z]*) *$/;

function parseLimit(line: string): ResourceLimit | undefined {
  const [, name = "", soft = "", hard = "", units = ""] = LINE.exec(line) ?? [];
  return name === "" ? undefined : { name: name.trimEnd(), soft: valueOf(soft), hard: valueOf(hard), units };
}

const valueOf = (text: string): bigint | "unlimited" => (text === "unlimited" ? text : BigInt(text));
