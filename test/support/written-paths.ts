/**
 * The files that a program changed, from the text of `strace -f -y -e trace=%file`: what it opened for writing,
 * made, renamed or removed, successfully. Devices and /proc are no files.
 */
export function writtenPaths(log: string): readonly string[] {
  const paths = log
    .split("\n")
    .filter((line) => isWrite(line) && !/ = -1 /.test(line))
    .flatMap(pathsOf);
  return [...new Set(paths)].filter((path) => !/^\/(dev|proc)\//.test(path)).sort();
}

const CHANGES =
  /^\d+ +(mkdir|rmdir|unlink|rename|link|symlink|chmod|chown|truncate|utime|mknod|fchmodat|fchownat)[a-z0-9]*\(/;

const isWrite = (line: string): boolean =>
  CHANGES.test(line) || (/^\d+ +(open|openat|creat)[a-z0-9]*\(/.test(line) && /O_(WRONLY|RDWR|CREAT|TRUNC)/.test(line));

/** Absolute paths in quotes; of relative ones, with the folder that -y shows before them. */
function pathsOf(line: string): string[] {
  const found: string[] = [];
  for (const [, folder, path = ""] of line.matchAll(/(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"([^"]*)"/g)) {
    found.push(path.startsWith("/") ? path : `${folder ?? "."}/${path}`);
  }
  return found;
}
