import type { ReachCall, ReachStep } from "../../../src/caps/reach/path.ts";
import { must } from "../../../src/kernel/build-world.ts";
import { allIds, taskName, type TaskName } from "../../../src/kernel/call.ts";
import { made, raw, type Aimed } from "./attempt.ts";
import type { Stage } from "./stage.ts";

const AT_FDCWD = -100;
const O_RDONLY = 0;
const NS_GET_USERNS = 0xb701;
const EBADF = 9;
/** Nobody here has so many open. */
const NO_SUCH_DESCRIPTOR = 900;

/** A path walked on the running kernel: who stands at its end, or the call that was refused, of which step. */
export interface Walked {
  readonly by: TaskName;
  readonly refused?: { readonly call: ReachCall; readonly result: number; readonly step: ReachStep };
  /** Ends who walked. */
  [Symbol.dispose](): void;
}

let walkers = 0;

/**
 * Makes the calls of a path. Who walks is a child of the process in question, and after a process has been taken over, a child
 * of that one: with all that is theirs, and nobody else is changed.
 */
export function walk(stage: Stage, start: TaskName, path: readonly ReachStep[]): Walked {
  const { actor } = stage;
  const tasks = new Map([...stage.people, ...stage.built.keepers.values()].map((task) => [actor.pidOf(task), task]));
  const born: [child: TaskName, parent: TaskName][] = [];
  const childOf = (parent: TaskName): TaskName => {
    const child = taskName(`walker-${walkers++}`);
    must(actor, parent, { op: "clone", flags: 0, as: child });
    born.push([child, parent]);
    return child;
  };
  const end = (): void => {
    for (const [child, parent] of born.reverse()) {
      actor.call(child, { op: "exit" });
      actor.call(parent, { op: "wait", child });
    }
  };
  let by = childOf(start);
  const opened = new Map<string, number>();
  for (const step of path) {
    for (const call of step.calls) {
      const result = carryOut({ actor, by }, call, { tasks, opened });
      const isTried = call.op === "pidfd_getfd" && !("gives" in call);
      const isLet = result >= 0 || (isTried && result === -EBADF);
      if (!isLet) return { by, refused: { call, result, step }, [Symbol.dispose]: end };
      if ("gives" in call) opened.set(call.gives, result);
    }
    if (step.how.way === "take-over") {
      const taken = tasks.get(step.how.pid);
      if (taken === undefined) throw new Error(`nobody of ours is ${step.how.pid}`);
      by = childOf(taken);
      // What the other one opened is not its own.
      opened.clear();
    }
  }
  return { by, [Symbol.dispose]: end };
}

interface Known {
  readonly tasks: ReadonlyMap<number, TaskName>;
  readonly opened: ReadonlyMap<string, number>;
}

function carryOut(task: Pick<Aimed, "actor" | "by">, call: ReachCall, { tasks, opened }: Known): number {
  const fd = (on: string): number => Number(/^fd:(\d+)$/.exec(on)?.[1] ?? opened.get(on) ?? -1);
  switch (call.op) {
    case "open": {
      const folder = call.tid === undefined ? `${call.of}` : `${call.of}/task/${call.tid}`;
      return made(task, "openat", [AT_FDCWD, `/proc/${folder}/ns/${call.link}`, O_RDONLY, 0]);
    }
    case "open-path":
      return made(task, "openat", [AT_FDCWD, call.path, O_RDONLY, 0]);
    case "dup":
      return made(task, "dup", [fd(call.on)]);
    case "keep-caps":
      return raw(task.actor.call(task.by, { op: "set-keep-caps", keep: true }));
    case "setresuid":
    case "setresgid":
      return raw(task.actor.call(task.by, { op: call.op, ids: allIds(call.id) }));
    case "exec":
      return raw(task.actor.call(task.by, { op: "exec" }));
    case "reopen":
      return made(task, "openat", [AT_FDCWD, `/proc/${call.of}/fd/${call.fd}`, O_RDONLY, 0]);
    case "ioctl":
      return made(task, "ioctl", [fd(call.on), NS_GET_USERNS, 0]);
    case "setns":
      return made(task, "setns", [fd(call.on), 0]);
    case "pidfd_open": {
      const of = tasks.get(call.of);
      return made(task, "pidfd_open", [of === undefined ? call.of : task.actor.numberFor(task.by, of), 0]);
    }
    case "pidfd_getfd":
      return made(task, "pidfd_getfd", [fd(call.on), "fd" in call ? call.fd : NO_SUCH_DESCRIPTOR, 0]);
    case "capset": {
      const permitted = BigInt(`0x${call.permitted}`);
      return raw(task.actor.call(task.by, { op: "capset", effective: permitted, permitted }));
    }
    case "unshare":
      return made(task, "unshare", [call.flags]);
  }
}
