import { hasCapability } from "../../rules/has-capability.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { MapFile, TaskName } from "../call.ts";
import { install } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { mayActAsOwner } from "./proc-owner.ts";
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
  const target = draft.tasks.get(of);
  if (target === undefined) return refused("ENOENT", "no-such-process");
  const { user } = target.credentials;
  if (access !== "read") {
    // The files have mode 0644.
    const may = mayActAsOwner(draft, caller, target, ["CAP_DAC_OVERRIDE"]);
    if (!may.ok) return may;
    const { credentials } = caller;
    if (file === "setgroups" && !hasCapability(viewOf(draft), credentials, user, "CAP_SYS_ADMIN")) {
      return refused("EACCES", "no-admin-over-setgroups");
    }
  }
  return ok({ type: "map", file, user, opener: caller.credentials, of, pid: target.pid, offset: 0 });
}
