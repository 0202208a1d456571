import { ERRNOS } from "../../abi/errnos.ts";
import type { ProcLink } from "../../abi/proc-links.ts";
import type { TaskName } from "../call.ts";
import { followLink } from "./descriptors.ts";
import { namespaceOf } from "./view.ts";
import type { Task, World } from "./world.ts";

/** One link of one task as a scan has it: 0 for the inode where it was not read, or for the errno where it was. */
export interface ReadLink {
  readonly inode: number;
  readonly device: number;
  readonly errno: number;
}

export function readLink(world: World, viewer: Task, of: TaskName, link: ProcLink): ReadLink {
  const target = followLink(world, viewer, { of, link, proc: viewer.pid });
  if (!target.ok) return { inode: 0, device: 0, errno: ERRNOS[target.errno] };
  const { inode, device } = namespaceOf(world, target.value);
  return { inode, device: Number(device), errno: 0 };
}
