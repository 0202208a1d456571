import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** For the owner's eyes alone: command lines may hold secrets. */
const MODE = 0o600;

/**
 * Writes a file as a whole or not at all. A regular file that is there is replaced in one step once the new one is on
 * the disk, so a failure leaves it as it was. What is no regular file (a FIFO, /dev/null) is written to. Throws Node's
 * error of the call that failed.
 */
export function writeWhole(path: string, text: string): void {
  const target = existing(path);
  if (target !== undefined && !target.isRegular) return writeInto(path, text);
  const place = target?.path ?? path;
  const draft = join(dirname(place), `.nsatlas-${randomBytes(6).toString("hex")}`);
  try {
    // O_EXCL: never through a link that somebody else put there.
    const fd = openSync(draft, "wx", MODE);
    try {
      writeFileSync(fd, text);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, place);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** What a path leads to, links followed: the file behind a link is replaced, not the link. */
function existing(path: string): { path: string; isRegular: boolean } | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? undefined : { path: realpathSync(path), isRegular: stat.isFile() };
}

function writeInto(path: string, text: string): void {
  // Without O_TRUNC and O_CREAT: it is a device, a FIFO, or a directory, which says EISDIR.
  const fd = openSync(path, "r+");
  try {
    writeFileSync(fd, text);
  } finally {
    closeSync(fd);
  }
}
