import { changed } from "../../rules/reserved.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { mayRestore } from "../../rules/set-tid.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import { mayOpenLimit, mayOpenPidMax, parseLastPid, parseLimit, parsePidMax } from "../../rules/sysctl.ts";
import type { SysctlName } from "../call.ts";
import type { Draft } from "./draft.ts";
import { toKernelUid } from "./ids.ts";
import { pidMax, pidState, ruledBy } from "./pid-numbers.ts";
import { viewOf } from "./view.ts";
import { changedUser } from "./shapes.ts";
import type { NsKey, Task, UserState } from "./world.ts";

/** /proc/sys/user/max_*_namespaces, /proc/sys/kernel/pid_max and ns_last_pid: each reader sees those of its own namespaces. */
export function readSysctl(draft: Draft, caller: Task, name: SysctlName): Outcome<number> {
  switch (name) {
    case "pid_max":
      return ok(pidMax(draft, caller.pid));
    case "ns_last_pid":
      return ok(pidState(draft, caller.pid).lastPid);
    default:
      return ok(userState(draft, caller).limits[kindOf(name)]);
  }
}

/** open, one write and close; gives the bytes taken: none of an empty text, which changes nothing. */
export function writeSysctl(
  draft: Draft,
  caller: Task,
  { name, text }: { name: SysctlName; text: string },
): Outcome<number> {
  switch (name) {
    case "pid_max":
      return writePidMax(draft, caller, text);
    case "ns_last_pid":
      return writeLastPid(draft, caller, text);
    default:
      return writeLimit(draft, caller, kindOf(name), text);
  }
}

function writeLimit(draft: Draft, caller: Task, kind: NamespaceKind, text: string): Outcome<number> {
  const may = mayOpenLimit(viewOf(draft), caller.credentials);
  if (!may.ok) return may;
  if (text === "") return ok(0);
  const limit = parseLimit(text, { signed: !hasChange(draft.release, "limits-take-no-sign") });
  if (!limit.ok) return limit;
  const state = userState(draft, caller);
  draft.changeNamespace(caller.credentials.user, {
    user: changedUser(state, { limits: changed(state.limits, { [kind]: limit.value.number }) }),
  });
  return ok(limit.value.taken);
}

function writePidMax(draft: Draft, caller: Task, text: string): Outcome<number> {
  const pid = ruledBy(draft, caller.pid);
  const { owner } = draft.namespace(pid);
  const root = owner === undefined ? undefined : toKernelUid(draft, owner, 0);
  const may = mayOpenPidMax<NsKey>(viewOf(draft), caller.credentials, { pid, root });
  if (!may.ok) return may;
  if (text === "") return ok(0);
  const max = parsePidMax(text);
  if (!max.ok) return max;
  draft.changePid(pid, { max: max.value.number });
  return ok(max.value.taken);
}

/** The next process of the pid namespace gets the number after it. Source: kernel/pid_namespace.c pid_ns_ctl_handler. */
function writeLastPid(draft: Draft, caller: Task, text: string): Outcome<number> {
  if (!mayRestore(viewOf(draft), caller.credentials, caller.pid)) {
    return refused("EPERM", "no-restore-in-pid-namespace");
  }
  if (text === "") return ok(0);
  const lastPid = parseLastPid(text, pidMax(draft, caller.pid));
  if (!lastPid.ok) return lastPid;
  draft.changePid(caller.pid, { lastPid: lastPid.value.number });
  return ok(lastPid.value.taken);
}

function userState(draft: Draft, { credentials }: Task): UserState {
  const { user } = draft.namespace(credentials.user);
  if (user === undefined) throw new Error("credentials name a namespace that is no user namespace");
  return user;
}

const kindOf = (name: Exclude<SysctlName, "pid_max" | "ns_last_pid">): NamespaceKind =>
  name.slice("max_".length, -"_namespaces".length) as NamespaceKind;
