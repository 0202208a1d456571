import { discover as discoverAll, type DiscoverWish } from "../discover/discover.ts";
import type { Language } from "../messages/sentence.ts";
import { LIBRARY } from "../messages/library.ts";
import type { Snapshot } from "../snapshot/types.ts";
import { VERSION } from "../version.ts";
import type { Asking } from "./owned-file.ts";
import { refusedCall } from "./refused-call.ts";
import { observerAt, type Where } from "./this-machine.ts";

/** What to look at, and how closely. */
export type DiscoverOptions = Where &
  DiscoverWish & {
    /** The language of errors; English where it is not given. */
    readonly language?: Language;
  };

/**
 * Every namespace of this machine that the caller can see, who owns whom, the processes and mounts that hold them, and,
 * in `coverage`, what could not be seen and why. Nothing is changed, and nothing stays open. A process that ends or
 * refuses meanwhile is counted and never an error. `procRoot`: another folder that a procfs is mounted on; `observer`:
 * another kernel, such as `ModelObserver` of nsatlas/model.
 *
 * - SyscallError: there is nothing to read. ENOENT, ENODEV: no procfs is mounted on /proc (or `procRoot`). EACCES: it
 *   cannot be opened. EMFILE, ENFILE, ENOMEM: this process or the machine ran out of descriptors or memory.
 * - UnsupportedError: this is no Linux, and no other kernel was given.
 */
export async function discover(options: DiscoverOptions = {}): Promise<Snapshot> {
  const { language = "en" } = options;
  return discoverWith(options, { observer: observerAt(options, language), language });
}

/** The same, of a kernel that is at hand already. */
export async function discoverWith(wish: DiscoverWish, { observer, language }: Asking): Promise<Snapshot> {
  const stamp = { producer: { name: "nsatlas", version: VERSION }, takenAt: new Date() };
  const seen = await discoverAll(observer, wish, stamp);
  if (seen.ok) return seen.value;
  const { errno: code, reason: rule } = seen;
  const isMissing = code === "ENOENT" || code === "ENODEV";
  const refusal = { code, syscall: "openat", subject: observer.procRoot, rule };
  throw refusedCall(
    isMissing ? { ...refusal, situation: "proc", reason: LIBRARY["no-proc"][language] } : refusal,
    language,
  );
}
