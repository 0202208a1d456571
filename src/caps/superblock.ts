/**
 * Types of file systems that are mounted from the machine's first user namespace only: their superblocks belong to it. The
 * kernel lets others mount those with FS_USERNS_MOUNT, and tells nobody where such a one was mounted. A type that is not
 * here may have that flag.
 * Source: fs/super.c mount_capable; the file_system_type of each.
 */
const FROM_FIRST: ReadonlySet<string> = new Set([
  ..."9p bcachefs btrfs ceph cifs configfs cramfs debugfs devtmpfs efivarfs erofs exfat ext2 ext3 ext4 f2fs".split(" "),
  ..."fuseblk fusectl hugetlbfs iso9660 jfs minix msdos nfs nfs4 nilfs2 ntfs3 pstore romfs rootfs".split(" "),
  ..."rpc_pipefs securityfs selinuxfs smackfs smb3 squashfs tracefs ubifs udf vfat virtiofs xfs zonefs".split(" "),
]);

export const isOfFirstUser = (fsType: string): boolean => FROM_FIRST.has(fsType);
