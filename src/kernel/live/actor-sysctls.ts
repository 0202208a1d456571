import { constants } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";
import type { SysctlName } from "../call.ts";
import * as calls from "./holder-calls.ts";

/** Where a number lies; each holder sees its own namespaces' there. */
const pathOf = (name: SysctlName): string =>
  name === "pid_max" || name === "ns_last_pid" ? `/proc/sys/kernel/${name}` : `/proc/sys/user/${name}`;

export function readSysctl(by: calls.Caller, name: SysctlName): Outcome<number> {
  const opened = calls.open(by, pathOf(name), constants.O_RDONLY | CONSTANTS.O_CLOEXEC);
  if (!opened.ok) return opened;
  const text = calls.read(by, opened.value);
  calls.close(by, opened.value);
  return text.ok ? ok(Number(text.value)) : text;
}

export function writeSysctl(by: calls.Caller, name: SysctlName, text: string): Outcome<number> {
  const written = calls.writeFile(by, pathOf(name), text, constants.O_WRONLY | CONSTANTS.O_CLOEXEC);
  return written.write ?? written.open;
}
