import type { NamespaceKind } from "../../abi/namespace-kinds.ts";

/**
 * How a kind looks: a letter, so that nothing is told by colour alone, and a colour dark enough for white letters on it
 * (WCAG AA, tested). The letters are the options of nsenter(1) and unshare(1).
 */
export const KIND_SIGNS = {
  cgroup: { letter: "C", color: "#6a3fb5" },
  ipc: { letter: "i", color: "#00706a" },
  mnt: { letter: "m", color: "#9a4a00" },
  net: { letter: "n", color: "#0a5fb8" },
  pid: { letter: "p", color: "#b01657" },
  time: { letter: "T", color: "#466212" },
  user: { letter: "U", color: "#3c4654" },
  uts: { letter: "u", color: "#776000" },
} as const satisfies Readonly<Record<NamespaceKind, { letter: string; color: string }>>;
