import type { Capability } from "../../abi/capabilities.ts";
import { hasCapability } from "../../rules/has-capability.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Credentials } from "../../rules/view.ts";
import type { ThreeIds } from "../call.ts";
import { resourcesOf } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { toKernelGid, toKernelUid } from "./ids.ts";
import { viewOf } from "./view.ts";
import type { NsKey, Task } from "./world.ts";

type Three = readonly [real: number, effective: number, saved: number];

/** setresuid(2). The file system id follows the effective one. Source: kernel/sys.c __sys_setresuid. */
export function setresuid(draft: Draft, caller: Task, ids: ThreeIds): Outcome<number> {
  const { ruid, euid, suid } = caller.credentials;
  const chosen = mayTake(draft, caller, { ids, held: [ruid, euid, suid], capability: "CAP_SETUID", to: toKernelUid });
  if (!chosen.ok) return chosen;
  const [real, effective, saved] = chosen.value;
  const root = toKernelUid(draft, caller.credentials.user, 0);
  const after = { ...caller.credentials, ruid: real, euid: effective, suid: saved, fsuid: effective };
  commit(draft, caller, fixCapabilities(caller.credentials, after, root));
  return ok(0);
}

/** setresgid(2). Source: kernel/sys.c __sys_setresgid. */
export function setresgid(draft: Draft, caller: Task, ids: ThreeIds): Outcome<number> {
  const { rgid, egid, sgid } = caller.credentials;
  const chosen = mayTake(draft, caller, { ids, held: [rgid, egid, sgid], capability: "CAP_SETGID", to: toKernelGid });
  if (!chosen.ok) return chosen;
  const [real, effective, saved] = chosen.value;
  commit(draft, caller, { ...caller.credentials, rgid: real, egid: effective, sgid: saved, fsgid: effective });
  return ok(0);
}

/** capset(2): sets can shrink, not grow. Source: security/commoncap.c cap_capset. */
export function capset(
  draft: Draft,
  caller: Task,
  { effective, permitted }: { effective: bigint; permitted: bigint },
): Outcome<number> {
  const before = caller.credentials;
  if ((permitted & ~before.permitted) !== 0n) return refused("EPERM", "capabilities-grow");
  if ((effective & ~permitted) !== 0n) return refused("EPERM", "effective-beyond-permitted");
  draft.put({ ...caller, credentials: { ...before, effective, permitted } });
  return ok(0);
}

/** The ids in the initial user namespace's numbers. EINVAL: one has no mapping. EPERM: one is not the caller's own. */
function mayTake(
  draft: Draft,
  { credentials }: Task,
  wish: { ids: ThreeIds; held: Three; capability: Capability; to: typeof toKernelUid },
): Outcome<Three> {
  const [real, effective, saved] = [wish.ids.real, wish.ids.effective, wish.ids.saved].map((id) =>
    wish.to(draft, credentials.user, id),
  );
  if (real === undefined || effective === undefined || saved === undefined) return refused("EINVAL", "id-unmapped");
  const own = [real, effective, saved].every((id) => wish.held.includes(id));
  if (!own && !hasCapability(viewOf(draft), credentials, credentials.user, wish.capability)) {
    return refused("EPERM", "no-setid");
  }
  return ok([real, effective, saved]);
}

/**
 * What leaving and taking uid 0 of the user namespace does to the capabilities, without securebits.
 * Source: security/commoncap.c cap_emulate_setxuid.
 */
function fixCapabilities(
  before: Credentials<NsKey>,
  after: Credentials<NsKey>,
  root: number | undefined,
): Credentials<NsKey> {
  const isRoot = ({ ruid, euid, suid }: Credentials<NsKey>): boolean => [ruid, euid, suid].some((id) => id === root);
  const permitted = isRoot(before) && !isRoot(after) ? 0n : after.permitted;
  const [was, is] = [before.euid === root, after.euid === root];
  const effective = was && !is ? 0n : !was && is ? permitted : after.effective;
  return { ...after, permitted, effective: effective & permitted };
}

/** A process whose effective or file system ids change is not dumpable any more. Source: kernel/cred.c commit_creds. */
function commit(draft: Draft, caller: Task, after: Credentials<NsKey>): void {
  const before = caller.credentials;
  const changed = before.euid !== after.euid || before.egid !== after.egid;
  if (changed) draft.memories.change(resourcesOf(caller).memory, { dumpable: false });
  draft.put({ ...caller, credentials: after });
}
