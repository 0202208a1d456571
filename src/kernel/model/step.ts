import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { isCredentialCall, type Call, type TaskName, type Value } from "../call.ts";
import { AllocationFailed, type AllocationFailure } from "./allocation.ts";
import { clone, clone3 } from "./clone.ts";
import { fileCall } from "./file-calls.ts";
import { numberIn, resourcesOf } from "./descriptors.ts";
import { Draft } from "./draft.ts";
import { exec } from "./exec.ts";
import { changeCredentials } from "./change-credentials.ts";
import { status } from "./proc-status.ts";
import { pwrite, read, write } from "./read-write.ts";
import { chroot, mayFindFiles, pivotRoot } from "./roots.ts";
import { setns, unshare } from "./join.ts";
import { kill } from "./kill.ts";
import { listNamespaces } from "./list-namespaces.ts";
import { openMapFile, writeMapFile } from "./map-files.ts";
import { exit, exitThread, isZombie, reap } from "./ends.ts";
import { readOffsets, writeOffsets } from "./timens-offsets.ts";
import { readSysctl, writeSysctl } from "./sysctls.ts";
import type { Task, World } from "./world.ts";

/**
 * One call by one task: the world after it, and what the task gets back. A refused call leaves the world as it was (but
 * for what `Lasting` names), and so does one that runs out of memory half-way (`failure`).
 */
export function step(world: World, caller: TaskName, call: Call, failure?: AllocationFailure): [World, Outcome<Value>] {
  const draft = new Draft(world, failure);
  try {
    const outcome = carryOut(draft, draft.task(caller), call);
    return [outcome.ok ? draft.world() : draft.lasting.in(world), outcome];
  } catch (error) {
    // However deep it was, the call unwinds as a whole: nothing of the draft becomes real.
    if (error instanceof AllocationFailed) return [world, refused(error.errno, "out-of-memory")];
    throw error;
  }
}

/** How many things a call has to find memory for, up to its end or its refusal. */
export function allocationsOf(world: World, caller: TaskName, call: Call): number {
  const draft = new Draft(world);
  carryOut(draft, draft.task(caller), call);
  return draft.allocations;
}

/** Calls that go through /proc or to a path: both are missing below another root. */
const NEEDS_FILES: ReadonlySet<Call["op"]> = new Set([
  "open",
  "readlink",
  "stat",
  "lstat",
  "reopen",
  "open-path",
  "open-folder",
  "write-timens-offsets",
  "read-timens-offsets",
  "link_to_handle_at",
  "open-map",
  "write",
  "status",
  "read-sysctl",
  "write-sysctl",
]);

function carryOut(draft: Draft, caller: Task, call: Call): Outcome<Value> {
  if (caller.memberships === undefined) throw new Error(`${caller.name} has exited and makes no calls`);
  if (caller.waitsFor !== undefined) throw new Error(`${caller.name} waits for ${caller.waitsFor} and makes no calls`);
  if (NEEDS_FILES.has(call.op)) {
    const found = mayFindFiles(draft, caller);
    if (!found.ok) return found;
  }
  if (isCredentialCall(call)) return changeCredentials(draft, caller, call);
  switch (call.op) {
    case "setns":
      return setns(draft, caller, call.fd, call.nstype);
    case "unshare":
      return unshare(draft, caller, call.flags);
    case "clone":
      return clone3(draft, caller, call);
    case "legacy-clone":
      return clone(draft, caller, call);
    case "read-sysctl":
      return readSysctl(draft, caller, call.name);
    case "write-sysctl":
      return writeSysctl(draft, caller, call);
    case "write":
      return writeMapFile(draft, caller, call);
    case "open-map":
      return openMapFile(draft, caller, call);
    case "read":
      return read(draft, caller, call.fd);
    case "write-fd":
      return write(draft, caller, call);
    case "pwrite":
      return pwrite(draft, caller, call);
    case "write-timens-offsets":
      return writeOffsets(draft, caller, call);
    case "read-timens-offsets":
      return readOffsets(draft, call.of);
    case "set-dumpable":
      draft.memories.change(resourcesOf(caller).memory, { dumpable: call.dumpable });
      return ok(0);
    case "get-dumpable":
      return ok(draft.memories.get(resourcesOf(caller).memory).dumpable ? 1 : 0);
    case "get-securebits":
      return ok(caller.credentials.securebits);
    case "exec":
      return exec(draft, caller, call);
    case "status":
      return status(draft, caller, call.of);
    case "getpid":
      return ok(numberIn(draft.task(caller.leader), caller.pid) ?? 0);
    case "getppid":
      return ok(parentNumber(draft, draft.task(caller.leader)));
    case "exit":
      exit(draft, caller.name);
      return ok(0);
    case "kill":
      return kill(draft, caller, call);
    case "listns":
      return listNamespaces(draft, caller, call);
    case "exit-thread":
      exitThread(draft, caller.name);
      return ok(0);
    case "chroot":
      return chroot(draft, caller, call.path);
    case "pivot-root":
      return pivotRoot(draft, caller);
    case "wait": {
      const child = draft.tasks.get(call.child);
      if (child === undefined || child.leader !== child.name || child.parent !== caller.leader) {
        return refused("ECHILD", "no-such-child");
      }
      if (!isZombie(draft, child)) return ok(0);
      const number = numberIn(child, caller.pid) ?? 0;
      reap(draft, call.child);
      return ok(number);
    }
    default:
      return fileCall(draft, caller, call);
  }
}

/** A process's parent as it sees it itself. */
function parentNumber(draft: Draft, { parent, pid }: Task): number {
  const above = parent === undefined ? undefined : draft.tasks.get(parent);
  return (above === undefined ? undefined : numberIn(above, pid)) ?? 0;
}
