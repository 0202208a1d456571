import { S32_MAX, U32_MAX, unsigned } from "./decimal.ts";
import { readFields } from "./fields.ts";
import { misread, parsed, type Parsed } from "./parsed.ts";

/** Real, effective, saved and file system id, as the reader's user namespace maps them. */
export interface Ids {
  readonly real: number;
  readonly effective: number;
  readonly saved: number;
  readonly fs: number;
}

/** Capability sets by bit, each relative to the process's own user namespace. */
export interface CapabilitySets {
  readonly inheritable: bigint;
  readonly permitted: bigint;
  readonly effective: bigint;
  /** Absent before Linux 2.6.26. */
  readonly bounding?: bigint;
  /** Absent before Linux 4.3. */
  readonly ambient?: bigint;
}

/** What /proc/PID/status says about who a process is. The kernel leaves out what it does not have. */
export interface ProcessStatus {
  readonly name: string;
  /** One letter: R, S, D, T, t, Z, X, I … */
  readonly state: string;
  readonly tgid: number;
  readonly pid: number;
  /** 0 where the parent is not in the pid namespace of the /proc. */
  readonly ppid: number;
  readonly uid: Ids;
  readonly gid: Ids;
  readonly groups: readonly number[];
  /** The process's numbers from the pid namespace of the /proc down to its own. Absent before Linux 4.1. */
  readonly nsTgid?: readonly number[];
  /** The same for the thread. Absent before Linux 4.1. */
  readonly nsPid?: readonly number[];
  /** Those of its process group and of its session; 0 where they are not in the namespace. Absent before Linux 4.1. */
  readonly nsPgid?: readonly number[];
  readonly nsSid?: readonly number[];
  readonly threads: number;
  readonly capabilities: CapabilitySets;
  /** Absent before Linux 4.10. */
  readonly noNewPrivs?: boolean;
  /** 0 off, 1 strict, 2 filter. Absent before Linux 3.8 and without CONFIG_SECCOMP. */
  readonly seccomp?: number;
}

/** Reads the whole text of /proc/PID/status. Source: fs/proc/array.c proc_pid_status, proc_pid_status(5). */
export function parseStatus(text: string): Parsed<ProcessStatus> {
  const lines = readFields("status", text);
  const name = lines.need("Name", "TEXT", unescapeName);
  const state = lines.need("State", "LETTER (WORD)", stateLetter);
  const tgid = lines.need("Tgid", "PID", count);
  const pid = lines.need("Pid", "PID", count);
  const ppid = lines.need("PPid", "PID", count);
  const uid = lines.need("Uid", "REAL EFFECTIVE SAVED FS", ids);
  const gid = lines.need("Gid", "REAL EFFECTIVE SAVED FS", ids);
  const groups = lines.need("Groups", "GID …", (field) => numbers(field, U32_MAX));
  const nsTgid = lines.take("NStgid", "PID …", (field) => numbers(field, S32_MAX));
  const nsPid = lines.take("NSpid", "PID …", (field) => numbers(field, S32_MAX));
  const nsPgid = lines.take("NSpgid", "PID …", (field) => numbers(field, S32_MAX));
  const nsSid = lines.take("NSsid", "PID …", (field) => numbers(field, S32_MAX));
  const threads = lines.need("Threads", "COUNT", count);
  const inheritable = lines.need("CapInh", "HEX", capabilitySet);
  const permitted = lines.need("CapPrm", "HEX", capabilitySet);
  const effective = lines.need("CapEff", "HEX", capabilitySet);
  const bounding = lines.take("CapBnd", "HEX", capabilitySet);
  const ambient = lines.take("CapAmb", "HEX", capabilitySet);
  const noNewPrivs = lines.take("NoNewPrivs", "0 | 1", flag);
  const seccomp = lines.take("Seccomp", "MODE", count);

  const problem = lines.problem();
  if (problem !== undefined) return problem;
  // A needed line that is missing is a problem already; the compiler cannot know.
  if (name === undefined || state === undefined || tgid === undefined || pid === undefined) return INCOMPLETE;
  if (ppid === undefined || uid === undefined || gid === undefined || groups === undefined) return INCOMPLETE;
  if (threads === undefined || inheritable === undefined || permitted === undefined) return INCOMPLETE;
  if (effective === undefined) return INCOMPLETE;
  return parsed({
    name,
    state,
    tgid,
    pid,
    ppid,
    uid,
    gid,
    groups,
    threads,
    ...(nsTgid && { nsTgid }),
    ...(nsPid && { nsPid }),
    ...(nsPgid && { nsPgid }),
    ...(nsSid && { nsSid }),
    capabilities: {
      inheritable,
      permitted,
      effective,
      ...(bounding !== undefined && { bounding }),
      ...(ambient !== undefined && { ambient }),
    },
    ...(noNewPrivs !== undefined && { noNewPrivs }),
    ...(seccomp !== undefined && { seccomp }),
  });
}

