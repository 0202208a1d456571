import { formatMountinfo, type MountRecord } from "../../procfs/mountinfo.ts";
import { deviceOf } from "../../abi/ids.ts";
import { refused, ok, type Outcome } from "../../rules/outcome.ts";
import { numberIn } from "./descriptors.ts";
import { mapText } from "./map-texts.ts";
import { procPath } from "./proc-paths.ts";
import { statusText } from "./proc-status.ts";
import { namespaceOf } from "./view.ts";
import type { Task, World } from "./world.ts";

/** A boot id of its own, so that nobody takes a drawn world for a machine. */
const BOOT_ID = "00000000-0000-4000-8000-000000000000\n";

/** The text of a file below /proc, as one task reads it. */
export function procText(world: World, viewer: Task, path: string): Outcome<string> {
  if (path === "/proc/sys/kernel/random/boot_id") return ok(BOOT_ID);
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
      // As much of it as tells who one is; the running kernel has fifty fields more.
      return ok(`${numberIn(task, viewer.pid)} (${task.comm}) ${task.memberships === undefined ? "Z" : "S"}\n`);
    case "mountinfo":
      return ok(formatMountinfo(mounts(world, task)));
    default:
      return refused("ENOENT", "no-such-file");
  }
}

function mounts(world: World, { memberships }: Task): MountRecord[] {
  const root: MountRecord = {
    id: 1,
    parent: 0,
    device: { major: 254, minor: 0 },
    root: "/",
    mountPoint: "/",
    options: ["rw"],
    optional: [],
    fsType: "ext4",
    source: "/dev/vda",
    superOptions: "rw",
  };
  const binds = memberships === undefined ? undefined : namespaceOf(world, memberships.mnt).binds;
  const pins = [...(binds?.values() ?? [])].toSorted((a, b) => a.mountId - b.mountId);
  return [
    root,
    ...pins.map(({ mountId, path, namespace }): MountRecord => {
      const { kind, device, inode } = namespaceOf(world, namespace);
      const text = `${kind}:[${inode}]`;
      const nsfs = { fsType: "nsfs", source: "nsfs", superOptions: "rw" };
      return { ...root, id: mountId, parent: 1, device: deviceOf(device), root: text, mountPoint: path, ...nsfs };
    }),
  ];
}
