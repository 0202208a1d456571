import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { OPERATION_TEXTS } from "../messages/operations.ts";
import { all, any, cap, fact, from, restore, type Requirement } from "./requirement.ts";

/** What an operation is done to: a namespace of a kind, a process, the whole machine, the process itself, a file, a sysctl. */
export type Aim = NamespaceKind | "process" | "host" | "own" | "file" | "sysctl";

interface Operation {
  readonly on: Aim;
  /** In the kernel's order. Where it is met, the permission check passes; security modules may refuse all the same. */
  readonly needs: Requirement;
  /** Where the kernel checks. */
  readonly source: string;
  /** The first kernel in which the rule is as it stands here. */
  readonly since: string;
}

const row = (on: Aim, needs: Requirement, source: string, since: string): Operation => ({ on, needs, source, since });
const admin = cap("CAP_SYS_ADMIN", "resource");
const netAdmin = cap("CAP_NET_ADMIN", "resource");
/** setns into anything but a user namespace: over its owner, and in the process's own. */
const join = (on: NamespaceKind, source: string, since: string, ...more: Requirement[]): Operation =>
  row(on, all(admin, cap("CAP_SYS_ADMIN", "own"), ...more), source, since);
const trace = any(
  fact("same-process"),
  all(
    any(fact("trace-same-ids"), cap("CAP_SYS_PTRACE", "resource")),
    fact("trace-dumpable"),
    any(fact("trace-no-more-privileged"), cap("CAP_SYS_PTRACE", "resource")),
  ),
);

/** PTRACE_MODE_ATTACH_REALCREDS: what ptrace(2), pidfd_getfd(2) and process_vm_writev(2) ask. */
export const ATTACH = any(
  fact("same-process"),
  all(
    fact("has-memory"),
    any(fact("attach-same-ids"), cap("CAP_SYS_PTRACE", "resource")),
    fact("trace-dumpable"),
    any(fact("attach-no-more-privileged"), cap("CAP_SYS_PTRACE", "resource")),
  ),
);

const perfmon = any(from("5.8", cap("CAP_PERFMON", "initial")), cap("CAP_SYS_ADMIN", "initial"));

