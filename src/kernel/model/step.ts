import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { namespaceId } from "../../abi/ids.ts";
import type { Call, TaskName, Value } from "../call.ts";
import { AllocationFailed, type AllocationFailure } from "./allocation.ts";
import { clone, clone3 } from "./clone.ts";
import { bind, unbind } from "./binds.ts";
import { openOther, pidfdIoctl, pidfdOpen } from "./pidfds.ts";
import { behind, close, dup, fcntl, fileAt, install, numberIn, open, resourcesOf } from "./descriptors.ts";
import { Draft } from "./draft.ts";
import { exec } from "./exec.ts";
import { ioctl } from "./ioctl.ts";
import { changeCredentials } from "./change-credentials.ts";
import { status } from "./proc-status.ts";
import { pwrite, read, write } from "./read-write.ts";
import { chroot, pivotRoot } from "./roots.ts";
import { setns, unshare } from "./join.ts";
import { openMapFile, writeMapFile } from "./map-files.ts";
import { exit, exitThread, isZombie, reap } from "./ends.ts";
import { readSysctl, writeSysctl } from "./sysctls.ts";
import type { Task, World } from "./world.ts";

/**
 * One call by one task: the world after it, and what the task gets back. A refused call leaves the world as it was, and
 * so does one that runs out of memory half-way (`failure`).
 */
export function step(world: World, caller: TaskName, call: Call, failure?: AllocationFailure): [World, Outcome<Value>] {
  const draft = new Draft(world, failure);
  try {
    const outcome = carryOut(draft, draft.task(caller), call);
    return outcome.ok ? [draft.world(), outcome] : [world, outcome];
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

function carryOut(draft: Draft, caller: Task, call: Call): Outcome<Value> {
  if (caller.memberships === undefined) throw new Error(`${caller.name} has exited and makes no calls`);
  if (caller.waitsFor !== undefined) throw new Error(`${caller.name} waits for ${caller.waitsFor} and makes no calls`);
  switch (call.op) {
    case "open":
      return open(draft, caller, call.of, call.link);
    case "close":
      return close(draft, caller, call.fd);
    case "fstat": {
      const file = fileAt(draft, caller, call.fd);
      if (!file.ok) return file;
      const { target } = file.value;
      if (target.type !== "namespace") return ok(0);
      const { device, inode } = draft.namespace(target.namespace);
      return ok({ namespace: namespaceId(device, BigInt(inode)) });
    }
    case "ioctl": {
      const ns = behind(draft, caller, call.fd);
      if (!ns.ok) return ns;
      if (ns.value === undefined) return refused("ENOTTY", "not-a-namespace-file");
      const reply = ioctl(draft, caller, ns.value, call.request, call.argument ?? 0);
      if (!reply.ok) return reply;
      return ok(
        "opens" in reply.value
          ? install(draft, caller, { type: "namespace", namespace: reply.value.opens })
          : reply.value.number,
      );
    }
    case "fcntl":
      return fcntl(draft, caller, call.fd, call.command);
    case "setns":
      return setns(draft, caller, call.fd, call.nstype);
    case "pidfd_open":
      return pidfdOpen(draft, caller, call.of, call.flags);
    case "pidfd-ioctl":
      return pidfdIoctl(draft, caller, call);
    case "dup":
      return dup(draft, caller, call.fd);
    case "open-other":
      return ok(openOther(draft, caller, call.what));
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
    case "bind":
      return bind(draft, caller, call);
    case "unbind":
      return unbind(draft, caller, call.path);
    case "set-dumpable":
      draft.memories.change(resourcesOf(caller).memory, { dumpable: call.dumpable });
      return ok(0);
    case "capset":
    case "drop-bounding":
    case "set-securebits":
    case "set-no-new-privs":
    case "setresuid":
    case "setresgid":
    case "setfsuid":
    case "setgroups":
    case "getresuid":
    case "getresgid":
    case "getgroups":
      return changeCredentials(draft, caller, call);
    case "exec":
      return exec(draft, caller);
    case "status":
      return status(draft, caller, call.of);
    case "getpid":
      return ok(numberIn(draft.task(caller.leader), caller.pid) ?? 0);
    case "getppid":
      return ok(parentNumber(draft, draft.task(caller.leader)));
    case "exit":
      exit(draft, caller.name);
      return ok(0);
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
      return unreachable(call);
  }
}

/** A process's parent as it sees it itself. */
function parentNumber(draft: Draft, { parent, pid }: Task): number {
  const above = parent === undefined ? undefined : draft.tasks.get(parent);
  return (above === undefined ? undefined : numberIn(above, pid)) ?? 0;
}

/** A call that nobody decided here does not compile. */
function unreachable(call: never): never {
  throw new Error(`no such call: ${JSON.stringify(call)}`);
}
