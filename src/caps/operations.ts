import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { OPERATION_TEXTS } from "../messages/operations.ts";
import { all, any, cap, fact, from, nobody, restore, type Requirement } from "./requirement.ts";

/** What an operation is done to: a namespace of a kind, a process, the whole machine, the process itself, a file, a sysctl. */
export type Aim = NamespaceKind | "process" | "host" | "own" | "file" | "sysctl";

interface Operation {
  readonly on: Aim;
  /** In the kernel's order. Where it is met, the permission check passes; security modules may refuse all the same. */
  readonly needs: Requirement;
  /** Where the newest kernel checks. Since when, and what shows it: `operation-evidence.ts`. */
  readonly source: string;
}

const row = (on: Aim, needs: Requirement, source: string): Operation => ({ on, needs, source });
const admin = cap("CAP_SYS_ADMIN", "resource");
const netAdmin = cap("CAP_NET_ADMIN", "resource");
/** setns into anything but a user namespace: over its owner, and in the process's own. */
const join = (on: NamespaceKind, source: string, ...more: Requirement[]): Operation =>
  row(on, all(admin, cap("CAP_SYS_ADMIN", "own"), ...more), source);
const trace = any(
  fact("same-process"),
  all(
    any(fact("trace-same-ids"), cap("CAP_SYS_PTRACE", "resource")),
    fact("trace-dumpable"),
    any(fact("trace-no-more-privileged"), cap("CAP_SYS_PTRACE", "resource")),
  ),
);

/** PTRACE_MODE_ATTACH_REALCREDS: what pidfd_getfd(2) and process_vm_writev(2) ask, and ptrace(2) of others. */
export const ATTACH = any(
  fact("same-process"),
  all(
    fact("has-memory"),
    any(fact("attach-same-ids"), cap("CAP_SYS_PTRACE", "resource")),
    fact("trace-dumpable"),
    any(fact("attach-no-more-privileged"), cap("CAP_SYS_PTRACE", "resource")),
  ),
);

/** Nobody is its own tracer, which ptrace(2) asks before anything else. */
export const PTRACE = all(fact("other-process"), ATTACH);

/** What Yama asks besides, where it is there and not open. */
export const YAMA = any(
  fact("same-process"),
  fact("yama-lets"),
  all(cap("CAP_SYS_PTRACE", "resource"), fact("yama-takes-capability")),
);
/** Operations that attach to another process. */
export const attaches = (name: OperationName): boolean => isAttach(operationOf(name).needs);
export const isAttach = (needs: Requirement): boolean => needs === ATTACH || needs === PTRACE;

const perfmon = any(from("perfmon-apart", cap("CAP_PERFMON", "initial")), cap("CAP_SYS_ADMIN", "initial"));

