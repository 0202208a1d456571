import type { NamespaceKind } from "../../../abi/namespace-kinds.ts";
import { CountedMap } from "../counted.ts";
import { NumberMap } from "../persistent.ts";
import type { Namespace, NsKey, OpenFile, PidState, Task, World } from "../world.ts";
import { chargesOf, referencesTo } from "./count.ts";
import type { ReadNamespace } from "./read-namespaces.ts";
import type { Statement } from "./statement.ts";
import { entered, usualPid } from "./usual.ts";
import { oneOf, wholeNumber, yesOrNo } from "./values.ts";
import type { TaskName } from "../../call.ts";

type SaidTask = { readonly task: Task; readonly said: Statement };

/** What of namespaces follows from tasks and files: who has which number, what keeps each, who pays for it. */
export function complete(
  read: ReadonlyMap<NsKey, ReadNamespace>,
  tasks: ReadonlyMap<TaskName, SaidTask>,
  files: Iterable<OpenFile>,
): Pick<World, "namespaces" | "ofKind"> {
  const everybody = Array.from(tasks.values(), ({ task }) => task);
  const numbers = numbersOf(tasks);
  const inTime = entered(everybody);
  const stated = new Map<NsKey, Namespace>();
  for (const [key, { said, namespace, initial }] of read) {
    const { pid, time } = namespace;
    stated.set(key, {
      ...namespace,
      pid: pid === undefined ? undefined : pidState(said, numbers.get(key), initial),
      time:
        time === undefined
          ? undefined
          : { ...time, frozen: yesOrNo(said, "frozen", inTime.has(key) || initial !== undefined) },
    });
  }
  const references = referencesTo(stated, everybody, files);
  const charges = chargesOf(stated);
  let namespaces = new CountedMap<NsKey, Namespace>();
  const ofKind: Partial<Record<NamespaceKind, NumberMap<NsKey, true>>> = {};
  for (const [key, namespace] of stated) {
    const { said, initial } = read.get(key) ?? {};
    const held = (references.get(key) ?? 0) + (initial === undefined ? 0 : 1);
    if (held === 0 && said !== undefined) throw said.wrong("nothing-keeps-it");
    const { user, kind } = namespace;
    const counts = charges.get(key) ?? user?.counts;
    const paid = user === undefined || counts === undefined ? user : { ...user, counts };
    namespaces = namespaces.count(key, { ...namespace, user: paid }, held);
    ofKind[kind] = (ofKind[kind] ?? new NumberMap<NsKey, true>()).set(key, true);
  }
  const none = new NumberMap<NsKey, true>();
  const {
    cgroup = none,
    ipc = none,
    mnt = none,
    net = none,
    pid = none,
    time = none,
    user = none,
    uts = none,
  } = ofKind;
  return { namespaces, ofKind: { cgroup, ipc, mnt, net, pid, time, user, uts } };
}

/** Who has which number in each pid namespace. */
function numbersOf(tasks: ReadonlyMap<TaskName, SaidTask>): ReadonlyMap<NsKey, ReadonlyMap<number, Task>> {
  const found = new Map<NsKey, Map<number, Task>>();
  for (const { task, said } of tasks.values()) {
    for (const { ns, number } of task.numbers) {
      const there = found.get(ns) ?? new Map<number, Task>();
      if (there.has(number)) throw said.wrong("number-taken", { text: `${number}` });
      found.set(ns, there.set(number, task));
    }
  }
  return found;
}

const STATES = ["unborn", "stillborn", "alive", "dead"] as const satisfies PidState["init"][];

function pidState(
  said: Statement,
  numbers: ReadonlyMap<number, Task> | undefined,
  initial: Namespace | undefined,
): PidState {
  const usual = usualPid(numbers, initial?.pid);
  let tasks = new NumberMap<number, TaskName>();
  for (const [number, { name }] of numbers ?? []) tasks = tasks.set(number, name);
  return {
    init: oneOf(said, "init", STATES, usual.init),
    lastPid: wholeNumber(said, "last-pid", usual.lastPid, { least: -1 }),
    max: wholeNumber(said, "pid-max", usual.max),
    tasks,
  };
}
