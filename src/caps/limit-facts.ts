import type { OperationName } from "./operations.ts";
import type { Situation, Told } from "./situation.ts";

/** The limit that lets everybody, and from which value on. A nice value n wants 20 - n of it: getrlimit(2). */
const LIMITS: Partial<Record<OperationName, { readonly name: string; readonly least: bigint }>> = {
  "nice-below-zero": { name: "Max nice priority", least: 21n },
  "real-time": { name: "Max realtime priority", least: 1n },
  "lock-memory": { name: "Max locked memory", least: 1n },
};

/** Whether the soft limit lets it, be it only a little. */
export function withinLimit({ me, operation, limits }: Situation): Told {
  const wanted = LIMITS[operation];
  const limit = limits?.find(({ name }) => name === wanted?.name);
  if (wanted === undefined || limit === undefined) {
    return { verdict: "unknown", what: me.who, missing: [{ what: "rlimit", of: me.number }] };
  }
  const isEnough = limit.soft === "unlimited" || limit.soft >= wanted.least;
  const evidence = [{ read: `${me.folder}/limits ${limit.name}`, says: String(limit.soft) }];
  return { verdict: isEnough ? "yes" : "no", what: me.who, evidence };
}
