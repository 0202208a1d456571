import type { TaskName } from "../../src/kernel/call.ts";
import type { Plan } from "../../src/topology/plan/plan.ts";

/** A process as far as its parent, its session and its group go. */
export interface Played {
  readonly name: TaskName;
  /** In its own pid namespace, where a plan chose it. */
  readonly number: number | undefined;
  parent: Played | undefined;
  session: Played | undefined;
  group: Played | undefined;
  adopts: boolean;
  isThere: boolean;
}

/**
 * What fork, setsid, setpgid, PR_SET_CHILD_SUBREAPER and exit of a plan come to, by the kernel's rules: written apart from
 * whoever plans. Throws where the kernel refuses. Sources: kernel/sys.c, kernel/exit.c find_new_reaper.
 */
export function playSessions(plan: Plan): ReadonlyMap<TaskName, Played> {
  const first = taskOf(plan.first);
  const tasks = new Map([[plan.first, first]]);
  const the = (name: TaskName): Played => {
    const found = tasks.get(name);
    if (found?.isThere !== true) throw new Error(`${name} is not there`);
    return found;
  };
  for (const step of plan.steps) {
    const by = the(step.by);
    switch (step.do) {
      case "fork": {
        const parent = step.sibling === true ? by.parent : by;
        tasks.set(step.as, { ...taskOf(step.as, step.numbers?.[0]), parent, session: by.session, group: by.group });
        break;
      }
      case "session":
        if ([...tasks.values()].some((other) => other.group === by)) throw new Error(`setsid of ${step.by}: EPERM`);
        by.session = by;
        by.group = by;
        break;
      case "group": {
        const others = [...tasks.values()].filter(({ session, isThere }) => isThere && session === by.session);
        const group =
          "of" in step
            ? the(step.of)
            : step.number === 0
              ? by
              : others.find(({ group: its }) => its?.number === step.number)?.group;
        if (by.session === by) throw new Error(`setpgid of ${step.by}, which leads a session: EPERM`);
        if (group === undefined || (group !== by && !others.some((other) => other.group === group)))
          throw new Error(`setpgid of ${step.by} to a group that nobody of its session is in: EPERM`);
        by.group = group;
        break;
      }
      case "adopt":
        by.adopts = step.orphans;
        break;
      case "exit": {
        by.isThere = false;
        let reaper = by.parent;
        while (reaper !== undefined && !reaper.adopts && reaper.number !== 1) reaper = reaper.parent;
        for (const child of tasks.values()) if (child.parent === by) child.parent = reaper;
        break;
      }
      default:
    }
  }
  return tasks;
}

const taskOf = (name: TaskName, number?: number): Played => ({
  name,
  number,
  parent: undefined,
  session: undefined,
  group: undefined,
  adopts: false,
  isThere: true,
});
