import { statusOf } from "./caller.ts";
import { decideCapability } from "./decide-capability.ts";
import { groundOf } from "./ground.ts";
import type { Fact } from "./operations.ts";
import type { Situation, Told } from "./situation.ts";

/** The sysctls that facts rest on; those of net are the network namespace's. */
export const FACT_SYSCTLS = {
  "low-ports-open": "net/ipv4/ip_unprivileged_port_start",
  "ping-group": "net/ipv4/ping_group_range",
  "perf-not-paranoid": "kernel/perf_event_paranoid",
  "dmesg-open": "kernel/dmesg_restrict",
} as const satisfies Partial<Record<Fact, string>>;
type SysctlFact = keyof typeof FACT_SYSCTLS;

export function sysctlFact(situation: Situation, fact: SysctlFact): Told {
  const name = FACT_SYSCTLS[fact];
  const what = name.replaceAll("/", ".");
  const value = situation.sysctls.get(name)?.trim();
  if (value === undefined) return { verdict: "unknown", what, missing: [{ what: "sysctl", of: what }] };
  const told = { what, evidence: [{ read: `/proc/sys/${name}`, says: value.replaceAll("\t", " ") }] };
  switch (fact) {
    case "low-ports-open":
      // Any port is asked about: there is no port 0 to bind.
      return { verdict: Number(value) <= 1 ? "yes" : "no", ...told };
    case "perf-not-paranoid":
      return { verdict: Number(value) <= 0 ? "yes" : "no", ...told };
    case "dmesg-open":
      return { verdict: value === "0" ? "yes" : "no", ...told };
    case "ping-group":
      return pingGroup(situation, value, told);
  }
}

/** The range is shown in the viewer's numbers, as its groups are. Source: net/ipv4/ping.c ping_get_group_range. */
function pingGroup(situation: Situation, value: string, told: Pick<Told, "what" | "evidence">): Told {
  const status = statusOf(situation.me.person);
  const { seesEveryId } = groundOf(situation.ground.index);
  const [low = 1, high = 0] = value.split(/\s+/).map(Number);
  if (status === undefined) {
    return { verdict: "unknown", ...told, missing: [{ what: "status", of: situation.me.number }] };
  }
  if (!seesEveryId) return { verdict: "unknown", ...told, missing: [{ what: "id", of: situation.me.number }] };
  const isIn = [status.gid.effective, ...status.groups].some((gid) => gid >= low && gid <= high);
  return { verdict: isIn ? "yes" : "no", ...told };
}

/** Source: fs/proc/proc_sysctl.c test_perm; net/sysctl_net.c net_ctl_permissions; kernel/ucount.c set_permissions. */
export function mayWriteSysctl(situation: Situation, what: string): Told {
  const { ground, me, target } = situation;
  const name = target.aim === "sysctl" ? target.name.replaceAll("/", ".") : "";
  if (name.startsWith("user.")) return bare(decideCapability(situation, "CAP_SYS_RESOURCE", "own"), what);
  const root = globalRoot(situation, what);
  if (root.verdict === "yes") return root;
  if (name.startsWith("net.")) {
    const id = me.person.process.namespaces.net;
    const net = id === undefined ? undefined : ground.index.namespaces.get(id);
    if (net === undefined)
      return { verdict: "unknown", what, missing: [{ what: "link", of: `${me.person.process.pid}/net` }] };
    const own: Situation = { ...situation, target: { aim: "namespace", record: net, what } };
    const admin = bare(decideCapability(own, "CAP_NET_ADMIN", "resource"), what);
    if (admin.verdict !== "no") return admin;
  } else if (root.verdict === "no" && OF_IPC.test(name)) {
    // Since 6.x the root of the ipc namespace's owner may, as its maps say.
    return { verdict: "unknown", what, missing: [{ what: "not-recorded", of: `the kernel's rule for ${name}` }] };
  }
  return root;
}

const OF_IPC = /^(kernel\.(shm|msg|sem|auto_msgmni)|fs\.mqueue\.)/;

const bare = ({ verdict, steps, missing }: ReturnType<typeof decideCapability>, what: string): Told => ({
  verdict,
  what,
  steps,
  missing,
});

/** Root of the machine itself; no capability stands in for it. */
function globalRoot({ ground, me }: Situation, what: string): Told {
  const { euid } = me.caller;
  const evidence = [{ read: `${me.folder}/status Uid`, says: String(euid) }];
  if (ground.seesEveryId && euid >= 0) return { verdict: euid === 0 ? "yes" : "no", what, evidence };
  return { verdict: "unknown", what, missing: [{ what: "id", of: me.number }] };
}
