/**
 * The sysctls of an ipc namespace, below /proc/sys with dots for slashes, and what each is in a new one. `next`: the number that
 * the next object gets; -1, as long as nobody has set it, cannot be written back (EINVAL).
 * Source: ipc/ipc_sysctl.c, ipc/mq_sysctl.c, include/linux/ipc_namespace.h, include/uapi/linux/{msg,sem,shm}.h,
 * ipc_namespaces(7), mq_overview(7). Of each namespace since Linux 2.6.19, the mqueue ones since 2.6.30.
 */
export const IPC_SYSCTLS = {
  "fs.mqueue.msg_default": { initial: "10" },
  "fs.mqueue.msg_max": { initial: "10" },
  "fs.mqueue.msgsize_default": { initial: "8192" },
  "fs.mqueue.msgsize_max": { initial: "8192" },
  "fs.mqueue.queues_max": { initial: "256" },
  "kernel.auto_msgmni": { initial: "0" },
  "kernel.msg_next_id": { initial: "-1" },
  "kernel.msgmax": { initial: "8192" },
  "kernel.msgmnb": { initial: "16384" },
  "kernel.msgmni": { initial: "32000" },
  "kernel.sem": { initial: "32000\t1024000000\t500\t32000" },
  "kernel.sem_next_id": { initial: "-1" },
  "kernel.shm_next_id": { initial: "-1" },
  "kernel.shm_rmid_forced": { initial: "0" },
  "kernel.shmall": { initial: "18446744073692774399" },
  "kernel.shmmax": { initial: "18446744073692774399" },
  "kernel.shmmni": { initial: "4096" },
} as const satisfies Readonly<Record<string, { initial: string }>>;
export type IpcSysctl = keyof typeof IPC_SYSCTLS;
export const IPC_SYSCTL_NAMES = Object.keys(IPC_SYSCTLS) as readonly IpcSysctl[];

/** The file of one. */
export const sysctlFile = (name: string): string => `/proc/sys/${name.replaceAll(".", "/")}`;
