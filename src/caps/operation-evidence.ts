import { atLeast } from "../rules/release.ts";
import type { OperationName } from "./operations.ts";

/**
 * What shows since when the kernel decides an operation as `operations.ts` has it: a commit of the main line (its title is
 * what `git log --grep` finds, its release what `git describe --contains` says), a manual page or a published weakness, or,
 * where none of these was found, the oldest kernel that it was tried on: the rule is then not younger than that.
 */
export type KernelEvidence =
  | { readonly since: string; readonly commit: string; readonly title: string }
  | { readonly since: string; readonly page: string; readonly says: string }
  | { readonly since: string; readonly tried: true };

const commit = (since: string, id: string, title: string): KernelEvidence => ({ since, commit: id, title });
const page = (since: string, name: string, says: string): KernelEvidence => ({ since, page: name, says });
/** The oldest kernel that `npm run test:kernels` boots. */
const TRIED: KernelEvidence = { since: "5.10", tried: true };

const OWNED = page(
  "3.8",
  "user_namespaces(7)",
  "what a namespace governs takes the capability in the user namespace that owns it",
);
const MEMBER = page("3.8", "user_namespaces(7)", "a process has its effective set in the user namespace it is in");
const IPV4 = commit("3.8", "52e804c6dfaa", "net: Allow userns root to control ipv4");
const RTNL = commit("3.8", "dfc47ef8639f", "net: Push capable(CAP_NET_ADMIN) into the rtnl methods");
const NETLINK = commit(
  "3.8",
  "df008c91f835",
  "net: Allow userns root to control llc, netfilter, netlink, packet, and xfrm",
);
const CREDENTIALS = page("4.5", "ptrace(2)", "/proc asks by file system ids, ptrace by real ones: commit caaee6234d05");
const INODE = commit("3.16", "23adbe12ef7d", "fs,userns: Change inode_capable to capable_wrt_inode_uidgid");
const MAPS = commit("3.9", "41c21e351e79", "userns: Changing any namespace id mappings should require privileges");
/** Capabilities came with Linux 2.2; what each permitted then, that page lists without a release. */
const listed = (says: string): KernelEvidence => page("2.2", "capabilities(7)", says);

