import type { ReachCall, ReachStep } from "../../src/caps/reach/path.ts";
import { allIds, type Call, type TaskName, type Value } from "../../src/kernel/call.ts";
import { step } from "../../src/kernel/model/step.ts";
import type { World } from "../../src/kernel/model/world.ts";
import type { Outcome } from "../../src/rules/outcome.ts";
import type { ProcessRecord } from "../../src/snapshot/types.ts";
import type { PeopledMachine } from "./peopled-machine.ts";

/** A path, call by call, in the model: the world after it and who is at its end, or the call that was refused. */
export interface Replayed {
  readonly world: World;
  readonly by: TaskName;
  readonly refused?: { readonly call: Call; readonly outcome: Outcome<Value> };
}

/** Whether a process may be attached to is asked with a descriptor that it need not have. */
const NO_SUCH_DESCRIPTOR = 1000;

export function replay(machine: PeopledMachine, start: ProcessRecord, path: readonly ReachStep[]): Replayed {
  let { world } = machine.actor;
  let by = machine.taskOf(start).name;
  const names = new Map<number, TaskName>();
  const nameOf = (pid: number): TaskName => {
    const name = names.get(pid) ?? machine.taskOf({ ...start, pid }).name;
    names.set(pid, name);
    return name;
  };
  const opened = new Map<string, number>();
  for (const one of path) {
    expectActor(by, nameOf(one.by));
    for (const planned of one.calls) {
      const call = callOf(planned, nameOf, opened);
      const [next, outcome] = step(world, by, call);
      world = next;
      const isTried = planned.op === "pidfd_getfd" && !("gives" in planned);
      const isLet = outcome.ok || (isTried && outcome.errno === "EBADF");
      if (!isLet) return { world, by, refused: { call, outcome } };
      if ("gives" in planned && outcome.ok && typeof outcome.value === "number")
        opened.set(planned.gives, outcome.value);
    }
    if (one.how.way === "take-over") {
      by = nameOf(one.how.pid);
      // What the other one opened is not its own.
      opened.clear();
    }
  }
  return { world, by };
}

function expectActor(is: TaskName, said: TaskName): void {
  if (is !== said) throw new Error(`${said} is to act, and the path has come to ${is}`);
}

function callOf(planned: ReachCall, nameOf: (pid: number) => TaskName, opened: ReadonlyMap<string, number>): Call {
  const fd = (on: string): number => {
    const own = /^fd:(\d+)$/.exec(on)?.[1];
    const found = own === undefined ? opened.get(on) : Number(own);
    if (found === undefined) throw new Error(`nothing opened ${on}`);
    return found;
  };
  switch (planned.op) {
    case "open":
      return { op: "open", of: nameOf(planned.tid ?? planned.of), link: planned.link };
    case "open-path":
      return { op: "open-path", path: planned.path };
    case "dup":
      return { op: "dup", fd: fd(planned.on) };
    case "keep-caps":
      return { op: "set-keep-caps", keep: true };
    case "setresuid":
    case "setresgid":
      return { op: planned.op, ids: allIds(planned.id) };
    case "exec":
      return { op: "exec" };
    case "reopen":
      return { op: "reopen", of: nameOf(planned.of), fd: planned.fd };
    case "ioctl":
      return { op: "ioctl", fd: fd(planned.on), request: planned.request };
    case "setns":
      return { op: "setns", fd: fd(planned.on), nstype: 0 };
    case "pidfd_open":
      return { op: "pidfd_open", of: nameOf(planned.of), flags: 0 };
    case "pidfd_getfd":
      return { op: "pidfd_getfd", fd: fd(planned.on), target: "fd" in planned ? planned.fd : NO_SUCH_DESCRIPTOR };
    case "capset": {
      const permitted = BigInt(`0x${planned.permitted}`);
      return { op: "capset", effective: permitted, permitted };
    }
    case "unshare":
      return { op: "unshare", flags: planned.flags };
  }
}
