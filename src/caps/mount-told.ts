import { inodeOf } from "../abi/ids.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import { governorOf, isTop } from "./ground.ts";
import type { MountFacts, Situation, Told } from "./situation.ts";

/** Source: fs/namespace.c check_mnt: nobody changes the mounts of a namespace from outside. */
export function inMountNamespace({ me, target }: Situation, what: string): Told {
  const own = me.person.process.namespaces.mnt;
  const record = target.aim === "namespace" ? target.record : null;
  if (own === undefined || record === null) {
    return { verdict: "unknown", what, missing: [{ what: "link", of: `${me.person.process.pid}/mnt` }] };
  }
  return { verdict: own === record.id ? "yes" : "no", what };
}

/**
 * A mount that came with a copy of a more privileged mount namespace is locked (MNT_LOCKED); those that were made since are
 * not, and nobody is told which is which. Source: fs/namespace.c copy_mnt_ns, lock_mnt_tree, attach_recursive_mnt.
 */
export function mountUnlocked(situation: Situation, what: string): Told {
  const { target } = situation;
  const facts = mountOf(situation);
  if (facts === undefined) return { verdict: "unknown", what, missing: [{ what: "mounts", of: what }] };
  // umount(2) of the root of everything is something else, and MNT_DETACH may do it.
  if (facts.mountPoint === "/") return { verdict: "unknown", what, missing: [{ what: "locked", of: what }] };
  const record = target.aim === "namespace" ? target.record : null;
  return whetherLocked(situation, { record, what });
}

const LOCKABLE: ReadonlySet<string> = new Set(["ro", "nosuid", "nodev", "noexec"]);

/** Flags that it came with are locked likewise. Source: fs/namespace.c can_change_locked_flags. */
export function flagsUnlocked(situation: Situation, what: string): Told {
  const { target } = situation;
  const facts = mountOf(situation);
  if (facts === undefined) return { verdict: "unknown", what, missing: [{ what: "mounts", of: what }] };
  if (!facts.options.some((one) => LOCKABLE.has(one))) {
    return { verdict: "yes", what, evidence: [{ read: "mountinfo", says: facts.options.join(",") }] };
  }
  const record = target.aim === "namespace" ? target.record : null;
  return whetherLocked(situation, { record, what });
}

const mountOf = ({ target }: Situation): MountFacts | undefined =>
  target.aim === "namespace" && target.part?.part === "mount" ? target.part.facts : undefined;

function whetherLocked(
  { ground }: Situation,
  { record, what }: { readonly record: NamespaceRecord | null; readonly what: string },
): Told {
  if (record !== null && inodeOf(record.id) === String(NAMESPACE_KINDS.mnt.initialInode)) {
    return { verdict: "yes", what };
  }
  // A copy that the machine's root made of what the machine's root had.
  if (record !== null && isTop(ground, governorOf(ground, record))) {
    return { verdict: "yes", what, assumed: [{ what: "unlocked", of: what }] };
  }
  return { verdict: "unknown", what, missing: [{ what: "locked", of: what }] };
}