/** One row an operation; the words of the command line are the keys. `messages/operations.ts` has their texts. */
export const OPERATIONS = {
  mount: row("mnt", admin, "fs/namespace.c may_mount"),
  umount: row("mnt", admin, "fs/namespace.c may_mount"),
  remount: row("mnt", all(admin, cap("CAP_SYS_ADMIN", "superblock")), "fs/namespace.c do_remount"),
  "clear-mount-flags": row(
    "mnt",
    all(admin, fact("mount-flags-unlocked")),
    "fs/namespace.c do_reconfigure_mnt, can_change_locked_flags",
  ),
  "pivot-root": row("mnt", admin, "fs/namespace.c may_mount"),
  chroot: row("own", cap("CAP_SYS_CHROOT", "own"), "fs/open.c chroot"),
  sethostname: row("uts", admin, "kernel/sys.c sethostname"),
  setdomainname: row("uts", admin, "kernel/sys.c setdomainname"),
  "bind-low-port": row(
    "net",
    any(fact("low-ports-open"), cap("CAP_NET_BIND_SERVICE", "resource")),
    "net/ipv4/af_inet.c __inet_bind",
  ),
  "add-route": row("net", netAdmin, "net/core/rtnetlink.c rtnetlink_rcv_msg"),
  "configure-device": row("net", netAdmin, "net/core/rtnetlink.c rtnetlink_rcv_msg"),
  firewall: row("net", netAdmin, "net/netfilter/nfnetlink.c nfnetlink_rcv"),
  "create-tun": row("net", netAdmin, "drivers/net/tun.c tun_set_iff"),
  "raw-socket": row("net", cap("CAP_NET_RAW", "resource"), "net/ipv4/af_inet.c inet_create"),
  "packet-socket": row("net", cap("CAP_NET_RAW", "resource"), "net/packet/af_packet.c packet_create"),
  "ping-socket": row("net", fact("ping-group"), "net/ipv4/ping.c ping_init_sock"),
  "socket-mark": row(
    "net",
    any(from("raw-sockets-mark", cap("CAP_NET_RAW", "resource")), netAdmin),
    "net/core/sock.c sk_setsockopt",
  ),
  kill: row(
    "process",
    any(fact("same-process"), fact("kill-same-uid"), cap("CAP_KILL", "resource")),
    "kernel/signal.c kill_ok_by_cred",
  ),
  "open-ns-file": row("process", trace, "fs/proc/namespaces.c proc_ns_get_link"),
  "read-maps": row("process", any(trace, from("perfmon-sees-memory", perfmon)), "kernel/fork.c may_access_mm"),
  "read-memory": row("process", ATTACH, "kernel/ptrace.c __ptrace_may_access"),
  ptrace: row("process", PTRACE, "kernel/ptrace.c ptrace_attach, __ptrace_may_access"),
  "nice-below-zero": row(
    "own",
    any(fact("within-rlimit"), cap("CAP_SYS_NICE", "initial")),
    "kernel/sched/syscalls.c can_nice",
  ),
  "real-time": row(
    "own",
    any(fact("within-rlimit"), cap("CAP_SYS_NICE", "initial")),
    "kernel/sched/syscalls.c user_check_sched_setscheduler",
  ),
  "setns-user": row(
    "user",
    all(fact("not-in-it"), fact("single-threaded"), fact("unshared-root"), admin),
    "kernel/user_namespace.c userns_install",
  ),
  "setns-mnt": row(
    "mnt",
    all(admin, cap("CAP_SYS_CHROOT", "own"), cap("CAP_SYS_ADMIN", "own"), fact("unshared-root")),
    "fs/namespace.c mntns_install",
  ),
  "setns-uts": join("uts", "kernel/utsname.c utsns_install"),
  "setns-ipc": join("ipc", "ipc/namespace.c ipcns_install"),
  "setns-net": join("net", "net/core/net_namespace.c netns_install"),
  "setns-cgroup": join("cgroup", "kernel/cgroup/namespace.c cgroupns_install"),
  "setns-pid": join("pid", "kernel/pid_namespace.c pidns_install", fact("pid-below")),
  "setns-time": row(
    "time",
    all(fact("single-threaded"), admin, cap("CAP_SYS_ADMIN", "own")),
    "kernel/time/namespace.c timens_install",
  ),
  "unshare-user": row(
    "own",
    all(fact("single-threaded"), fact("own-ids-mapped"), fact("not-chrooted")),
    "kernel/user_namespace.c create_user_ns",
  ),
  unshare: row("own", cap("CAP_SYS_ADMIN", "own"), "kernel/nsproxy.c unshare_nsproxy_namespaces"),
  "write-uid-map": row(
    "user",
    all(fact("in-it-or-above"), fact("uid-map-empty"), admin, cap("CAP_SETUID", "above")),
    "kernel/user_namespace.c map_write, new_idmap_permitted",
  ),
  "write-gid-map": row(
    "user",
    all(fact("in-it-or-above"), fact("gid-map-empty"), admin, cap("CAP_SETGID", "above")),
    "kernel/user_namespace.c map_write, new_idmap_permitted",
  ),
  "write-timens-offsets": row(
    "time",
    cap("CAP_SYS_TIME", "resource"),
    "kernel/time/namespace.c proc_timens_set_offset",
  ),
  "set-last-pid": row("pid", restore("resource"), "kernel/pid_namespace.c pid_ns_ctl_handler"),
  "choose-pid": row("pid", restore("resource"), "kernel/pid.c alloc_pid"),
  reboot: row("pid", cap("CAP_SYS_BOOT", "resource"), "kernel/reboot.c reboot"),
  "any-ipc-object": row("ipc", cap("CAP_IPC_OWNER", "resource"), "ipc/util.c ipcperms"),
  "remove-ipc-object": row("ipc", admin, "ipc/util.c ipcctl_obtain_check"),
  "ipc-limits": row("host", cap("CAP_SYS_RESOURCE", "initial"), "ipc/msg.c msgctl_down"),
  chown: row("file", cap("CAP_CHOWN", "file"), "fs/attr.c chown_ok"),
  chmod: row("file", any(fact("owns-file"), cap("CAP_FOWNER", "file-owner")), "fs/inode.c inode_owner_or_capable"),
  "read-file": row(
    "file",
    any(fact("file-mode-allows"), cap("CAP_DAC_READ_SEARCH", "file"), cap("CAP_DAC_OVERRIDE", "file")),
    "fs/namei.c generic_permission",
  ),
  "set-file-capabilities": row("file", cap("CAP_SETFCAP", "file"), "security/commoncap.c cap_convert_nscap"),
  "write-sysctl": row(
    "sysctl",
    all(fact("sysctl-writable"), fact("machine-root")),
    "fs/proc/proc_sysctl.c sysctl_perm",
  ),
  setuid: row("own", cap("CAP_SETUID", "own"), "kernel/sys.c __sys_setresuid"),
  setgid: row("own", cap("CAP_SETGID", "own"), "kernel/sys.c __sys_setresgid"),
  setgroups: row("own", all(cap("CAP_SETGID", "own"), fact("setgroups-allowed")), "kernel/groups.c may_setgroups"),
  "drop-bounding": row("own", cap("CAP_SETPCAP", "own"), "security/commoncap.c cap_prctl_drop"),
  mknod: row("host", cap("CAP_MKNOD", "initial"), "fs/namei.c vfs_mknod"),
  "load-module": row("host", cap("CAP_SYS_MODULE", "initial"), "kernel/module/main.c may_init_module"),
  "set-clock": row("host", cap("CAP_SYS_TIME", "initial"), "security/commoncap.c cap_settime"),
  swapon: row("host", cap("CAP_SYS_ADMIN", "initial"), "mm/swapfile.c swapon"),
  kexec: row("host", cap("CAP_SYS_BOOT", "initial"), "kernel/kexec.c kexec_load_check"),
  accounting: row("host", cap("CAP_SYS_PACCT", "initial"), "kernel/acct.c acct"),
  "raw-io": row("host", cap("CAP_SYS_RAWIO", "initial"), "arch/x86/kernel/ioport.c ksys_ioperm"),
  "raise-limit": row("host", cap("CAP_SYS_RESOURCE", "initial"), "kernel/sys.c do_prlimit"),
  "lock-memory": row("own", any(fact("within-rlimit"), cap("CAP_IPC_LOCK", "initial")), "mm/mlock.c can_do_mlock"),
  bpf: row(
    "host",
    any(from("bpf-apart", cap("CAP_BPF", "initial")), cap("CAP_SYS_ADMIN", "initial")),
    "include/linux/capability.h bpf_capable",
  ),
  perf: row(
    "host",
    any(
      fact("perf-not-paranoid"),
      from("perfmon-apart", all(cap("CAP_PERFMON", "initial"), fact("perf-not-shut"))),
      cap("CAP_SYS_ADMIN", "initial"),
    ),
    "kernel/events/core.c perf_allow_cpu",
  ),
  "kernel-log": row(
    "host",
    any(
      fact("dmesg-open"),
      cap("CAP_SYSLOG", "initial"),
      from("syslog-alone-reads-log", nobody, cap("CAP_SYS_ADMIN", "initial")),
    ),
    "kernel/printk/printk.c check_syslog_permissions",
  ),
  "wake-alarm": row("host", cap("CAP_WAKE_ALARM", "initial"), "kernel/time/alarmtimer.c alarm_timer_create"),
  "immutable-flag": row("host", cap("CAP_LINUX_IMMUTABLE", "initial"), "fs/file_attr.c fileattr_set_prepare"),
  "hang-up-terminal": row("host", cap("CAP_SYS_TTY_CONFIG", "initial"), "fs/open.c vhangup"),
} as const satisfies Record<keyof typeof OPERATION_TEXTS, Operation>;

export type OperationName = keyof typeof OPERATIONS;
export const OPERATION_NAMES = Object.keys(OPERATIONS) as readonly OperationName[];
export const isOperation = (word: string): word is OperationName => Object.hasOwn(OPERATIONS, word);
export const operationOf = (name: OperationName): Operation => OPERATIONS[name];
