import { CONSTANTS } from "../abi/constants.ts";
import type { Observer } from "../kernel/observer.ts";
import { parseIdMap } from "../procfs/id-map.ts";
import { ownerUidOf, type OwnerUid } from "../rules/owner-uid.ts";

/** A uid that the kernel gave this observer, told from the overflow uid as far as the observer's own uid_map allows. */
export function ownerUidSeenBy(observer: Observer, uid: number): OwnerUid {
  const overflow = overflowUid(observer);
  if (uid !== overflow) return { uid, mapped: true };
  const text = observer.read(`${observer.procRoot}/self/uid_map`);
  const map = text.ok ? parseIdMap(text.value) : undefined;
  return ownerUidOf(uid, { map: map?.ok === true ? map.value : undefined, overflow });
}

/** Source: proc_sys_kernel(5). */
function overflowUid(observer: Observer): number {
  const text = observer.read(`${observer.procRoot}/sys/kernel/overflowuid`);
  return text.ok && /^\d+\n$/.test(text.value) ? Number(text.value) : CONSTANTS.OVERFLOW_ID;
}
