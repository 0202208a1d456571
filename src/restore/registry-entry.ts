import type { NamespaceId } from "../abi/ids.ts";
import type { Label } from "../topology/reference.ts";

/** What one restore made, or is about to make: written before each thing is there. */
export interface RegistryEntry {
  readonly format: "nsatlas-restore";
  readonly version: 1;
  readonly name: string;
  /**
   * making: processes are there that end with whoever makes them. releasing: those named stay or end, one by one. done: all
   * is there.
   */
  readonly state: "making" | "releasing" | "done";
  /** UTC, ISO 8601. */
  readonly madeAt: string;
  /** After another start of the machine no process and no mount is left of it. */
  readonly bootId: string;
  /** Who makes it. */
  readonly maker: ProcessIdentity;
  readonly processes: readonly (ProcessIdentity & { readonly label: Label })[];
  /** Mounts of namespace files, in the mount namespace of whoever restored. */
  readonly mounts: readonly RegisteredMount[];
  /** Which of the processes became a command of whoever restored. Absent: none. */
  readonly commands?: readonly Label[];
  /** The folder with a bind mount of each namespace, made in place of processes. */
  readonly pinned?: string;
  /** Which namespaces were the image's `external:KEY`. Absent: none. */
  readonly externals?: readonly { readonly key: string; readonly id: NamespaceId }[];
  /** Files and folders that were not there before, in the order in which they are made. */
  readonly files: readonly string[];
}

/** A process for as long as the machine runs. */
export interface ProcessIdentity {
  /** In the pid namespace of whoever restored. */
  readonly pid: number;
  /** Clock ticks since the machine's start. */
  readonly startTime: number;
}

export interface RegisteredMount {
  readonly path: string;
  /** Mounts of namespace files that were there before: they stay. */
  readonly before: readonly number[];
}
