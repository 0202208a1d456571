import { accessSync, closeSync, constants, mkdtempSync, openSync, rmdirSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** __O_TMPFILE, which Node has no name for, and O_DIRECTORY; Linux 3.11. */
const O_TMPFILE = 0o20000000 | constants.O_DIRECTORY;
/** Its owner's alone, and a program. */
const MODE = 0o500;
/** Where it can be written to by everybody, and is mostly no disk. */
const OTHERS = ["/dev/shm", "/var/tmp"];

/**
 * A file without a name that holds a program or a shared object: `/proc/PID/fd/N` of a descriptor that is open as long as
 * this process. Nobody else can open, change or replace it on its way from here to the kernel, and it is gone when we are.
 * Its folder is the first of `folders` that may be written to and is not mounted noexec. Error: there is none; its cause is
 * what the last one said (EACCES: noexec, or not ours to write to; ENOSPC, EROFS, ENOENT).
 */
export function unnamedProgram(content: Uint8Array, folders: readonly string[] = [tmpdir(), ...OTHERS]): string {
  let cause: unknown;
  for (const folder of folders) {
    try {
      return readable(content, folder);
    } catch (error) {
      cause = error;
    }
  }
  throw new Error(`no folder for a program: ${folders.join(", ")}`, { cause });
}

/** A program that somebody has open for writing is not executed (ETXTBSY), so it is opened once more. */
function readable(content: Uint8Array, folder: string): string {
  const written = openUnnamed(folder);
  try {
    for (let at = 0; at < content.length;) at += writeSync(written, content, at);
    const path = `/proc/self/fd/${written}`;
    // What access(2) says of noexec too.
    accessSync(path, constants.X_OK);
    return `/proc/${process.pid}/fd/${openSync(path, constants.O_RDONLY)}`;
  } finally {
    closeSync(written);
  }
}

function openUnnamed(folder: string): number {
  try {
    return openSync(folder, O_TMPFILE | constants.O_RDWR | constants.O_EXCL, MODE);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // An overlay before Linux 6.2 has no such files: then one with a name, in a folder that only we may enter.
    if (code !== "EOPNOTSUPP" && code !== "ENOTSUP" && code !== "EISDIR") throw error;
  }
  const own = mkdtempSync(join(folder, "nsatlas-"));
  try {
    const path = join(own, "program");
    const fd = openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_RDWR, MODE);
    unlinkSync(path);
    return fd;
  } finally {
    rmdirSync(own);
  }
}
