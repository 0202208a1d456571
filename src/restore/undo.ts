import { lstatSync, rmdirSync, unlinkSync } from "node:fs";
import { CONSTANTS } from "../abi/constants.ts";
import { isErrnoName, type ErrnoName } from "../abi/errnos.ts";
import * as calls from "../kernel/live/holder-calls.ts";
import { openHolders } from "../kernel/live/holders.ts";
import type { Native } from "../kernel/live/native.ts";
import { bootId, isThere, namespaceMounts } from "./identity.ts";
import type { ProcessIdentity, RegistryEntry } from "./registry-entry.ts";
import { RegistryError, type Registry } from "./registry.ts";

/** Something that could not be taken away. */
export interface Stubborn {
  readonly what: string;
  readonly errno: ErrnoName;
}

/** What an undo did; `left` is empty where nothing is left. */
export interface Undone {
  readonly processes: number;
  readonly mounts: number;
  readonly files: number;
  readonly left: readonly Stubborn[];
}

/** Who makes it is still at it. */
export class BeingMade extends Error {
  override readonly name = "BeingMade";
  readonly maker: ProcessIdentity;
  constructor(maker: ProcessIdentity) {
    super(`process ${maker.pid} is making it`);
    this.maker = maker;
  }
}

/** Takes away what a restore made, and nothing else; what is gone already is no failure. Forgets it once nothing is left. */
export function undo(native: Pick<Native, "pipe2">, registry: Registry, name: string): Undone {
  const entry = registry.read(name);
  if (entry.name !== name) throw new RegistryError("damaged", name);
  const isOurs = entry.maker.pid === process.pid;
  if (entry.state !== "done" && !isOurs && isThere(entry.maker)) throw new BeingMade(entry.maker);
  const undone = takeAway(native, entry);
  if (undone.left.length === 0) registry.forget(name);
  return undone;
}

/** The same without the registry. */
export function takeAway(native: Pick<Native, "pipe2">, entry: RegistryEntry): Undone {
  using holders = openHolders(native);
  const by = { holders, holder: holders.start() };
  const left: Stubborn[] = [];
  const sameBoot = entry.bootId === bootId();
  const processes = sameBoot ? endAll(by, entry.processes, left) : 0;
  const mounts = sameBoot ? unmountAll(by, entry, left) : 0;
  const files = removeAll(entry.files, left);
  return { processes, mounts, files, left };
}

/** The first process of a pid namespace ends once others have waited for its members: on a busy machine that may take long. */
const END_LIMIT_MS = 30_000;
const PAUSE_MS = 2;

/** SIGKILL by pidfd, of that very process and no other that has its number by now. */
function endAll(by: calls.Caller, processes: RegistryEntry["processes"], left: Stubborn[]): number {
  // The first process of a pid namespace takes all others along.
  const there = processes.filter(isThere);
  for (const one of there) {
    const pidfd = calls.pidfdOpen(by, one.pid);
    // ESRCH here and below: it went with the first process of its pid namespace meanwhile.
    if (!pidfd.ok) {
      if (pidfd.errno !== "ESRCH") left.push({ what: nameOf(one), errno: pidfd.errno });
      continue;
    }
    // The pidfd is of whoever has the number now: that is looked up after it is held.
    if (isThere(one)) {
      const sent = calls.result(by, "pidfd_send_signal", [pidfd.value, CONSTANTS.SIGKILL, 0, 0]);
      if (!sent.ok && sent.errno !== "ESRCH") left.push({ what: nameOf(one), errno: sent.errno });
    }
    calls.close(by, pidfd.value);
  }
  const deadline = performance.now() + END_LIMIT_MS;
  const refused = new Set(left.map(({ what }) => what));
  for (const one of there.filter((each) => !refused.has(nameOf(each)))) {
    while (isThere(one) && performance.now() < deadline) pause();
    if (isThere(one)) left.push({ what: nameOf(one), errno: "EBUSY" });
  }
  return there.length - left.length;
}

const nameOf = ({ label, pid }: RegistryEntry["processes"][number]): string => `${label} (${pid})`;

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, PAUSE_MS);
}

/** The last made first: one may lie over another. */
function unmountAll(by: calls.Caller, { mounts }: RegistryEntry, left: Stubborn[]): number {
  let unmounted = 0;
  const there = namespaceMounts();
  for (const { path, before } of mounts.toReversed()) {
    const own = (there.get(path) ?? []).filter((id) => !before.includes(id));
    for (const _ of own) {
      const gone = calls.umount2(by, path, CONSTANTS.MNT_DETACH);
      if (gone.ok) unmounted += 1;
      else left.push({ what: path, errno: gone.errno });
    }
  }
  return unmounted;
}

/** EBUSY: a control group is that as long as the kernel is not through with its last process. */
function remove(path: string, by: (path: string) => void): ErrnoName | undefined {
  for (const deadline = performance.now() + END_LIMIT_MS; ; pause()) {
    try {
      by(path);
      return undefined;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (!isErrnoName(code)) throw error;
      if (code !== "EBUSY" || performance.now() > deadline) return code;
    }
  }
}

/** What was made is empty; what is not empty by now is another's too, and stays. */
function removeAll(files: readonly string[], left: Stubborn[]): number {
  let removed = 0;
  for (const path of files.toReversed()) {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) continue;
    if (!found.isDirectory() && (!found.isFile() || found.size > 0)) continue;
    const errno = remove(path, found.isDirectory() ? rmdirSync : unlinkSync);
    if (errno === undefined) removed += 1;
    else if (errno !== "ENOTEMPTY") left.push({ what: path, errno });
  }
  return removed;
}
