import { KINDS, type NamespaceKind } from "../../../abi/namespace-kinds.ts";
import { taskName, type TaskName } from "../../call.ts";
import { setOfNames } from "../persistent.ts";
import type { Memberships, NsKey, Resources, Task } from "../world.ts";
import { readCredentials } from "./credentials.ts";
import type { Places } from "./places.ts";
import type { Holdings } from "./read-holdings.ts";
import type { Statement } from "./statement.ts";
import { numbers, wholeNumber, yesOrNo } from "./values.ts";

const ALL: ReadonlySet<NamespaceKind> = new Set(KINDS);
/** A zombie has left the others. */
const OF_ZOMBIES: ReadonlySet<NamespaceKind> = new Set(["user", "pid"]);
const FOR_CHILDREN: ReadonlySet<NamespaceKind> = new Set(["pid", "time"]);
/** What a zombie has given up. */
const OF_LIVING = [
  "for-children",
  "mm-user",
  "chrooted",
  "root-in",
  "root-locked",
  "vm",
  "fs",
  "files",
  "fds",
  "keep",
] as const;

/** The tasks of a text, oldest first; who belongs to whom is filled in behind all of them. */
export function readTasks(
  statements: readonly Statement[],
  places: Places,
  holdings: Holdings,
): Map<TaskName, { task: Task; said: Statement }> {
  const found = new Map<TaskName, { task: Task; said: Statement }>();
  let start = 0;
  for (const said of statements) {
    const startTime = wholeNumber(said, "start", start);
    start = startTime + 1;
    const name = taskName(said.subject);
    if (found.has(name)) throw said.wrong("said-twice", { text: name });
    found.set(name, { said, task: readTask(said, places, startTime) });
  }
  // Whoever has something of its own comes before those who share it.
  for (const [name, { said, task }] of found)
    if (task.memberships !== undefined) holdings.own(said, name, task, task.memberships);
  for (const [name, { said, task }] of found) {
    const resources: Resources | undefined =
      task.memberships === undefined ? undefined : holdings.resourcesOf(said, name);
    found.set(name, { said, task: { ...task, resources, parent: parentOf(said, task, found) } });
  }
  relate(found);
  return found;
}

function readTask(said: Statement, places: Places, startTime: number): Task {
  const name = taskName(said.subject);
  const { initial } = places;
  const isZombie = said.has("zombie");
  for (const key of OF_LIVING) {
    if (isZombie && said.has(key)) throw said.wrong("no-key", { text: key, near: "in, dumpable" });
  }
  const inside = places.several(said, "in", isZombie ? OF_ZOMBIES : ALL);
  const own = (kind: NamespaceKind): NsKey => inside.get(kind) ?? initial[kind];
  const next = places.several(said, "for-children", FOR_CHILDREN);
  const [pid, time] = [own("pid"), own("time")];
  const memberships: Memberships = {
    ...{ mnt: own("mnt"), uts: own("uts"), ipc: own("ipc"), net: own("net"), cgroup: own("cgroup"), time },
    pid_for_children: next.get("pid") ?? pid,
    time_for_children: next.get("time") ?? time,
  };
  const comm = said.text("comm") ?? name;
  const told = (key: string): TaskName | undefined => {
    const other = said.text(key);
    return other === undefined ? undefined : taskName(other);
  };
  return {
    ...{ name, comm, startTime, pid },
    commandLine: commandLine(said) ?? (name === "init" ? ["/sbin/init"] : [comm]),
    cgroup: said.text("cgroup") ?? "/",
    parent: undefined,
    children: setOfNames<TaskName>(),
    threads: setOfNames<TaskName>(),
    leader: told("thread-of") ?? name,
    credentials: readCredentials(said, own("user")),
    numbers: readNumbers(said, places.chain(pid)),
    waitsFor: told("waits-for"),
    awaitedBy: told("awaited-by"),
    resources: undefined,
    memberships: isZombie ? undefined : memberships,
    endedDumpable: isZombie ? yesOrNo(said, "dumpable", true) : undefined,
  };
}

function commandLine(said: Statement): readonly string[] | undefined {
  const text = said.raw("cmdline");
  if (text === undefined) return undefined;
  const form = '["sleep","1000"]';
  try {
    const words: unknown = JSON.parse(text);
    if (Array.isArray(words) && words.every((word) => typeof word === "string")) return words;
  } catch {
    // Said below.
  }
  throw said.unfit("cmdline", form);
}

/** As NSpid of /proc/PID/status has them, outermost first. */
function readNumbers(said: Statement, chain: readonly NsKey[]): Task["numbers"] {
  if (!said.has("pid")) throw said.wrong("is-missing", { near: "pid" });
  const innermostFirst = numbers(said, "pid").toReversed();
  if (innermostFirst.length !== chain.length) throw said.wrong("number-for-each-level", { near: `${chain.length}` });
  return chain.map((ns, at) => ({ ns, number: innermostFirst[at] ?? 0 }));
}

/** Said, or that of the first thread; of a process the machine's first one. */
function parentOf(
  said: Statement,
  { name, leader }: Task,
  found: ReadonlyMap<TaskName, { readonly said: Statement }>,
): TaskName | undefined {
  const usual = name === "init" ? undefined : taskName("init");
  const of = (one: Statement): TaskName | undefined =>
    one.raw("parent") === "none" ? undefined : taskName(one.text("parent") ?? "");
  if (said.has("parent")) return of(said);
  const first = leader === name ? undefined : found.get(leader)?.said;
  return first?.has("parent") === true ? of(first) : usual;
}

/** Children and threads, of whom the text tells from the other side. */
function relate(found: Map<TaskName, { task: Task; said: Statement }>): void {
  const change = (said: Statement, name: TaskName, to: (task: Task) => Partial<Task>): void => {
    const other = found.get(name);
    if (other === undefined) throw said.wrong("is-nowhere", { text: name });
    found.set(name, { ...other, task: { ...other.task, ...to(other.task) } });
  };
  for (const { said, task } of [...found.values()]) {
    const { name, leader, parent } = task;
    if (leader !== name) change(said, leader, ({ threads }) => ({ threads: threads.add(name) }));
    else if (parent !== undefined) change(said, parent, ({ children }) => ({ children: children.add(name) }));
  }
  const done = new Set<TaskName>();
  for (const { said, task } of found.values()) {
    const trail = new Set<TaskName>();
    for (let at: Task | undefined = task; at !== undefined && !done.has(at.name);) {
      if (trail.has(at.name)) throw said.wrong("above-itself");
      trail.add(at.name);
      const above: TaskName | undefined = at.leader === at.name ? at.parent : at.leader;
      at = above === undefined ? undefined : found.get(above)?.task;
    }
    for (const name of trail) done.add(name);
  }
}
