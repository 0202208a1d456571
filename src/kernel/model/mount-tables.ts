import { deviceOf } from "../../abi/ids.ts";
import type { MountRecord } from "../../procfs/mountinfo.ts";
import { hasCapability } from "../../rules/has-capability.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { atLeast } from "../../rules/release.ts";
import { Draft } from "./draft.ts";
import { mountsFound } from "./roots.ts";
import { namespaceOf, viewOf } from "./view.ts";
import type { Namespace, NsKey, Task, World } from "./world.ts";

/** Every mount namespace of a world: a root, and the binds of namespace files. Other mounts are not the model's business. */
export function mountRecords(world: World, { binds }: Pick<Namespace, "binds">): MountRecord[] {
  const root: MountRecord = {
    // Binds are numbered from 1.
    id: 0,
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
  const pins = [...(binds?.values() ?? [])].toSorted((a, b) => a.mountId - b.mountId);
  return [
    root,
    ...pins.map(({ mountId, path, namespace }): MountRecord => {
      const { kind, device, inode } = namespaceOf(world, namespace);
      const text = `${kind}:[${inode}]`;
      const nsfs = { fsType: "nsfs", source: "nsfs", superOptions: "rw" };
      return { ...root, id: mountId, parent: root.id, device: deviceOf(device), root: text, mountPoint: path, ...nsfs };
    }),
  ];
}

/** Below another root than the namespace's there is an empty folder. */
export const isChrooted = (world: World, task: Task): boolean =>
  task.memberships !== undefined && mountsFound(world, task) === undefined;

/** What a task's mountinfo shows: its own namespace's mounts, as far as they lie below its root. */
export function mountsSeen(world: World, task: Task): MountRecord[] {
  const found = mountsFound(world, task);
  return found === undefined || found.key !== task.memberships?.mnt ? [] : mountRecords(world, found);
}

/** statmount(2) and listmount(2) of an open mount namespace. Source: fs/namespace.c. */
export function statedMounts(world: World, viewer: Task, ns: Namespace): Outcome<readonly MountRecord[]> {
  if (!atLeast(world.release, "6.8")) return refused("ENOSYS", "call-unknown-to-kernel");
  if (ns.kind !== "mnt") return refused("EINVAL", "not-a-mount-namespace");
  const isOwn = viewer.memberships?.mnt === ns.key;
  if (isOwn) return ok(mountsSeen(world, viewer));
  if (!atLeast(world.release, "6.11")) return refused("EINVAL", "call-unknown-to-kernel");
  // Who holds the file needs no capability, since that can be asked by.
  const may =
    atLeast(world.release, "6.18") ||
    (ns.owner !== undefined &&
      hasCapability<NsKey>(viewOf(new Draft(world)), viewer.credentials, ns.owner, "CAP_SYS_ADMIN"));
  return may ? ok(mountRecords(world, ns)) : refused("ENOENT", "no-admin-over-mounts");
}
