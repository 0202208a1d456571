import { mayRead } from "../../rules/may-read.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";
import { readTarget } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { mayActAsOwner, SEARCHING } from "./proc-owner.ts";
import { viewOf } from "./view.ts";
import type { Table, Task, World } from "./world.ts";

/** A zombie has none. */
export const tableOf = (world: Pick<World, "tables">, { resources }: Task): Table | undefined =>
  resources === undefined ? undefined : world.tables.get(resources.table);

/**
 * Whether a task may list /proc/PID/fd and read the links in it. The folder can be searched by its owner and by the process
 * itself; what is in it, by whoever may read the process. Source: fs/proc/fd.c, fs/proc/base.c proc_pid_get_link.
 */
export function mayReadTable(draft: Draft, viewer: Task, target: Task): Outcome<true> {
  if (viewer.leader === target.leader) return ok(true);
  const owner = mayActAsOwner(draft, viewer, target, SEARCHING);
  return owner.ok ? mayRead(viewOf(draft), viewer.credentials, readTarget(draft, viewer, target), "fs") : owner;
}
