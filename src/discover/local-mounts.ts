import type { MountRecord } from "../procfs/mountinfo.ts";

/**
 * File systems that answer by themselves: a path through others may wait for a program or a machine that never answers.
 * One that is not here counts as such. An overlay is as good as its layers, which its mount does not tell; a hanging layer
 * hangs everything that runs on it, so that it is let through.
 */
const LOCAL: ReadonlySet<string> = new Set(
  (
    "bcachefs bpf binfmt_misc btrfs cgroup cgroup2 configfs cramfs debugfs devpts devtmpfs efivarfs erofs exfat ext2 ext3 ext4 " +
    "f2fs fusectl hfsplus hugetlbfs iso9660 jfs minix mqueue msdos nilfs2 nsfs ntfs3 overlay proc pstore ramfs reiserfs romfs " +
    "rootfs securityfs selinuxfs squashfs sysfs tmpfs tracefs udf vfat xfs zfs"
  ).split(" "),
);

/** Which mounts can be reached through file systems that answer by themselves; each is asked once. */
export function localMounts(mounts: Iterable<MountRecord>): (mount: MountRecord) => boolean {
  let byId: Map<number, MountRecord> | undefined;
  const known = new Map<number, boolean>();
  return (mount) => {
    if (byId === undefined) {
      // Of most tables nobody asks.
      byId = new Map();
      for (const one of mounts) byId.set(one.id, one);
    }
    const way: MountRecord[] = [];
    let isLocal = true;
    // Up to one that is known, or to the top. A mount is its own parent at the very top; a torn table may have circles.
    for (let at = byId.get(mount.parent); at !== undefined && way.length <= byId.size; at = byId.get(at.parent)) {
      const before = known.get(at.id);
      if (before !== undefined) {
        isLocal = before;
        break;
      }
      way.push(at);
      if (at.parent === at.id) break;
    }
    for (const at of way.reverse()) known.set(at.id, (isLocal &&= LOCAL.has(at.fsType)));
    return isLocal;
  };
}
