import { capBit } from "../../src/abi/capabilities.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { allIds, type Call, type TaskName } from "../../src/kernel/call.ts";
import type { Task } from "../../src/kernel/model/world.ts";
import type { Digits } from "./digits.ts";
import { kinds } from "./draw-creation.ts";
import { setOf } from "./draw-credentials.ts";
import type { Scene } from "./scene.ts";

export type Bound = { readonly caller: TaskName; readonly call: Call };

/**
 * Several calls that belong together: without them most of what follows would only be refused. A new task, in a new user
 * namespace where that was drawn, with maps written by who made it; then other ids, and fewer capabilities.
 */
export function drawPerson(scene: Scene, caller: Task, digits: Digits): readonly Bound[] {
  const as = scene.newName();
  if (as === undefined) return [];
  const inNewUser = !digits.once(3);
  const more = digits.once(2) ? kinds(digits) & ~NAMESPACE_KINDS.user.flag : 0;
  const flags = (inNewUser ? NAMESPACE_KINDS.user.flag : 0) | more;
  const by = (who: TaskName, ...calls: Call[]): Bound[] => calls.map((call) => ({ caller: who, call }));
  return [
    ...by(caller.name, { op: "clone", flags, as }),
    ...(inNewUser ? by(caller.name, ...maps(scene, caller, as, digits)) : []),
    ...(digits.once(2) ? by(as, ...ids(digits)) : []),
    ...(digits.once(3) ? by(as, fewerCapabilities(digits)) : []),
  ];
}

function maps(scene: Scene, caller: Task, of: TaskName, digits: Digits): Call[] {
  const write = (file: "uid_map" | "gid_map" | "setgroups", text: string): Call => ({ op: "write", of, file, text });
  const { uid, gid } = scene.ownIds(caller);
  const inside = digits.pick([0, 0, 1000]);
  const own = [
    write("setgroups", "deny"),
    write("gid_map", `${inside} ${gid} 1`),
    write("uid_map", `${inside} ${uid} 1`),
  ];
  const all = [write("gid_map", "0 0 4294967295"), write("uid_map", "0 0 4294967295")];
  const some = [write("gid_map", "0 0 2000"), write("uid_map", "0 0 2000")];
  const mayMapAll = caller.credentials.euid === 0 && caller.credentials.user === scene.world.initial.user;
  return mayMapAll ? digits.pick([all, all, some, own, []]) : digits.pick([own, own, own, []]);
}

/** Change of ids makes a process undumpable, which would close it to all but root: half of them undo that. */
function ids(digits: Digits): Call[] {
  const id = digits.pick([1000, 0, 1001, 65534]);
  const three = digits.once(4) ? { real: id, effective: 1000, saved: digits.pick([1000, 0]) } : allIds(id);
  const change: Call[] = [
    { op: "setresgid", ids: digits.once(3) ? three : allIds(id) },
    { op: "setresuid", ids: three },
  ];
  return digits.once(2) ? [...change, { op: "set-dumpable", dumpable: true }] : change;
}

function fewerCapabilities(digits: Digits): Call {
  const set = digits.pick([
    0n,
    capBit("CAP_SYS_ADMIN"),
    setOf(["CAP_SYS_ADMIN", "CAP_SYS_PTRACE"]),
    setOf(["CAP_SETUID", "CAP_SETGID", "CAP_SYS_ADMIN", "CAP_SYS_CHROOT"]),
  ]);
  return { op: "capset", effective: set, permitted: set };
}
