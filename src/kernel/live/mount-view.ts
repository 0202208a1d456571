import { constants, readFileSync, readlinkSync } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { errnoName, type ErrnoName } from "../../abi/errnos.ts";
import { pathText } from "../../procfs/path-bytes.ts";
import { parseStatus } from "../../procfs/status.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { MountView } from "../mounting.ts";
import type { NsFile } from "../observer.ts";
import { OwnedFd } from "./fd.ts";
import { fileStat } from "./file-stat.ts";
import { identify } from "./identify.ts";
import type { Native } from "./native.ts";
import { nsFile } from "./ns-file.ts";
import { openFd, READ } from "./open-fd.ts";
import { outcomeOf } from "./outcome-of.ts";

/** The view of a process, through its folder under /proc. */
export interface Viewed {
  readonly native: Native | undefined;
  /** `/proc/4711`. */
  readonly folder: string;
  /** Whether it is ourselves: paths start at our own root. */
  readonly isOwn: boolean;
  /** What ends with the view: a process of ours that has entered. */
  readonly end?: () => void;
}

const LOOK = CONSTANTS.O_PATH | CONSTANTS.O_CLOEXEC;
const { RESOLVE_CACHED, RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS, RESOLVE_NO_SYMLINKS } = CONSTANTS;
/** Mount points have no symbolic links in their paths: one that is there now leads elsewhere. */
const NEVER_WAIT = RESOLVE_CACHED | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS;
/** A walk gives up as well where another processor changes a folder on the way. */
const TRIES = 8;
/** No openat2, none with RESOLVE_CACHED, or a filter that knows neither. */
const UNKNOWN_CALL: ReadonlySet<ErrnoName> = new Set(["ENOSYS", "EINVAL", "EPERM"]);

/** Opens nothing before it is asked; `end` is called once. */
export function mountView(viewed: Viewed): MountView {
  const { native, folder } = viewed;
  let isOpen = true;
  return {
    root: () => outcomeOf(() => readlinkSync(`${folder}/root`)),
    mountinfo: () => outcomeOf(() => pathText(readFileSync(`${folder}/mountinfo`))),
    open(path, { local }) {
      const looked = lookAt(viewed, path, local);
      if (!looked.ok) return looked;
      using file = looked.value;
      const look = identify(file, native);
      if (!look.ok) return look;
      if (!look.value.isNamespace) return refused("ENOTTY", "not-a-namespace-file");
      const opened = openFd(`/proc/self/fd/${file.raw}`, READ);
      return opened.ok ? nsFile(opened.value, native) : opened;
    },
    openPidOfProc(path, { local, device }) {
      const looked = lookAt(viewed, path, local);
      if (!looked.ok) return looked;
      using root = looked.value;
      return native === undefined ? refused("ENOSYS", "no-native-half") : pidOfProc(native, root, device);
    },
    [Symbol.dispose]() {
      if (isOpen) viewed.end?.();
      isOpen = false;
    },
  };
}

/** What a path leads to below the view's root, as a place (O_PATH), without waiting; the caller ends it. */
function lookAt({ native, folder, isOwn }: Viewed, path: string, local: boolean): Outcome<OwnedFd> {
  const from = isOwn ? undefined : openFd(`${folder}/root`, LOOK | constants.O_DIRECTORY);
  if (from?.ok === false) return from;
  using root = from?.value;
  const [dirfd, resolve] =
    root === undefined ? [CONSTANTS.AT_FDCWD, NEVER_WAIT] : [root.raw, NEVER_WAIT | RESOLVE_IN_ROOT];
  const found = native === undefined ? refused("ENOSYS") : walk(native, { dirfd, path, resolve });
  if (found.ok) return found;
  const { errno } = found;
  if (errno !== "EAGAIN" && !UNKNOWN_CALL.has(errno)) return refused(errno);
  if (!local) return refused("EAGAIN");
  return openFd(isOwn ? path : `${folder}/root${path}`, LOOK);
}

function walk(
  native: Native,
  { dirfd, path, resolve }: { dirfd: number; path: string; resolve: number },
): Outcome<OwnedFd> {
  let errno: ErrnoName = "EAGAIN";
  for (let nth = 0; nth < TRIES && errno === "EAGAIN"; nth++) {
    const raw = native.openat2(dirfd, path, LOOK, resolve);
    if (raw >= 0) return ok(new OwnedFd(raw));
    errno = errnoName(-raw);
  }
  return refused(errno);
}

/**
 * Process 1 of a pid namespace is in that very one. Where it cannot be looked at, and we have but one number in this proc, it is
 * one of our own pid namespace: the list of numbers starts at that of the proc. Source: fs/proc/array.c, proc_pid_status(5).
 */
function pidOfProc(native: Native, root: OwnedFd, device: bigint): Outcome<NsFile> {
  const stat = fileStat(native, root.raw);
  if (!stat.ok) return stat;
  const proc = `/proc/self/fd/${root.raw}`;
  const isProc = native.fstatfs(root.raw) === CONSTANTS.PROC_SUPER_MAGIC;
  if (stat.value.dev !== device || !isProc) return refused("ENODATA", "hidden-by-another-mount");
  const first = openFd(`${proc}/1/ns/pid`, READ);
  if (first.ok) return nsFile(first.value, native);
  const status = outcomeOf(() => readFileSync(`${proc}/self/status`, "latin1"));
  const numbers = status.ok ? parseStatus(status.value) : undefined;
  if (numbers?.ok !== true || numbers.value.nsPid?.length !== 1) return first;
  const own = openFd(`${proc}/self/ns/pid`, READ);
  return own.ok ? nsFile(own.value, native) : own;
}
