import { all, any, cap, fact, from, restore, type Requirement } from "./requirement.ts";
import type { Situation, Told } from "./situation.ts";

/** `net/ipv4/ip_forward`, of `net.ipv4.ip_forward` too: sysctl(8) swaps dots and slashes where a dot comes first. */
export function sysctlPath(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  if (first !== ".") return name;
  return name.replaceAll(/[./]/g, (one) => (one === "." ? "/" : "."));
}

const writable = fact("sysctl-writable");
const machine = all(writable, fact("machine-root"));
const network = all(writable, any(fact("machine-root"), cap("CAP_NET_ADMIN", "net")));
/** Of the machine's root, whose write is looked at by a handler that asks for a capability. */
const rootWith = (capability: "CAP_SYS_ADMIN" | "CAP_SYS_PTRACE" | "CAP_SYS_RAWIO"): Requirement =>
  all(machine, cap(capability, "initial"));

/** The sysctls that others may write than the machine's root, or not every such root; others are not here. */
const WRITERS: readonly (readonly [paths: RegExp, writers: Requirement])[] = [
  // kernel/ucount.c set_permissions: the uid does not matter.
  [/^user\//, all(writable, cap("CAP_SYS_RESOURCE", "own"))],
  // net/ipv4/devinet.c devinet_sysctl_forward: whoever has opened it, the write asks.
  [
    /^net\/ipv4\/(?:ip_forward$|conf\/.+\/forwarding$)/,
    from("forwarding-takes-net-admin", all(writable, cap("CAP_NET_ADMIN", "net")), network),
  ],
  // net/sysctl_net.c net_ctl_permissions
  [/^net\//, network],
  // ipc/ipc_sysctl.c ipc_permissions: the mode of the file is for everybody else.
  [/^kernel\/(?:sem|msg|shm)_next_id$/, from("next-ids-for-restore", restore("ipc"), machine)],
  // The same, and ipc/mq_sysctl.c mq_permissions: the machine's root is none of them where another is root.
  [
    /^(?:kernel\/(?:shm|msg|sem$|auto_msgmni$)|fs\/mqueue\/)/,
    from("ipc-limits-by-owner", all(writable, fact("ipc-root")), machine),
  ],
  // kernel/pid.c pid_table_root_permissions: before, there was one for all.
  [
    /^kernel\/pid_max$/,
    from("pid-max-by-namespace", all(writable, any(cap("CAP_SYS_ADMIN", "pid"), fact("pid-root"))), machine),
  ],
  // kernel/pid_namespace.c pid_ns_ctl_handler: everybody may open it.
  [/^kernel\/ns_last_pid$/, restore("pid")],
  // kernel/printk/sysctl.c proc_dointvec_minmax_sysadmin; kernel/bpf/syscall.c bpf_unpriv_handler
  [/^kernel\/(?:dmesg_restrict|kptr_restrict|unprivileged_bpf_disabled)$/, rootWith("CAP_SYS_ADMIN")],
  // security/yama/yama_lsm.c yama_dointvec_minmax
  [/^kernel\/yama\/ptrace_scope$/, rootWith("CAP_SYS_PTRACE")],
  // security/min_addr.c mmap_min_addr_handler
  [/^vm\/mmap_min_addr$/, rootWith("CAP_SYS_RAWIO")],
];

/** What may write a sysctl. Source: fs/proc/proc_sysctl.c test_perm, the `permissions` of its set, and its handler. */
export function writersOf(name: string): Requirement {
  const path = sysctlPath(name);
  return WRITERS.find(([paths]) => paths.test(path))?.[1] ?? machine;
}

const WRITABLE = 0o222;

/** Whether its file has a mode by which anybody may write. */
export function canBeWritten({ target }: Situation, what: string): Told {
  const mode = target.aim === "sysctl" ? target.mode : undefined;
  if (mode === undefined) return { verdict: "yes", what, assumed: [{ what: "sysctl", of: what }] };
  const path = target.aim === "sysctl" ? sysctlPath(target.name) : "";
  const evidence = [{ read: `stat /proc/sys/${path}`, says: mode.toString(8).padStart(4, "0") }];
  return { verdict: (mode & WRITABLE) === 0 ? "no" : "yes", what, evidence };
}
