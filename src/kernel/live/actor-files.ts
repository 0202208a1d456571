import { constants } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import type { Outcome } from "../../rules/outcome.ts";
import type { OtherFile } from "../file-call.ts";
import * as calls from "./holder-calls.ts";

export const OPEN_FLAGS = constants.O_RDONLY | CONSTANTS.O_CLOEXEC;

/** Something that is no namespace file. Of a pipe the read end is kept, of a pair of sockets either. */
export function openOther(by: calls.Caller, what: OtherFile): Outcome<number> {
  const type = CONSTANTS.SOCK_DGRAM | CONSTANTS.O_CLOEXEC;
  switch (what) {
    case "null":
      return calls.open(by, "/dev/null", OPEN_FLAGS);
    case "directory":
      return calls.open(by, "/", OPEN_FLAGS | constants.O_DIRECTORY);
    case "process-directory":
      return calls.open(by, `/proc/${by.holder.pid}`, OPEN_FLAGS | constants.O_DIRECTORY);
    case "socket":
      return calls.socket(by, CONSTANTS.AF_UNIX, type);
    case "inet-socket":
      return calls.socket(by, CONSTANTS.AF_INET, type);
    case "socket-pair":
      return calls.socketEnd(by, CONSTANTS.AF_UNIX, type);
    case "pipe":
      return calls.pipeEnd(by);
  }
}

/** Mounts an open namespace file over a path, which is made where it is missing. */
export function bind(by: calls.Caller, { fd, path }: { fd: number; path: string }): Outcome<number> {
  const made = calls.open(by, path, constants.O_CREAT | constants.O_RDONLY | CONSTANTS.O_CLOEXEC);
  if (made.ok) calls.close(by, made.value);
  return calls.mount(by, { source: `/proc/${by.holder.tid}/fd/${fd}`, target: path, flags: CONSTANTS.MS_BIND });
}
