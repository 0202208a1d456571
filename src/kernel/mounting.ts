import type { NamespaceId } from "../abi/ids.ts";
import type { Outcome } from "../rules/outcome.ts";
import type { Telling } from "./attributes.ts";
import type { NsFile } from "./ns-file.ts";

/**
 * What one process sees mounted, and a way to the files behind it: a process that was there, or one of ours that entered. Whoever
 * opened it ends it (`using`).
 */
export interface MountView extends Disposable {
  /**
   * The process's root as /proc shows it: `/` for the root of its mount namespace, and for those whose root is covered.
   * EACCES: the observer may not trace the process. Nothing is looked up, so nothing blocks.
   */
  root(): Outcome<string>;
  /** The text of its mountinfo. Everybody may read it. */
  mountinfo(): Outcome<string>;
  /**
   * Opens the namespace file that is mounted at a path below its root, and never waits for a file system. ENOTTY: what is
   * there is no namespace file (and was not opened); EAGAIN: only waiting would have told, or it is not known (before Linux
   * 5.12) and the path is not `local`: leads through file systems that answer by themselves alone. Else as openat2(2).
   */
  open(path: string, options: { readonly local: boolean }): Outcome<NsFile>;
  /**
   * The pid namespace of the proc mounted at a path (`device`: its st_dev), opened. EAGAIN, ENOENT, EACCES as above;
   * ENODATA: something else is there, or no process tells.
   */
  openPidOfProc(path: string, options: { readonly local: boolean; readonly device: bigint }): Outcome<NsFile>;
}

/** The mountinfo of a process that has the root of its mount namespace. */
export interface ShownTable {
  /** That mount namespace. */
  readonly id: NamespaceId;
  /** As `NsFile.mountCount` has it. */
  readonly count: Outcome<number>;
  /** Its lines without their first two fields: of copied mount namespaces the same text. */
  readonly rest: string;
  /** Those two of each line: the mount's id, its parent's. */
  readonly numbers: Int32Array;
}

/** Processes of ours that enter other namespaces to look. Whoever opened it ends it, and them. */
export interface Entrance extends Disposable, Telling {
  /**
   * Has a process enter a mount namespace and stand there, without any power, until the view is ended. EPERM: it may not
   * enter. ETIMEDOUT: it did not come back.
   */
  mounts(file: NsFile): Outcome<MountView>;
  /** The device of the mqueue file system that belongs to each of these ipc namespaces. Refused as above; ENOSYS before 5.2. */
  mqueueDevices(files: readonly NsFile[]): readonly Outcome<bigint>[];
}
