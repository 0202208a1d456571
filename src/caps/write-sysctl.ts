import type { Capability } from "../abi/capabilities.ts";
import { namesIn } from "../render/namespace-name.ts";
import { atLeast } from "../rules/release.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import { knownId } from "./caller.ts";
import { decideCapability, overFirst } from "./decide-capability.ts";
import { governorOf, HIDDEN } from "./ground.ts";
import { idMapsOf } from "./id-maps.ts";
import { outwards } from "./id-ranges.ts";
import type { AssumedFact, Finding } from "./proof.ts";
import type { Situation, Told } from "./situation.ts";

/** `net/ipv4/ip_forward`, of `net.ipv4.ip_forward` too: sysctl(8) swaps dots and slashes where a dot comes first. */
export function sysctlPath(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  if (first !== ".") return name;
  return name.replaceAll(/[./]/g, (one) => (one === "." ? "/" : "."));
}

const WRITABLE = 0o222;
const OF_IPC = /^(kernel\/(shm|msg|sem|auto_msgmni)|fs\/mqueue\/)/;

/** What the handlers of some ask for besides. Source: the `proc_handler` of each. */
const ASK_MORE: Readonly<Record<string, Capability>> = {
  "kernel/dmesg_restrict": "CAP_SYS_ADMIN",
  "kernel/kptr_restrict": "CAP_SYS_ADMIN",
  "kernel/unprivileged_bpf_disabled": "CAP_SYS_ADMIN",
  "kernel/yama/ptrace_scope": "CAP_SYS_PTRACE",
  "vm/mmap_min_addr": "CAP_SYS_RAWIO",
};

/** Source: fs/proc/proc_sysctl.c test_perm, and the set's `permissions` where it has some. */
export function mayWriteSysctl(situation: Situation): Told {
  const { target } = situation;
  if (target.aim !== "sysctl") return { verdict: "unknown", what: "" };
  const { name, mode } = target;
  const what = sysctlPath(name).replaceAll("/", ".");
  if (mode !== undefined && (mode & WRITABLE) === 0) {
    return { verdict: "no", what, evidence: [{ read: `stat /proc/sys/${sysctlPath(name)}`, says: mode.toString(8) }] };
  }
  const told = whoMay(situation, { path: sysctlPath(name), what });
  const assumed: AssumedFact[] = mode === undefined && told.verdict === "yes" ? [{ what: "sysctl", of: what }] : [];
  return { ...told, assumed };
}

interface Asked {
  readonly path: string;
  readonly what: string;
}

function whoMay(situation: Situation, { path, what }: Asked): Told {
  const { ground } = situation;
  const told = (finding: Finding): Told => ({ what, ...finding });
  const { release } = ground.index.snapshot.viewpoint.kernel;
  // Source: kernel/ucount.c set_permissions.
  if (path.startsWith("user/")) return told(decideCapability(situation, "CAP_SYS_RESOURCE", "own"));
  // Anybody may open it, and its handler decides. Source: kernel/pid_namespace.c pid_ns_ctl_handler.
  if (path === "kernel/ns_last_pid") {
    const over = within(situation, "pid", what);
    const one = decideCapability(over, "CAP_CHECKPOINT_RESTORE", "resource");
    return told(one.verdict === "yes" ? one : decideCapability(over, "CAP_SYS_ADMIN", "resource"));
  }
  const root = rootOfMachine(situation, what);
  if (root.verdict === "yes") {
    const more = Object.hasOwn(ASK_MORE, path) ? ASK_MORE[path] : undefined;
    return more === undefined ? root : told(overFirst(ground, situation.me, more));
  }
  // Source: net/sysctl_net.c net_ctl_permissions.
  if (path.startsWith("net/")) {
    return either(told(decideCapability(within(situation, "net", what), "CAP_NET_ADMIN", "resource")), root);
  }
  // Source: ipc/ipc_sysctl.c ipc_permissions, ipc/mq_sysctl.c mq_permissions.
  if (OF_IPC.test(path) && atLeast(release, "6.8")) return either(rootOfOwner(situation, "ipc", what), root);
  // Source: kernel/pid.c pid_table_root_permissions.
  if (path === "kernel/pid_max" && atLeast(release, "6.14")) {
    const admin = told(decideCapability(within(situation, "pid", what), "CAP_SYS_ADMIN", "resource"));
    return either(admin, either(rootOfOwner(situation, "pid", what), root));
  }
  return root;
}

/** The first where it holds or is unknown, else the second. */
const either = (one: Told, other: Told): Told => (one.verdict === "no" ? other : one);

type SysctlKind = "net" | "ipc" | "pid";

function ownNamespace({ ground, me }: Situation, kind: SysctlKind): NamespaceRecord | null {
  const id = me.person.process.namespaces[kind];
  return (id === undefined ? undefined : ground.index.namespaces.get(id)) ?? null;
}

/** The same question about the process's own namespace of a kind, whose sysctls it sees. */
const within = (situation: Situation, kind: SysctlKind, what: string): Situation => ({
  ...situation,
  target: { aim: "namespace", record: ownNamespace(situation, kind), what },
});

/** Root of the machine itself; no capability stands in for it. */
function rootOfMachine({ ground, me }: Situation, what: string): Told {
  const { euid } = me.caller;
  const evidence = [{ read: `${me.folder}/status Uid`, says: String(euid) }];
  if (ground.seesEveryId && euid >= 0) return { verdict: euid === 0 ? "yes" : "no", what, evidence };
  return { verdict: "unknown", what, missing: [{ what: "id", of: me.number }] };
}

/** Root of the user namespace that owns its own namespace of a kind. */
function rootOfOwner(situation: Situation, kind: SysctlKind, what: string): Told {
  const { ground, me } = situation;
  const record = ownNamespace(situation, kind);
  if (record === null) return { verdict: "unknown", what, missing: [{ what: "link", of: `${me.number}/${kind}` }] };
  const node = governorOf(ground, record);
  const owner = ground.nodes[node];
  const nameOf = namesIn(ground.index.snapshot);
  if (owner === undefined) return { verdict: "unknown", what, missing: [{ what: "owner", of: nameOf(record) }] };
  const map = idMapsOf(ground.index).maps.uid[node];
  if (map === undefined) return { verdict: "unknown", what, missing: [{ what: "maps", of: nameOf(owner) }] };
  const euid = me.caller.euid === HIDDEN ? HIDDEN : knownId(ground, me.caller.euid);
  if (euid === HIDDEN) return { verdict: "unknown", what, missing: [{ what: "id", of: me.number }] };
  const root = outwards(map, 0);
  const evidence = [
    { read: "uid_map", of: nameOf(owner), says: root === undefined ? "-" : String(root) },
    { read: `${me.folder}/status Uid`, says: String(euid) },
  ];
  return { verdict: root === euid ? "yes" : "no", what, evidence };
}
