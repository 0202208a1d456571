import { CAPABILITIES } from "../abi/capabilities.ts";
import { inodeOf } from "../abi/ids.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import { kindOfLink, LINKS } from "../abi/proc-links.ts";
import type { Snapshot, Viewpoint } from "../snapshot/types.ts";
import type { Caller, Diagnosis, ProcMount } from "./diagnosis.ts";
import { missingOf } from "./missing.ts";

/**
 * What a snapshot says of the look it was taken in: who looked, from where, what was not seen and what would have shown it.
 * Which calls answered is no part of it, nor are settings and limits.
 */
export function diagnosisOf(snapshot: Snapshot): Diagnosis {
  const { viewpoint } = snapshot;
  const caller = callerOf(viewpoint);
  const proc = procOf(snapshot);
  return {
    source: viewpoint.source,
    takenAt: snapshot.takenAt,
    kernel: viewpoint.kernel,
    caller,
    proc,
    settings: {},
    limits: [],
    interfaces: [],
    missing: missingOf({ caller, proc, interfaces: [], snapshot, leftOut: "left-out" }),
  };
}

function callerOf({ pid, uid, gid, capabilities, namespaces }: Viewpoint): Caller {
  return {
    pid,
    uid: uid.effective,
    gid: gid.effective,
    capabilities: capabilities === undefined ? undefined : namesOf(BigInt(`0x${capabilities}`)),
    noNewPrivs: undefined,
    seccomp: undefined,
    namespaces: LINKS.flatMap((link) => {
      const id = namespaces[link];
      if (id === undefined) return [];
      return [{ link, id, initial: inodeOf(id) === String(NAMESPACE_KINDS[kindOfLink(link)].initialInode) }];
    }),
  };
}

const namesOf = (set: bigint): string[] => CAPABILITIES.filter((_, bit) => (set >> BigInt(bit)) & 1n);

/** A snapshot is written only where there is a /proc. */
function procOf({ viewpoint, coverage }: Snapshot): ProcMount {
  const notes = new Set(coverage.flatMap((row) => row.notes ?? []));
  return {
    path: viewpoint.proc ?? "/proc",
    found: true,
    hidepid: undefined,
    ownPids: !notes.has("proc-of-another-pid-namespace"),
  };
}