export const OPERATION_EVIDENCE: Readonly<Record<OperationName, readonly [KernelEvidence, ...KernelEvidence[]]>> = {
  mount: [OWNED],
  umount: [OWNED],
  // Posted for Linux 4.18 (LWN, 30 May 2018: unprivileged filesystem mounts, 2018 edition).
  remount: [OWNED, TRIED],
  "clear-mount-flags": [page("3.17", "CVE-2014-5207", "Linux through 3.16.1 let whoever could remount clear them")],
  "pivot-root": [OWNED],
  chroot: [MEMBER, page("3.8", "chroot(2)", "takes CAP_SYS_CHROOT in its user namespace")],
  sethostname: [OWNED],
  setdomainname: [OWNED],
  "bind-low-port": [IPV4, commit("4.11", "4548b683b781", "Introduce a sysctl that modifies the value of PROT_SOCK.")],
  "add-route": [RTNL, IPV4],
  "configure-device": [RTNL],
  firewall: [NETLINK],
  "create-tun": [OWNED],
  "raw-socket": [IPV4],
  "packet-socket": [NETLINK],
  "ping-socket": [commit("3.0", "c319b4d76b9e", "net: ipv4: add IPPROTO_ICMP socket kind")],
  "socket-mark": [commit("3.8", "5e1fccc0bfac", "net: Allow userns root control of the core of the network stack.")],
  kill: [OWNED],
  "open-ns-file": [CREDENTIALS],
  "read-maps": [CREDENTIALS],
  "read-memory": [CREDENTIALS],
  ptrace: [CREDENTIALS],
  "nice-below-zero": [page("2.6.13", "getrlimit(2)", "RLIMIT_NICE came with Linux 2.6.12, where it is one off")],
  "real-time": [page("2.6.13", "getrlimit(2)", "RLIMIT_RTPRIO came with Linux 2.6.12, where it does not work")],
  "setns-user": [page("3.9", "setns(2)", "not while root and working directory are shared: commit e66eded8309e")],
  "setns-mnt": [OWNED, page("3.8", "setns(2)", "takes CAP_SYS_CHROOT and CAP_SYS_ADMIN in its own user namespace")],
  "setns-uts": [OWNED],
  "setns-ipc": [OWNED],
  "setns-net": [OWNED],
  "setns-cgroup": [commit("4.6", "a79a908fd2b0", "cgroup: introduce cgroup namespaces")],
  "setns-pid": [commit("3.8", "57e8391d3276", "pidns: Add setns support")],
  "setns-time": [commit("5.6", "769071ac9f20", "ns: Introduce Time Namespace")],
  "unshare-user": [
    commit("3.8", "5eaf563e5329", "userns: Allow unprivileged users to create user namespaces."),
    commit("3.9", "3151527ee007", "userns: Don't allow creation if the user is chrooted"),
  ],
  unshare: [page("3.8", "user_namespaces(7)", "the other kinds take CAP_SYS_ADMIN in its own user namespace")],
  "write-uid-map": [MAPS],
  "write-gid-map": [MAPS],
  "write-timens-offsets": [commit("5.6", "04a8682a71be", "fs/proc: Introduce /proc/pid/timens_offsets")],
  "set-last-pid": [OWNED, page("3.3", "pid_namespaces(7)", "the file ns_last_pid is there")],
  "choose-pid": [commit("5.5", "49cb2fc42ce4", "fork: extend clone3() to support setting a PID")],
  reboot: [page("3.9", "reboot(2)", "ends the pid namespace that it is called in: commit 923c75382365")],
  "any-ipc-object": [OWNED],
  "remove-ipc-object": [OWNED],
  "ipc-limits": [listed("CAP_SYS_RESOURCE: let a message queue have more than msgmnb")],
  chown: [INODE],
  chmod: [INODE],
  "read-file": [INODE],
  "set-file-capabilities": [commit("4.14", "8db6c34f1dbc", "Introduce v3 namespaced file capabilities")],
  "write-sysctl": [TRIED],
  setuid: [MEMBER, page("3.8", "setresuid(2)", "takes CAP_SETUID in its user namespace")],
  setgid: [MEMBER, page("3.8", "setresgid(2)", "takes CAP_SETGID in its user namespace")],
  setgroups: [page("3.19", "setgroups(2)", "EPERM where it is denied in this user namespace")],
  "drop-bounding": [commit("3.12", "160da84dbb39", "userns: Allow PR_CAPBSET_DROP in a user namespace.")],
  // For a while from Linux 4.18 on, who owned the user namespace of a file system might too; no device could be opened there.
  mknod: [page("2.4", "capabilities(7)", "CAP_MKNOD (since Linux 2.4): make special files")],
  "load-module": [listed("CAP_SYS_MODULE: load and unload kernel modules")],
  "set-clock": [listed("CAP_SYS_TIME: set the system's clock")],
  swapon: [listed("CAP_SYS_ADMIN: swapon(2) and swapoff(2)")],
  kexec: [page("2.6.13", "kexec_load(2)", "came with Linux 2.6.13, for CAP_SYS_BOOT")],
  accounting: [listed("CAP_SYS_PACCT: acct(2)")],
  "raw-io": [listed("CAP_SYS_RAWIO: ioperm(2) and iopl(2)")],
  "raise-limit": [listed("CAP_SYS_RESOURCE: override resource limits")],
  "lock-memory": [page("2.6.9", "mlock(2)", "since then RLIMIT_MEMLOCK does not bind who has CAP_IPC_LOCK")],
  bpf: [page("4.4", "bpf(2)", "before, every command took CAP_SYS_ADMIN: commit 1be7f75d1668")],
  perf: [page("2.6.32", "perf_event_open(2)", "it has this name, and perf_event_paranoid is there")],
  "kernel-log": [page("2.6.37", "syslog(2)", "takes CAP_SYSLOG, and dmesg_restrict is there")],
  "wake-alarm": [commit("3.0", "9a7adcf5c6de", "timers: Posix interface for alarm-timers")],
  "immutable-flag": [listed("CAP_LINUX_IMMUTABLE: the inode flags append-only and immutable")],
  "hang-up-terminal": [listed("CAP_SYS_TTY_CONFIG: vhangup(2)")],
};

/** The evidence that came last: since then the rule is as it stands. */
export const youngest = (operation: OperationName): KernelEvidence =>
  OPERATION_EVIDENCE[operation].reduce((last, one) => (atLeast(one.since, last.since) ? one : last));
