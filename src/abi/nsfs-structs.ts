/**
 * Layouts of listns(2) and of the handles of namespace files: byte offsets, all words little-endian.
 * Source: include/uapi/linux/nsfs.h, name_to_handle_at(2).
 */

/** struct ns_id_req in its first version; `behind`: where a later version would go on. */
export const NS_ID_REQUEST = {
  size: 0,
  spare: 4,
  after: 8,
  types: 16,
  spare2: 20,
  owner: 24,
  behind: 32,
  bytes: 32,
} as const;

/** struct file_handle with struct nsfs_file_handle in it. `bytes` says how long the part behind the head is. */
export const NSFS_HANDLE = {
  bytes: 0,
  type: 4,
  id: 8,
  nsType: 16,
  inode: 20,
  behind: 24,
  head: 8,
  length: 24,
} as const;
