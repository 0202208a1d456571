import type { NamespaceKind } from "./namespace-kinds.ts";

/**
 * The files of /proc/PID/ns: the kind of namespace each leads to, and the first kernel that has it.
 * The two `*_for_children` lead to what the process's children will be in.
 * Source: fs/proc/namespaces.c, namespaces(7).
 */
export const PROC_LINKS = {
  cgroup: { kind: "cgroup", since: "4.6" },
  ipc: { kind: "ipc", since: "3.0" },
  mnt: { kind: "mnt", since: "3.8" },
  net: { kind: "net", since: "3.0" },
  pid: { kind: "pid", since: "3.8" },
  pid_for_children: { kind: "pid", since: "4.12" },
  time: { kind: "time", since: "5.6" },
  time_for_children: { kind: "time", since: "5.6" },
  user: { kind: "user", since: "3.8" },
  uts: { kind: "uts", since: "3.0" },
} as const satisfies Record<string, { kind: NamespaceKind; since: string }>;

export type ProcLink = keyof typeof PROC_LINKS;
export const LINKS = Object.keys(PROC_LINKS) as readonly ProcLink[];
export const isLink = (word: string): word is ProcLink => Object.hasOwn(PROC_LINKS, word);
export const kindOfLink = (link: ProcLink): NamespaceKind => PROC_LINKS[link].kind;
