import { constants, openSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { hasOtherBytes, pathBytes } from "../../procfs/path-bytes.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";
import { OwnedFd } from "./fd.ts";
import { outcomeOf } from "./outcome-of.ts";

export const READ = constants.O_RDONLY | CONSTANTS.O_CLOEXEC | constants.O_NOCTTY;

/** Opens a file; the caller ends it. */
export function openFd(path: string, flags: number): Outcome<OwnedFd> {
  const opened = outcomeOf(() => openSync(hasOtherBytes(path) ? Buffer.from(pathBytes(path)) : path, flags));
  return opened.ok ? ok(new OwnedFd(opened.value)) : opened;
}
