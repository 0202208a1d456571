import { statusOf } from "./caller.ts";
import { groundOf } from "./ground.ts";
import type { Fact } from "./requirement.ts";
import type { Situation, Told } from "./situation.ts";

/** The sysctls that facts rest on; those of net are the network namespace's. */
export const FACT_SYSCTLS = {
  "low-ports-open": "net/ipv4/ip_unprivileged_port_start",
  "ping-group": "net/ipv4/ping_group_range",
  "perf-not-paranoid": "kernel/perf_event_paranoid",
  "perf-not-shut": "kernel/perf_event_paranoid",
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
    case "perf-not-shut":
      return Number(value) <= 2
        ? { verdict: "yes", ...told }
        : { verdict: "unknown", ...told, missing: [{ what: "perf-patch", of: what }] };
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
