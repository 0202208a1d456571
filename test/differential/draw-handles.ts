import { LINKS } from "../../src/abi/proc-links.ts";
import type { HandleRoot } from "../../src/kernel/file-call.ts";
import type { Task } from "../../src/kernel/model/world.ts";
import type { FileHandle } from "../../src/rules/file-handle.ts";
import type { Digits } from "./digits.ts";
import type { Rows } from "./draft-call.ts";
import type { Scene } from "./scene.ts";

/** File handles: those that were given before, and such that are wrong in one place. */
export const HANDLE_ROWS = {
  name_to_handle_at: {
    weight: 6,
    wants: ["namespace"],
    draw: (scene, caller, digits) => ({
      op: "name_to_handle_at",
      fd: scene.descriptor(caller, digits, "namespace"),
      ...(digits.once(10) ? { bytes: 8 } : {}),
    }),
  },
  link_to_handle_at: {
    weight: 3,
    draw: (scene, _, digits) => ({
      op: "link_to_handle_at",
      of: scene.task(digits),
      link: digits.pick(LINKS),
      follow: !digits.once(5),
    }),
  },
  open_by_handle_at: { weight: 8, draw: drawOpening },
} as const satisfies Rows;

function drawOpening(scene: Scene, caller: Task, digits: Digits) {
  if (scene.handles.length === 0) return undefined;
  const handle = digits.pick(scene.handles);
  const mount = digits.once(6) ? rootOrDescriptor(scene, caller, digits) : "FD_NSFS_ROOT";
  const flags = digits.once(8) ? { flags: digits.pick([["O_RDWR"], ["O_DIRECTORY"], ["O_PATH"]] as const) } : {};
  return {
    op: "open_by_handle_at",
    mount,
    handle: digits.once(6) ? spoilt(handle, digits) : handle,
    ...flags,
  } as const;
}

function rootOrDescriptor(scene: Scene, caller: Task, digits: Digits): HandleRoot | number {
  return digits.once(2) ? scene.descriptor(caller, digits, "namespace") : digits.pick(["AT_FDCWD", "FD_PIDFS_ROOT"]);
}

function spoilt(handle: FileHandle, digits: Digits): FileHandle {
  switch (digits.next(6)) {
    case 0:
      return { ...handle, bytes: digits.pick([0, 8, 129]) };
    case 1:
      return { ...handle, type: 1 };
    case 2:
      return { ...handle, id: 0n };
    case 3:
      return { ...handle, nsType: 0 };
    case 4:
      return { ...handle, inode: 1 };
    default:
      return { ...handle, bytes: 24 };
  }
}
