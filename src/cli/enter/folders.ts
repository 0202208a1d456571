import { constants, openSync, readFileSync, statfsSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { OwnedFd } from "../../kernel/live/fd.ts";
import { openFd } from "../../kernel/live/open-fd.ts";
import { outcomeOf } from "../../kernel/live/outcome-of.ts";
import { refusedCall } from "../../library/refused-call.ts";
import { ENTER_USAGE } from "../../messages/enter.ts";
import type { Language } from "../../messages/sentence.ts";
import { parseCgroup } from "../../procfs/cgroup.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";

/** Root, working directory and control group, opened before anything is joined. */

/** A folder, by a name and no more: it is not read, and a FIFO or a device in its place is not opened. */
export function openFolder(path: string, language: Language): OwnedFd {
  const opened = openFd(path, CONSTANTS.O_PATH | CONSTANTS.O_CLOEXEC | constants.O_DIRECTORY);
  if (opened.ok) return opened.value;
  throw refusedCall({ code: opened.errno, syscall: "openat", subject: path, rule: opened.reason }, language);
}

/** Source: include/uapi/linux/magic.h. */
const CGROUP2_SUPER_MAGIC = 0x63677270;
const CGROUPS = "/sys/fs/cgroup";
const UNIFIED = 0;

/** A control group of the one hierarchy of version 2. */
export interface ControlGroup {
  readonly path: string;
  readonly procs: OwnedFd;
}

/** That of the target, opened for writing. The line is the whole of it: a path may have colons. */
export function openControlGroup(procRoot: string, pid: number, language: Language): ControlGroup {
  const type = outcomeOf(() => statfsSync(CGROUPS).type);
  if (!type.ok || type.value !== CGROUP2_SUPER_MAGIC) {
    throw new CommandFailure({ exit: EXIT.no, code: "UNSUPPORTED", reason: ENTER_USAGE["no-cgroup2"][language] });
  }
  const file = `${procRoot}/${pid}/cgroup`;
  const text = outcomeOf(() => readFileSync(file, "utf8"));
  if (!text.ok) throw refusedCall({ code: text.errno, syscall: "openat", subject: file }, language);
  const lines = parseCgroup(text.value);
  const own = lines.ok ? lines.value.find(({ hierarchy }) => hierarchy === UNIFIED) : undefined;
  if (own === undefined) {
    throw new CommandFailure({ exit: EXIT.no, code: "UNSUPPORTED", reason: ENTER_USAGE["no-cgroup2"][language] });
  }
  const path = `${CGROUPS}${own.path === "/" ? "" : own.path}`;
  const subject = `${path}/cgroup.procs`;
  const opened = outcomeOf(() => openSync(subject, constants.O_WRONLY | CONSTANTS.O_CLOEXEC));
  if (!opened.ok) throw refusedCall({ code: opened.errno, syscall: "openat", subject, rule: opened.reason }, language);
  return { path, procs: new OwnedFd(opened.value) };
}

/** `NAME=VALUE` each, as bytes: variables need not be UTF-8. Each begins after a NUL, and the last may lack its own. */
export function environmentOf(procRoot: string, pid: number, language: Language): readonly Uint8Array[] {
  const file = `${procRoot}/${pid}/environ`;
  const bytes = outcomeOf(() => readFileSync(file));
  if (!bytes.ok) throw refusedCall({ code: bytes.errno, syscall: "openat", subject: file }, language);
  const variables: Uint8Array[] = [];
  for (let at = 0; at < bytes.value.length;) {
    const nul = bytes.value.indexOf(0, at);
    const end = nul === -1 ? bytes.value.length : nul;
    // What has no "=" is no variable.
    if (bytes.value.subarray(at, end).includes(EQUALS)) variables.push(bytes.value.subarray(at, end));
    at = end + 1;
  }
  return variables;
}
const EQUALS = 0x3d;
