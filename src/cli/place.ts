import { KERNEL_OPTION } from "./kernel-release.ts";
import { MANY_FILES, single } from "./options.ts";
import { anyText, path } from "./values.ts";

/** Where a reading command looks: at this machine, unless a snapshot or a drawn world is given. */
export interface Place {
  /** A snapshot's file. */
  readonly from?: string | undefined;
  /** A drawing's file. */
  readonly world?: string | undefined;
  /** Which process of the drawn world looks. */
  readonly as?: string | undefined;
  /** The kernel that the drawn world behaves as. */
  readonly kernel?: string | undefined;
}

/** The options that say so. */
export const PLACE_OPTIONS = {
  from: single(
    MANY_FILES,
    path,
    "look at a snapshot in place of this machine; - is standard input; several, or a folder: at one after the other",
  ),
  world: single("FILE", path, "look at a world drawn as text, in the model; - is standard input"),
  as: single("PROCESS", anyText, "look at that world as this process of it, such as user:box; else as its root"),
  kernel: KERNEL_OPTION,
};

/** Those that exclude each other: --proc is this machine's. */
export const PLACE_EXCLUSIONS = [
  ["proc", "from"],
  ["proc", "world"],
  ["from", "world"],
  ["from", "as"],
  ["from", "kernel"],
] as const;
