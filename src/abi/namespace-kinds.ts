/**
 * Every kind of namespace, by its file name under /proc/PID/ns.
 * `flag` is its CLONE_NEW* bit; a kind that `nests` has parents; `since` is the first kernel with such namespaces.
 * `initialInode` is the inode number of the machine's first one where the kernel fixes it (net and mnt: since 6.18).
 * Source: include/uapi/linux/sched.h, include/uapi/linux/nsfs.h, namespaces(7).
 */
export const NAMESPACE_KINDS = {
  cgroup: { flag: 0x02000000, flagName: "CLONE_NEWCGROUP", nests: false, initialInode: 0xeffffffb, since: "4.6" },
  ipc: { flag: 0x08000000, flagName: "CLONE_NEWIPC", nests: false, initialInode: 0xefffffff, since: "2.6.19" },
  mnt: { flag: 0x00020000, flagName: "CLONE_NEWNS", nests: false, initialInode: 0xeffffff8, since: "2.4.19" },
  net: { flag: 0x40000000, flagName: "CLONE_NEWNET", nests: false, initialInode: 0xeffffff9, since: "2.6.24" },
  pid: { flag: 0x20000000, flagName: "CLONE_NEWPID", nests: true, initialInode: 0xeffffffc, since: "2.6.24" },
  time: { flag: 0x00000080, flagName: "CLONE_NEWTIME", nests: false, initialInode: 0xeffffffa, since: "5.6" },
  user: { flag: 0x10000000, flagName: "CLONE_NEWUSER", nests: true, initialInode: 0xeffffffd, since: "3.8" },
  uts: { flag: 0x04000000, flagName: "CLONE_NEWUTS", nests: false, initialInode: 0xeffffffe, since: "2.6.19" },
} as const;

export type NamespaceKind = keyof typeof NAMESPACE_KINDS;
/** The kinds that have parents: NS_GET_PARENT answers for these alone. */
export type NestingKind = {
  [K in NamespaceKind]: (typeof NAMESPACE_KINDS)[K]["nests"] extends true ? K : never;
}[NamespaceKind];

export const KINDS = Object.keys(NAMESPACE_KINDS) as readonly NamespaceKind[];
export const KIND_BY_FLAG: ReadonlyMap<number, NamespaceKind> = new Map(
  KINDS.map((kind) => [NAMESPACE_KINDS[kind].flag, kind]),
);

export const isKind = (word: string): word is NamespaceKind => Object.hasOwn(NAMESPACE_KINDS, word);
export const nests = (kind: NamespaceKind): kind is NestingKind => NAMESPACE_KINDS[kind].nests;
