import { accessSync, closeSync, constants, openSync } from "node:fs";
import { errnoName } from "../../abi/errnos.ts";
import type { FileLook, NsFile } from "../../kernel/observer.ts";
import { lookAtPath, openPath } from "../../kernel/live/look-at-path.ts";
import type { Native } from "../../kernel/live/native.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";

/**
 * A file as open(2) for reading would give it, which may be no namespace file: then the value refuses every question
 * (ENOTTY). Such a file is not really opened where that could wait (a FIFO) or have an effect (a device, such as a
 * watchdog); whether it might be is still found out, so that a file without permission says EACCES.
 */
export function openFile(native: Native, path: string): Outcome<Outcome<NsFile>> {
  const look = lookAtPath(native, path);
  if (!look.ok) return look;
  if (look.value.isNamespace) {
    const file = openPath(native, path);
    return file.ok ? ok(file) : file;
  }
  const errno = whyNotReadable(path, look.value.type);
  return errno === undefined ? ok(refused("ENOTTY", "not-a-namespace-file")) : refused(errnoName(errno));
}

function whyNotReadable(path: string, type: FileLook["type"]): number | undefined {
  try {
    if (type === "file" || type === "directory" || type === "socket") closeSync(openSync(path, constants.O_RDONLY));
    else accessSync(path, constants.R_OK);
    return undefined;
  } catch (error) {
    if (error instanceof Error && "errno" in error && typeof error.errno === "number") return -error.errno;
    throw error;
  }
}
