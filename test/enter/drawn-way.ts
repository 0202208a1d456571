import { NAMESPACE_KINDS, type NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import type { Act, Way } from "../../src/enter/act.ts";
import { planWay, type Facts, type Request } from "../../src/enter/plan.ts";
import { wayOut } from "../../src/enter/way-out.ts";
import { gatherFacts, type Held } from "../../src/inside/facts.ts";
import { must, processIn } from "../../src/kernel/build-world.ts";
import { taskName, type TaskName } from "../../src/kernel/call.ts";
import type { Machine } from "../../src/kernel/model/boot.ts";
import { numberIn } from "../../src/kernel/model/descriptors.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { drawnMachine } from "../support/drawn-machine.ts";

/** What one who stands in a drawn world asks for: kinds of the target process, and namespaces by their names there. */
export interface Asking {
  readonly world: string;
  readonly machine?: Machine;
  /** Who asks: in this user namespace, with this uid there. */
  readonly from?: { readonly user: string; readonly uid?: number };
  /** The target is in these. */
  readonly target?: readonly string[];
  readonly kinds?: readonly NamespaceKind[];
  /** Each is reached by the file of some process. */
  readonly files?: readonly string[];
  readonly pidfd?: boolean;
  readonly more?: Partial<Request>;
}

export interface Drawn {
  readonly way: Way;
  readonly facts: Facts;
  /** `pidfd user:box net:blue: yes`, step by step. */
  readonly steps: readonly string[];
  /** What would help, of the first step that is refused. */
  readonly hint: string | undefined;
}

const NOTHING: Request = {
  wishes: [],
  root: undefined,
  folder: undefined,
  cgroup: undefined,
  fork: false,
  mountProc: undefined,
  uid: undefined,
  gid: undefined,
  groups: undefined,
  groupsMatter: false,
  preserve: true,
  keepCaps: false,
  noNewPrivs: false,
};

/** The way in, as it is worked out from what the model answers to the viewer. */
export function drawnWay(asking: Asking): Drawn {
  const {
    world,
    machine = {},
    from = { user: "user:init" },
    target = [],
    kinds = [],
    files = [],
    pidfd = true,
  } = asking;
  const { actor, built, nameOf } = drawnMachine(world, machine);
  const seenBy = (task: TaskName) => new ModelObserver(() => actor.world, task);
  const initPid = actor.world.tasks.get(actor.first)?.pid;
  /** As the first task numbers it, whose /proc everybody has. */
  const pidOf = (task: TaskName): number => {
    const found = actor.world.tasks.get(task);
    const number = found === undefined || initPid === undefined ? undefined : numberIn(found, initPid);
    if (number === undefined) throw new Error(`${task} has no number`);
    return number;
  };
  /** A process in all of these. The user namespace is joined last: root may join all others before. */
  const processInAll = (names: readonly string[], as: string): TaskName => {
    const sorted = names.toSorted((one, other) => Number(one.startsWith("user:")) - Number(other.startsWith("user:")));
    let task = processIn(actor, built, "user:init", taskName(as));
    for (const name of sorted.filter((one) => !one.endsWith(":init"))) {
      const kind = name.slice(0, name.indexOf(":")) as NamespaceKind;
      must(actor, task, { op: "setns", fd: built.fds.get(name) ?? -1, nstype: NAMESPACE_KINDS[kind].flag });
      if (kind !== "pid") continue;
      const inside = taskName(`${as}-inside`);
      must(actor, task, { op: "clone", flags: 0, as: inside });
      task = inside;
    }
    return task;
  };
  const targetTask = processInAll(target, "target");
  const holders = files.map((name, nth) => [name, processInAll([name], `holder${nth}`)] as const);
  const viewer = processIn(actor, built, from.user, taskName("viewer"));
  if (from.uid !== undefined) {
    const ids = { real: from.uid, effective: from.uid, saved: from.uid };
    must(actor, viewer, { op: "setresuid", ids });
  }
  const observer = seenBy(viewer);
  // Whoever looks may be one who is not shown the links: the files are those of one who is.
  const open = (task: TaskName, kind: NamespaceKind) => {
    const path = `/proc/${pidOf(task)}/ns/${kind}`;
    const opened = observer.open(path);
    const file = opened.ok ? opened : seenBy(actor.first).open(path);
    if (!file.ok) throw new Error(`${path}: ${file.errno}`);
    return file.value;
  };
  const held = new Map<NamespaceKind, Held>();
  for (const kind of kinds) held.set(kind, { kind, file: open(targetTask, kind), from: "target" });
  for (const [name, task] of holders) {
    const kind = name.slice(0, name.indexOf(":")) as NamespaceKind;
    held.set(kind, { kind, file: open(task, kind), from: "file" });
  }
  const witness = held.get("user")?.from === "target" ? pidOf(targetTask) : undefined;
  const facts = gatherFacts(observer, held, { witness: { pid: witness }, pidfd, language: "en" });
  const wishes = Array.from(held.values(), ({ kind, file, from: whence }) => ({ kind, ns: file.id, from: whence }));
  const way = planWay({ ...NOTHING, ...asking.more, wishes }, facts);
  const [no] = way.acts.map((act) => act.forecast).filter(({ may }) => may === "no");
  const hint = no?.may === "no" ? wayOut(no, facts, "en") : undefined;
  return { way, facts, steps: way.acts.map((act) => `${told(act)}: ${answer(act)}`), hint };

  function told(act: Act): string {
    if (act.act !== "join") return act.act;
    return [act.join.by, ...act.join.wishes.map(({ ns }) => nameOf(ns))].join(" ");
  }
}

function answer({ forecast }: Act): string {
  if (forecast.may === "yes") return "yes";
  if (forecast.may === "unknown") return `unknown ${forecast.why}`;
  return [forecast.errno, forecast.reason].filter(Boolean).join(" ");
}
