import { CLONE_FLAGS, CONSTANTS } from "../../abi/constants.ts";
import {
  CLONE_ARGS_SIZES,
  mayReadArguments,
  OLDEST_SIZE,
  SIGNALS,
  type Clone3Arguments,
} from "../../rules/clone3-arguments.ts";
import {
  CSIGNAL,
  mayClone3Flags,
  mayCombine,
  mayFinish,
  mayShareSemaphores,
  mayStoreNumbers,
  wantsCgroup,
} from "../../rules/clone.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { TaskName } from "../call.ts";
import { hasChange, hasSince } from "../../rules/kernel-changes.ts";
import { create } from "./create.ts";
import { install, numberIn } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { O_RDWR, pidfdOf } from "./pidfds.ts";
import { start } from "./processes.ts";
import type { Task } from "./world.ts";

const { CLONE_THREAD, CLONE_PARENT, CLONE_PIDFD } = CLONE_FLAGS;

/** What the caller of clone asks for, in either form of the call. */
interface CloneWish {
  readonly flags: number;
  readonly as: TaskName;
}

/** clone3(2). Source: kernel/fork.c sys_clone3. */
export function clone3(draft: Draft, caller: Task, wish: CloneWish & { args?: Clone3Arguments }): Outcome<number> {
  const { flags, args = {} } = wish;
  const known = CLONE_ARGS_SIZES.find(({ since }) => hasSince(draft.release, since))?.size ?? OLDEST_SIZE;
  const numbers = mayReadArguments(args, { known, intoCgroup: wantsCgroup(flags) });
  if (!numbers.ok) return numbers;
  const makesTime = hasChange(draft.release, "clone3-makes-time");
  const may = mayClone3Flags(flags, { exitSignal: args.exitSignal ?? 0, makesTime });
  if (!may.ok) return may;
  return copy(draft, caller, { ...wish, pidfdAtNull: args.pidfd === "null" }, numbers.value);
}

/** clone(2): the low byte of the flags, CLONE_NEWTIME in it, is the exit signal. Source: kernel/fork.c sys_clone. */
export function clone(draft: Draft, caller: Task, { flags, as }: CloneWish): Outcome<number> {
  const isChecked = hasChange(draft.release, "clone-checks-its-signal");
  if (isChecked && (flags & CSIGNAL) > SIGNALS) return refused("EINVAL", "no-such-signal");
  return copy(draft, caller, { flags: flags & ~CSIGNAL, as, pidfdAtNull: true }, []);
}

/** What both calls do. Source: kernel/fork.c copy_process. */
function copy(
  draft: Draft,
  caller: Task,
  { flags, as, pidfdAtNull }: CloneWish & { pidfdAtNull: boolean },
  setTid: readonly number[],
): Outcome<number> {
  const stores = mayStoreNumbers(flags, { pidfdAtNull });
  if (!stores.ok) return stores;
  const childrenElsewhere = caller.memberships?.pid_for_children !== caller.pid;
  const isInit = draft.task(caller.leader).numbers[0]?.number === 1;
  const timeElsewhere = caller.memberships?.time !== caller.memberships?.time_for_children;
  const timeMustBeOwn = timeElsewhere && !hasChange(draft.release, "memory-keeps-time");
  const threadsHavePidfds = hasChange(draft.release, "pidfds-of-threads");
  const may = mayCombine(flags, { childrenElsewhere, isInit, timeMustBeOwn, threadsHavePidfds });
  if (!may.ok) return may;
  const made = create(draft, caller, flags, { mayGoOn: () => mayShareSemaphores(flags) });
  if (!made.ok) return made;
  const parent = (flags & (CLONE_PARENT | CLONE_THREAD)) === 0 ? caller.leader : draft.task(caller.leader).parent;
  const child = start(draft, draft.task(caller.name), made.value, {
    name: as,
    parent,
    flags,
    setTid,
    mayFinish: () => mayFinish(flags, { pidfdAtNull }),
  });
  if (!child.ok) return child;
  if ((flags & CLONE_PIDFD) !== 0) {
    const thread = (flags & CLONE_THREAD) !== 0;
    install(draft, caller, pidfdOf(child.value, thread), thread ? O_RDWR | CONSTANTS.PIDFD_THREAD : O_RDWR);
  }
  return ok(numberIn(child.value, caller.pid) ?? 0);
}
