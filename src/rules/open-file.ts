import { ok, refused, type Outcome } from "./outcome.ts";

/** What the flags of open(2) ask for, of a namespace file or of the link to one. */
export interface OpenWish {
  /** O_WRONLY, O_RDWR or O_TRUNC. */
  readonly toWrite: boolean;
  readonly directory: boolean;
  /** O_PATH: a place, not an open file. */
  readonly path: boolean;
}

/** OPEN of a namespace file: they are immutable. Source: fs/namei.c do_open, inode_permission. */
export function mayOpenNamespaceFile({ toWrite, directory, path }: OpenWish): Outcome<true> {
  if (directory) return refused("ENOTDIR", "not-a-directory");
  return toWrite && !path ? refused("EPERM", "immutable-file") : ok(true);
}

/** OPEN of the link itself (O_NOFOLLOW): only as a place. Source: fs/namei.c do_open, may_open. */
export function mayOpenLink({ directory, path }: OpenWish): Outcome<true> {
  if (directory) return refused("ENOTDIR", "not-a-directory");
  return path ? ok(true) : refused("ELOOP", "symbolic-link");
}
