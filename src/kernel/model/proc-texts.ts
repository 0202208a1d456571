import { formatMountinfo } from "../../procfs/mountinfo.ts";
import { isKind } from "../../abi/namespace-kinds.ts";
import { CONSTANTS } from "../../abi/constants.ts";
import { refused, ok, type Outcome } from "../../rules/outcome.ts";
import { mayReadTable, tableOf } from "./descriptor-table.ts";
import { readOffsets } from "./timens-offsets.ts";
import { namespaceOf } from "./view.ts";
import { numberIn } from "./descriptors.ts";
import { Draft } from "./draft.ts";
import { mapText } from "./map-texts.ts";
import { mountsSeen } from "./mount-tables.ts";
import { procPath } from "./proc-paths.ts";
import { statusText } from "./proc-status.ts";
import type { Task, World } from "./world.ts";

/** A boot id of its own, so that nobody takes a drawn world for a machine. */
const BOOT_ID = "00000000-0000-4000-8000-000000000000\n";

/** The text of a file below /proc, as one task reads it. */
export function procText(world: World, viewer: Task, path: string): Outcome<string> {
  if (path === "/proc/sys/kernel/random/boot_id") return ok(BOOT_ID);
  const limit = /^\/proc\/sys\/user\/max_([a-z]+)_namespaces$/.exec(path)?.[1];
  if (limit !== undefined) return limitText(world, viewer, limit);
  const at = procPath(world, viewer, path);
  if (at === undefined) return refused("ENOENT", "no-such-file");
  const { task, file } = at;
  switch (file) {
    case "uid_map":
    case "gid_map":
    case "projid_map":
    case "setgroups":
      return ok(mapText(world, { user: task.credentials.user, file, reader: viewer.credentials.user }));
    case "status":
      return ok(statusText(world, viewer, task));
    case "cgroup":
      return ok(`0::${task.cgroup}\n`);
    case "cmdline":
      return ok(task.commandLine.map((word) => `${word}\0`).join(""));
    case "stat":
      return ok(statText(world, viewer, task));
    case "timens_offsets": {
      const offsets = readOffsets(new Draft(world), task.name);
      return offsets.ok ? ok(offsets.value.text) : offsets;
    }
    case "mountinfo":
      return ok(formatMountinfo(mountsSeen(world, task)));
    default: {
      const fd = /^fdinfo\/(\d+)$/.exec(file)?.[1];
      return fd === undefined
        ? refused("ENOENT", "no-such-file")
        : fdinfoText(world, viewer, { process: task, fd: Number(fd) });
    }
  }
}

/** These files show each reader the limits of its own user namespace. Source: kernel/ucount.c. */
function limitText(world: World, { credentials }: Task, kind: string): Outcome<string> {
  const { user } = namespaceOf(world, credentials.user);
  return user === undefined || !isKind(kind) ? refused("ENOENT", "no-such-file") : ok(`${user.limits[kind]}\n`);
}

/** Those of its fields that the model knows nothing of are 0. */
function statText(world: World, viewer: Task, task: Task): string {
  const parent = task.parent === undefined ? undefined : world.tasks.get(task.parent);
  const ppid = (parent === undefined ? undefined : numberIn(parent, viewer.pid)) ?? 0;
  const state = task.memberships === undefined ? "Z" : "S";
  const threads = 1 + (world.tasks.get(task.leader)?.threads.size ?? 0);
  const nothing = (fields: number): string => " 0".repeat(fields);
  const numbers = `${ppid}${nothing(15)} ${threads}${nothing(1)} ${task.startTime}${nothing(30)}`;
  return `${numberIn(task, viewer.pid)} (${task.comm}) ${state} ${numbers}\n`;
}

/** Of a pidfd the number of its process as well: 0 where the reader's pid namespace has none, -1 once it was waited for. */
function fdinfoText(world: World, viewer: Task, { process, fd }: { process: Task; fd: number }): Outcome<string> {
  const may = mayReadTable(new Draft(world), viewer, process);
  if (!may.ok) return may;
  const table = tableOf(world, process);
  const key = table?.descriptors.get(fd);
  const file = key === undefined ? undefined : world.files.get(key);
  if (file === undefined) return refused("ENOENT", "no-such-file");
  const flags = file.flags | (table?.kept.has(fd) === true ? 0 : CONSTANTS.O_CLOEXEC);
  const target = file.target.type === "pidfd" ? world.tasks.get(file.target.task) : undefined;
  const number = target === undefined ? -1 : (numberIn(target, viewer.pid) ?? 0);
  const pid = file.target.type === "pidfd" ? `Pid:\t${number}\n` : "";
  return ok(`pos:\t0\nflags:\t0${flags.toString(8)}\n${pid}`);
}
