import { constants } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { refused, type Outcome } from "../../rules/outcome.ts";
import type { FileLook, NsFile } from "../observer.ts";
import { identifyAt } from "./identify.ts";
import type { Native } from "./native.ts";
import { nsFile } from "./ns-file.ts";
import { openFd, READ } from "./open-fd.ts";

/** Opens nothing yet: what lies behind a path can be looked at, and nothing blocks or has an effect. */
const LOOK = CONSTANTS.O_PATH | CONSTANTS.O_CLOEXEC;

/** See `Observer.look`. */
export function lookAtPath(native: Native | undefined, path: string): Outcome<FileLook> {
  const opened = openFd(path, LOOK);
  if (!opened.ok) return opened;
  using file = opened.value;
  return identifyAt(path, file, native);
}

/** See `Observer.open`. */
export function openPath(native: Native | undefined, path: string): Outcome<NsFile> {
  const opened = openFd(path, LOOK);
  if (!opened.ok) return opened;
  using looked = opened.value;
  const look = identifyAt(path, looked, native);
  if (!look.ok) return look;
  if (!look.value.isNamespace) return refused("ENOTTY", "not-a-namespace-file");
  // Through the descriptor, so that it is the very file that was looked at; but for machines whose /proc is missing, or
  // is of a pid namespace that we are not in.
  const same = openFd(`/proc/self/fd/${looked.raw}`, READ);
  const file = same.ok || same.errno !== "ENOENT" ? same : openFd(path, READ | constants.O_NONBLOCK);
  return file.ok ? nsFile(file.value, native) : file;
}
