import { formatIdMap } from "../../procfs/id-map.ts";
import { formatMountinfo, type MountRecord } from "../../procfs/mountinfo.ts";
import { deviceOf } from "../../abi/ids.ts";
import { refused, ok, type Outcome } from "../../rules/outcome.ts";
import { numberIn } from "./descriptors.ts";
import { fromKernelGid, fromKernelUid } from "./ids.ts";
import { procPath } from "./proc-paths.ts";
import { namespaceOf } from "./view.ts";
import type { MapExtent, Task, World } from "./world.ts";

/** A boot id of its own, so that nobody takes a drawn world for a machine. */
const BOOT_ID = "00000000-0000-4000-8000-000000000000\n";
const NO_ID = 0xffffffff;

/** The text of a file below /proc, as one task reads it. */
export function procText(world: World, viewer: Task, path: string): Outcome<string> {
  if (path === "/proc/sys/kernel/random/boot_id") return ok(BOOT_ID);
  const at = procPath(world, viewer, path);
  if (at === undefined) return refused("ENOENT", "no-such-file");
  const { task, file } = at;
  const user = namespaceOf(world, task.credentials.user).user;
  switch (file) {
    case "uid_map":
      return ok(formatIdMap(seen(world, viewer, task, { map: user?.uidMap ?? [], from: fromKernelUid })));
    case "gid_map":
      return ok(formatIdMap(seen(world, viewer, task, { map: user?.gidMap ?? [], from: fromKernelGid })));
    case "setgroups":
      return ok(user?.setgroupsAllowed === false ? "deny\n" : "allow\n");
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

/**
 * A map's outside ids as the reader's user namespace numbers them; a process that reads the map of its own sees the
 * parent's numbers. Source: kernel/user_namespace.c uid_m_show.
 */
function seen(
  world: World,
  viewer: Task,
  task: Task,
  { map, from }: { map: readonly MapExtent[]; from: typeof fromKernelUid },
): MapExtent[] {
  const own = viewer.credentials.user === task.credentials.user;
  const parent = namespaceOf(world, task.credentials.user).parent;
  const reader = own && parent !== undefined ? parent : viewer.credentials.user;
  return map.map((extent) => ({ ...extent, outside: from(world, reader, extent.outside) ?? NO_ID }));
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