/** One row an operation; the words of the command line are the keys. `messages/operations.ts` has their texts. */
export const OPERATIONS = {
  mount: row("mnt", admin, "fs/namespace.c may_mount", "3.8"),
  umount: row("mnt", admin, "fs/namespace.c may_mount", "3.8"),
  remount: row("mnt", all(admin, cap("CAP_SYS_ADMIN", "superblock")), "fs/namespace.c do_remount", "4.19"),
  "clear-mount-flags": row(
    "mnt",
    all(admin, fact("mount-flags-unlocked")),
    "fs/namespace.c do_reconfigure_mnt, can_change_locked_flags",
    "3.17",
  ),
  "pivot-root": row("mnt", admin, "fs/namespace.c may_mount", "3.8"),
  chroot: row("own", cap("CAP_SYS_CHROOT", "own"), "fs/open.c chroot", "3.8"),
  sethostname: row("uts", admin, "kernel/sys.c sethostname", "3.8"),
  setdomainname: row("uts", admin, "kernel/sys.c setdomainname", "3.8"),
  "bind-low-port": row(
    "net",
    any(fact("low-ports-open"), cap("CAP_NET_BIND_SERVICE", "resource")),
    "net/ipv4/af_inet.c __inet_bind",
    "4.11",
  ),
  "add-route": row("net", netAdmin, "net/core/rtnetlink.c rtnetlink_rcv_msg", "3.8"),
  "configure-device": row("net", netAdmin, "net/core/rtnetlink.c rtnetlink_rcv_msg", "3.8"),
  firewall: row("net", netAdmin, "net/netfilter/nfnetlink.c nfnetlink_rcv", "3.8"),
  "create-tun": row("net", netAdmin, "drivers/net/tun.c tun_set_iff", "3.8"),
  "raw-socket": row("net", cap("CAP_NET_RAW", "resource"), "net/ipv4/af_inet.c inet_create", "3.8"),
  "packet-socket": row("net", cap("CAP_NET_RAW", "resource"), "net/packet/af_packet.c packet_create", "3.8"),
  "ping-socket": row("net", fact("ping-group"), "net/ipv4/ping.c ping_init_sock", "3.0"),
  "socket-mark": row(
    "net",
    any(from("5.17", cap("CAP_NET_RAW", "resource")), netAdmin),
    "net/core/sock.c sk_setsockopt",
    "3.8",
  ),
  kill: row(
    "process",
    any(fact("same-process"), fact("kill-same-uid"), cap("CAP_KILL", "resource")),
    "kernel/signal.c kill_ok_by_cred",
    "3.8",
  ),
  "open-ns-file": row("process", trace, "fs/proc/namespaces.c proc_ns_get_link", "3.8"),
  "read-maps": row("process", any(trace, from("6.15", perfmon)), "kernel/fork.c may_access_mm", "3.8"),
  "read-memory": row("process", ATTACH, "kernel/ptrace.c __ptrace_may_access", "3.8"),
  ptrace: row("process", ATTACH, "kernel/ptrace.c ptrace_attach, __ptrace_may_access", "4.5"),
  "nice-below-zero": row(
    "own",
    any(fact("within-rlimit"), cap("CAP_SYS_NICE", "initial")),
    "kernel/sched/syscalls.c can_nice",
    "2.6.12",
  ),
  "real-time": row(
    "own",
    any(fact("within-rlimit"), cap("CAP_SYS_NICE", "initial")),
    "kernel/sched/syscalls.c user_check_sched_setscheduler",
    "2.6.12",
  ),
  "setns-user": row(
    "user",
    all(fact("not-in-it"), fact("single-threaded"), fact("unshared-root"), admin),
    "kernel/user_namespace.c userns_install",
    "3.8",
  ),
  "setns-mnt": row(
    "mnt",
    all(admin, cap("CAP_SYS_CHROOT", "own"), cap("CAP_SYS_ADMIN", "own"), fact("unshared-root")),
    "fs/namespace.c mntns_install",
    "3.8",
  ),
  "setns-uts": join("uts", "kernel/utsname.c utsns_install", "3.8"),
  "setns-ipc": join("ipc", "ipc/namespace.c ipcns_install", "3.8"),
  "setns-net": join("net", "net/core/net_namespace.c netns_install", "3.8"),
  "setns-cgroup": join("cgroup", "kernel/cgroup/namespace.c cgroupns_install", "4.6"),
  "setns-pid": join("pid", "kernel/pid_namespace.c pidns_install", "3.8", fact("pid-below")),
  "setns-time": row(
    "time",
    all(fact("single-threaded"), admin, cap("CAP_SYS_ADMIN", "own")),
    "kernel/time/namespace.c timens_install",
    "5.6",
  ),
  "unshare-user": row(
    "own",
    all(fact("single-threaded"), fact("own-ids-mapped"), fact("not-chrooted")),
    "kernel/user_namespace.c create_user_ns",
    "3.9",
  ),
  unshare: row("own", cap("CAP_SYS_ADMIN", "own"), "kernel/nsproxy.c unshare_nsproxy_namespaces", "3.8"),
  "write-uid-map": row(
    "user",
    all(fact("in-it-or-above"), fact("uid-map-empty"), admin, cap("CAP_SETUID", "above")),
    "kernel/user_namespace.c map_write, new_idmap_permitted",
    "3.8",
  ),
  "write-gid-map": row(
    "user",
    all(fact("in-it-or-above"), fact("gid-map-empty"), admin, cap("CAP_SETGID", "above")),
    "kernel/user_namespace.c map_write, new_idmap_permitted",
    "3.8",
  ),
  "write-timens-offsets": row(
    "time",
    cap("CAP_SYS_TIME", "resource"),
    "kernel/time/namespace.c proc_timens_set_offset",
    "5.6",
  ),
  "set-last-pid": row("pid", restore("resource"), "kernel/pid_namespace.c pid_ns_ctl_handler", "3.8"),
  "choose-pid": row("pid", restore("resource"), "kernel/pid.c alloc_pid", "5.5"),
  reboot: row("pid", cap("CAP_SYS_BOOT", "resource"), "kernel/reboot.c reboot", "3.9"),
  "any-ipc-object": row("ipc", cap("CAP_IPC_OWNER", "resource"), "ipc/util.c ipcperms", "3.8"),
  "remove-ipc-object": row("ipc", admin, "ipc/util.c ipcctl_obtain_check", "3.8"),
  "ipc-limits": row("host", cap("CAP_SYS_RESOURCE", "initial"), "ipc/msg.c msgctl_down", "2.2"),
  chown: row("file", cap("CAP_CHOWN", "file"), "fs/attr.c chown_ok", "3.16"),
  chmod: row(
    "file",
    any(fact("owns-file"), cap("CAP_FOWNER", "file-owner")),
    "fs/inode.c inode_owner_or_capable",
    "3.16",
  ),
  "read-file": row(
    "file",
    any(fact("file-mode-allows"), cap("CAP_DAC_READ_SEARCH", "file"), cap("CAP_DAC_OVERRIDE", "file")),
    "fs/namei.c generic_permission",
    "3.16",
  ),
  "set-file-capabilities": row("file", cap("CAP_SETFCAP", "file"), "security/commoncap.c cap_convert_nscap", "4.14"),
  "write-sysctl": row(
    "sysctl",
    all(fact("sysctl-writable"), fact("machine-root")),
    "fs/proc/proc_sysctl.c sysctl_perm",
    "3.8",
  ),
  setuid: row("own", cap("CAP_SETUID", "own"), "kernel/sys.c __sys_setresuid", "3.8"),
  setgid: row("own", cap("CAP_SETGID", "own"), "kernel/sys.c __sys_setresgid", "3.8"),
  setgroups: row(
    "own",
    all(cap("CAP_SETGID", "own"), fact("setgroups-allowed")),
    "kernel/groups.c may_setgroups",
    "3.19",
  ),
  "drop-bounding": row("own", cap("CAP_SETPCAP", "own"), "security/commoncap.c cap_prctl_drop", "3.8"),
  mknod: row("host", cap("CAP_MKNOD", "initial"), "fs/namei.c vfs_mknod", "2.2"),
  "load-module": row("host", cap("CAP_SYS_MODULE", "initial"), "kernel/module/main.c may_init_module", "2.2"),
  "set-clock": row("host", cap("CAP_SYS_TIME", "initial"), "security/commoncap.c cap_settime", "2.2"),
  swapon: row("host", cap("CAP_SYS_ADMIN", "initial"), "mm/swapfile.c swapon", "2.2"),
  kexec: row("host", cap("CAP_SYS_BOOT", "initial"), "kernel/kexec.c kexec_load_check", "2.6.13"),
  accounting: row("host", cap("CAP_SYS_PACCT", "initial"), "kernel/acct.c acct", "2.2"),
  "raw-io": row("host", cap("CAP_SYS_RAWIO", "initial"), "arch/x86/kernel/ioport.c ksys_ioperm", "2.2"),
  "raise-limit": row("host", cap("CAP_SYS_RESOURCE", "initial"), "kernel/sys.c do_prlimit", "2.2"),
  "lock-memory": row(
    "own",
    any(fact("within-rlimit"), cap("CAP_IPC_LOCK", "initial")),
    "mm/mlock.c can_do_mlock",
    "2.6.9",
  ),
  bpf: row(
    "host",
    any(from("5.8", cap("CAP_BPF", "initial")), cap("CAP_SYS_ADMIN", "initial")),
    "include/linux/capability.h bpf_capable",
    "4.4",
  ),
  perf: row("host", any(fact("perf-not-paranoid"), perfmon), "include/linux/perf_event.h perf_allow_cpu", "2.6.32"),
  "kernel-log": row(
    "host",
    any(fact("dmesg-open"), cap("CAP_SYSLOG", "initial")),
    "kernel/printk/printk.c check_syslog_permissions",
    "2.6.37",
  ),
  "wake-alarm": row("host", cap("CAP_WAKE_ALARM", "initial"), "kernel/time/alarmtimer.c alarm_timer_create", "3.0"),
  "immutable-flag": row("host", cap("CAP_LINUX_IMMUTABLE", "initial"), "fs/file_attr.c fileattr_set_prepare", "2.2"),
  "hang-up-terminal": row("host", cap("CAP_SYS_TTY_CONFIG", "initial"), "fs/open.c vhangup", "2.2"),
} as const satisfies Record<keyof typeof OPERATION_TEXTS, Operation>;

export type OperationName = keyof typeof OPERATIONS;
export const OPERATION_NAMES = Object.keys(OPERATIONS) as readonly OperationName[];
export const isOperation = (word: string): word is OperationName => Object.hasOwn(OPERATIONS, word);
export const operationOf = (name: OperationName): Operation => OPERATIONS[name];