const INCOMPLETE = misread({ file: "status", line: 1, text: "", expected: "KEY:\\tVALUE\\n" });

/** The lines that `parseStatus` reads, in the kernel's order. */
export function formatStatus(status: ProcessStatus): string {
  const { capabilities: sets, nsTgid, nsPid, nsPgid, nsSid, noNewPrivs, seccomp } = status;
  const lines: (readonly [key: string, value: string | undefined])[] = [
    ["Name", status.name.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")],
    ["State", `${status.state} (${STATE_WORDS.get(status.state) ?? "unknown"})`],
    ["Tgid", `${status.tgid}`],
    ["Pid", `${status.pid}`],
    ["PPid", `${status.ppid}`],
    ["Uid", idColumns(status.uid)],
    ["Gid", idColumns(status.gid)],
    // The kernel leaves a blank at the end of this line.
    ["Groups", `${status.groups.join(" ")} `],
    ["NStgid", nsTgid?.join("\t")],
    ["NSpid", nsPid?.join("\t")],
    ["NSpgid", nsPgid?.join("\t")],
    ["NSsid", nsSid?.join("\t")],
    ["Threads", `${status.threads}`],
    ["CapInh", hex(sets.inheritable)],
    ["CapPrm", hex(sets.permitted)],
    ["CapEff", hex(sets.effective)],
    ["CapBnd", sets.bounding === undefined ? undefined : hex(sets.bounding)],
    ["CapAmb", sets.ambient === undefined ? undefined : hex(sets.ambient)],
    ["NoNewPrivs", noNewPrivs === undefined ? undefined : noNewPrivs ? "1" : "0"],
    ["Seccomp", seccomp?.toString()],
  ];
  return lines.map(([key, value]) => (value === undefined ? "" : `${key}:\t${value}\n`)).join("");
}

/** Source: fs/proc/array.c task_state_array. */
const STATE_WORDS: ReadonlyMap<string, string> = new Map([
  ["R", "running"],
  ["S", "sleeping"],
  ["D", "disk sleep"],
  ["T", "stopped"],
  ["t", "tracing stop"],
  ["X", "dead"],
  ["Z", "zombie"],
  ["P", "parked"],
  ["I", "idle"],
]);

/** The kernel escapes newline and backslash in this line and nothing else. */
const unescapeName = (field: string): string =>
  field.replace(/\\([n\\])/g, (_, letter: string) => (letter === "n" ? "\n" : "\\"));

const stateLetter = (field: string): string | undefined => /^([A-Za-z]) \([a-z ]+\)$/.exec(field)?.[1];
const count = (field: string): number | undefined => unsigned(field, S32_MAX);
const flag = (field: string): boolean | undefined => (field === "0" ? false : field === "1" ? true : undefined);
const capabilitySet = (field: string): bigint | undefined =>
  /^[0-9a-f]{8,16}$/.test(field) ? BigInt(`0x${field}`) : undefined;
const hex = (set: bigint): string => set.toString(16).padStart(16, "0");

/** Numbers between tabs or blanks; a blank may follow the last. */
function numbers(field: string, max: number): readonly number[] | undefined {
  const values: number[] = [];
  for (const word of field.split(/[\t ]/)) {
    if (word === "") continue;
    const value = unsigned(word, max);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function ids(field: string): Ids | undefined {
  const [real, effective, saved, fs, ...more] = numbers(field, U32_MAX) ?? [];
  if (real === undefined || effective === undefined || saved === undefined || fs === undefined) return undefined;
  return more.length === 0 ? { real, effective, saved, fs } : undefined;
}
const idColumns = ({ real, effective, saved, fs }: Ids): string => [real, effective, saved, fs].join("\t");
