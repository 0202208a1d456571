import { hasCapability } from "../../rules/has-capability.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { MapFile, TaskName } from "../call.ts";
import { install } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { fromKernelGid, fromKernelUid, toKernelGid, toKernelUid } from "./ids.ts";
import { viewOf } from "./view.ts";
import type { FileTarget, Task } from "./world.ts";
import { writeMap } from "./write-map.ts";

type MapTarget = Extract<FileTarget, { readonly type: "map" }>;
interface MapOpening {
  readonly of: TaskName;
  readonly file: MapFile;
  readonly access: "read" | "write" | "both";
}

/** O_RDONLY, O_WRONLY, O_RDWR, each with O_LARGEFILE: what F_GETFL shows. */
const ACCESS_FLAGS: Readonly<Record<MapOpening["access"], number>> = { read: 0x8000, write: 0x8001, both: 0x8002 };

/** open(2) of /proc/PID/uid_map, gid_map, projid_map or setgroups. */
export function openMapFile(draft: Draft, caller: Task, wish: MapOpening): Outcome<number> {
  const target = openMap(draft, caller, wish);
  return target.ok ? ok(install(draft, caller, target.value, ACCESS_FLAGS[wish.access])) : target;
}

/** open, write and close: nobody else has the file meanwhile, and nothing stays of it. */
export function writeMapFile(
  draft: Draft,
  caller: Task,
  { of, file, text }: { of: TaskName; file: MapFile; text: string },
): Outcome<number> {
  const target = openMap(draft, caller, { of, file, access: "write" });
  return target.ok ? writeMap(draft, { ...target.value, writer: caller.credentials, text }) : target;
}

function openMap(draft: Draft, caller: Task, { of, file, access }: MapOpening): Outcome<MapTarget> {
  const process = draft.tasks.get(of);
  if (process === undefined) return refused("ENOENT", "no-such-process");
  const { user } = process.credentials;
  if (access !== "read") {
    const may = mayOpenForWriting(draft, caller, process);
    if (!may.ok) return may;
    const { credentials } = caller;
    if (file === "setgroups" && !hasCapability(viewOf(draft), credentials, user, "CAP_SYS_ADMIN")) {
      return refused("EACCES", "no-admin-over-setgroups");
    }
  }
  return ok({ type: "map", file, user, opener: caller.credentials, offset: 0 });
}

/**
 * The files belong to the process's effective ids, mode 0644; where it is not dumpable, to root of the user namespace it
 * was started in, where it has no memory any more to root. Source: fs/proc/base.c task_dump_owner.
 */
function mayOpenForWriting(draft: Draft, { credentials }: Task, process: Task): Outcome<true> {
  const { uid, gid } = fileOwner(draft, process);
  if (credentials.fsuid === uid) return ok(true);
  // CAP_DAC_OVERRIDE counts where the file's owner and group have numbers in the caller's user namespace.
  const { user } = credentials;
  const mapped = fromKernelUid(draft, user, uid) !== undefined && fromKernelGid(draft, user, gid) !== undefined;
  if (mapped && hasCapability(viewOf(draft), credentials, user, "CAP_DAC_OVERRIDE")) return ok(true);
  return refused("EACCES", "file-of-another-user");
}

function fileOwner(draft: Draft, { resources, credentials }: Task): { uid: number; gid: number } {
  if (resources === undefined) return { uid: 0, gid: 0 };
  const memory = draft.memories.get(resources.memory);
  if (memory.dumpable) return { uid: credentials.euid, gid: credentials.egid };
  return { uid: toKernelUid(draft, memory.user, 0) ?? 0, gid: toKernelGid(draft, memory.user, 0) ?? 0 };
}
