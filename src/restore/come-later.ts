import { requestNumber, NSFS_IOCTLS } from "../abi/ioctls.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import { OPEN_FLAGS } from "../kernel/live/actor-files.ts";
import * as calls from "../kernel/live/holder-calls.ts";
import { ok, type Outcome } from "../rules/outcome.ts";

/** So many ids a CPU takes at a time. Source: include/linux/cookie.h COOKIE_LOCAL_BATCH. */
const BATCH = 4096;
/** 1,024 CPUs; the kernel answers EINVAL where it has room for more. */
const MASK_BYTES = 128;

/**
 * Goes on to newer mount namespaces until its own counts as later than others, given by descriptors. The kernel goes by their
 * ids, which Linux 6.18 alone hands out by CPU: there what was made later on another CPU can have a lower one. On the CPU that
 * numbered the others the next id is higher, and on any other one it is after at most 4,096.
 * Source: fs/namespace.c mnt_ns_loop, kernel/nstree.c ns_tree_gen_id (6.19: "nstree: assign fixed ids to the initial namespaces").
 */
export function comeLater(by: calls.Caller, than: readonly number[]): Outcome<unknown> {
  let highest = 0n;
  for (const fd of than) {
    const id = idOf(by, fd);
    // Before Linux 6.11 nobody tells the ids. They come in order there.
    if (!id.ok) return id.errno === "ENOTTY" ? ok(undefined) : id;
    if (id.value > highest) highest = id.value;
  }
  const own = ownId(by);
  if (!own.ok || own.value > highest) return own;
  return onEachCpu(by, (tries) => {
    for (let left = tries; left > 0; left--) {
      const made = calls.unshare(by, NAMESPACE_KINDS.mnt.flag);
      const next = made.ok ? ownId(by) : made;
      if (!next.ok || next.value > highest) return next;
    }
    return undefined;
  });
}

/** Tries once on each CPU that it may run on, then as often as it takes wherever it is. Its CPUs are the same afterwards. */
function onEachCpu(by: calls.Caller, attempt: (tries: number) => Outcome<unknown> | undefined): Outcome<unknown> {
  const mask = calls.filling(by, "sched_getaffinity", [0, MASK_BYTES], MASK_BYTES);
  const cpus = mask.ok ? cpusIn(mask.value.struct) : [];
  let done: Outcome<unknown> | undefined;
  for (const cpu of cpus) {
    const one = new Uint8Array(MASK_BYTES);
    one[cpu >> 3] = 1 << (cpu & 7);
    done = calls.result(by, "sched_setaffinity", [0, MASK_BYTES, one]).ok ? attempt(1) : undefined;
    if (done !== undefined) break;
  }
  if (mask.ok) {
    const back = calls.result(by, "sched_setaffinity", [0, MASK_BYTES, bytesOf(mask.value.struct)]);
    if (!back.ok) return back;
  }
  return done ?? attempt(BATCH * Math.max(cpus.length, 1)) ?? ok(undefined);
}

const bytesOf = (view: DataView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
const cpusIn = (mask: DataView): readonly number[] =>
  Array.from({ length: mask.byteLength * 8 }, (_, cpu) => cpu).filter(
    (cpu) => (mask.getUint8(cpu >> 3) & (1 << (cpu & 7))) !== 0,
  );

const MNTNS_ID = requestNumber(NSFS_IOCTLS.NS_GET_MNTNS_ID);
const ID_BYTES = 8;

function idOf(by: calls.Caller, fd: number): Outcome<bigint> {
  const told = calls.filling(by, "ioctl", [fd, MNTNS_ID], ID_BYTES);
  return told.ok ? ok(told.value.struct.getBigUint64(0, true)) : told;
}

function ownId(by: calls.Caller): Outcome<bigint> {
  const own = calls.open(by, "/proc/thread-self/ns/mnt", OPEN_FLAGS);
  if (!own.ok) return own;
  const id = idOf(by, own.value);
  calls.close(by, own.value);
  return id;
}
