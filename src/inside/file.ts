import { constants } from "node:fs";
import type { OwnedFd } from "../kernel/live/fd.ts";
import type { Language } from "../messages/sentence.ts";
import { bring } from "./envoys.ts";
import type { Wish } from "./envoy-wire.ts";
import type { Descriptor } from "./socket.ts";
import type { Inside } from "./where.ts";

export interface OpenInOptions {
  /** How long it may take, in milliseconds; 5,000 where it is not given. */
  readonly timeLimitMs?: number;
  /** Of a file that is made, less the umask; 0o666 where it is not given. */
  readonly mode?: number;
  /** Opens FIFOs, devices and sockets too, without waiting (O_NONBLOCK). A device's driver notices that. */
  readonly special?: boolean;
  /** Rejects with an AbortError. */
  readonly signal?: AbortSignal;
  /** The language of errors; English where it is not given. */
  readonly language?: Language;
}
export interface ReadFileInOptions extends Omit<OpenInOptions, "mode"> {
  /** More is EFBIG; 64 MiB where it is not given. */
  readonly maxBytes?: number;
}

const LIMIT_MS = 5000;
const MOST_BYTES = 64 * 1024 * 1024;
const USUAL_MODE = 0o666;

/**
 * Opens a file of another mount namespace, and gives a descriptor; whoever called ends it. `flags` are those of open(2), as
 * node:fs has them in `constants`: O_RDONLY where they are not given. The path begins at the root of the mount namespace,
 * also without a "/", and links and ".." that would lead out of it lead to that root (openat2(2) RESOLVE_IN_ROOT, since
 * Linux 5.6; before, the process that opens it has that root). Links of /proc that jump (`/proc/1/root`) are refused.
 *
 * The program does not wait, whatever is there: the file is looked at before it is opened, and a file system that does not
 * answer costs the process that was sent, which is ended when the time is over. Reading the descriptor is up to the caller,
 * and does wait for such a file system: `readFileIn` does not.
 *
 * SyscallError: ENOENT, EACCES, … of openat2, ELOOP too for links of /proc; ENXIO: a FIFO, device or socket, and not
 * `special`; ENAMETOOLONG; ETIMEDOUT; EPERM, EINVAL of setns as for `spawnIn`, which says too who the process is there.
 * Since Linux 3.8. Source: openat2(2), fs/namei.c.
 */
export async function openIn(
  mnt: Inside,
  path: string,
  flags: number = constants.O_RDONLY,
  options: OpenInOptions = {},
): Promise<Descriptor> {
  const { mode = USUAL_MODE, special = false } = options;
  const brought = await send(mnt, "openIn", { ask: "open", path, flags, mode, special }, options);
  if ("fd" in brought) return brought.fd;
  throw new TypeError("no descriptor came");
}

/**
 * The content of a file of another mount namespace, read there: the program opens nothing, and waits for `timeLimitMs` at
 * most. What is opened and how it is refused: see `openIn`. EISDIR: a folder. EFBIG: more than `maxBytes`.
 */
export async function readFileIn(mnt: Inside, path: string, options: ReadFileInOptions = {}): Promise<Buffer> {
  const { special = false, maxBytes = MOST_BYTES } = options;
  const brought = await send(mnt, "readFileIn", { ask: "read", path, special, mostBytes: maxBytes }, options);
  if ("content" in brought) return brought.content;
  throw new TypeError("no content came");
}

function send(
  mnt: Inside,
  call: string,
  wish: Wish & { readonly path: string },
  { timeLimitMs = LIMIT_MS, signal, language = "en" }: OpenInOptions,
): Promise<{ readonly fd: OwnedFd } | { readonly content: Buffer }> {
  if (wish.path === "" || wish.path.includes("\0")) throw new TypeError("a path is a text without NUL, and not empty");
  return bring(mnt, { call, wish, subject: wish.path, limitMs: timeLimitMs, standing: {}, signal, language });
}
