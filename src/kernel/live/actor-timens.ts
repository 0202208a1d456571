import { constants } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";
import * as calls from "./holder-calls.ts";

/** timens_offsets of the process with this pid, as our own pid namespace numbers it. */
export function writeOffsets(by: calls.Caller, pid: number, text: string): Outcome<number> {
  const written = calls.writeFile(by, pathOf(pid), text, constants.O_WRONLY | CONSTANTS.O_CLOEXEC);
  return written.write ?? written.open;
}

export function readOffsets(by: calls.Caller, pid: number): Outcome<{ readonly text: string }> {
  const opened = calls.open(by, pathOf(pid), constants.O_RDONLY | CONSTANTS.O_CLOEXEC);
  if (!opened.ok) return opened;
  const text = calls.read(by, opened.value);
  calls.close(by, opened.value);
  return text.ok ? ok({ text: text.value }) : text;
}

const pathOf = (pid: number): string => `/proc/${pid}/timens_offsets`;
