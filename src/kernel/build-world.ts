import { KINDS, NAMESPACE_KINDS, nests, type NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Outcome, Refused } from "../rules/outcome.ts";
import type { Actor } from "./actor.ts";
import { allIds, callText, taskName, type Call, type TaskName, type Value } from "./call.ts";
import type { DrawnNamespace } from "./drawing.ts";

/** A drawn world, built by calls: the first task has each of its namespaces open. */
export interface BuiltWorld {
  /** The descriptor of each namespace in the first task, and in every task cloned from it afterwards; by name. */
  readonly fds: ReadonlyMap<string, number>;
  /** The process that sits in each namespace, by the namespace's name; it has exited from an empty one. In the initial ones: the first task. */
  readonly keepers: ReadonlyMap<string, TaskName>;
}

/** A call that building needed was refused: the kernel at hand does not allow the drawn world. */
export class BuildRefused extends Error {
  override readonly name = "BuildRefused";
  readonly call: Call;
  readonly refusal: Refused;
  /** The drawn namespace that could not be made or mounted; undefined for a call apart from a drawing. */
  readonly drawn: string | undefined;

  constructor(message: string, about: { call: Call; refusal: Refused; drawn?: string }, options?: ErrorOptions) {
    super(message, options);
    ({ call: this.call, refusal: this.refusal } = about);
    this.drawn = about.drawn;
  }
}

/** Makes a call that has to succeed, and gives its number. */
export function must(actor: Actor, caller: TaskName, call: Call): number {
  const outcome: Outcome<Value> = actor.call(caller, call);
  if (outcome.ok) return typeof outcome.value === "number" ? outcome.value : 0;
  const why = outcome.reason === undefined ? "" : ` (${outcome.reason})`;
  const message = `${caller}: ${callText(call)} was refused: ${outcome.errno}${why}`;
  throw new BuildRefused(message, { call, refusal: outcome });
}

/** What is written to the id maps of a user namespace; nothing where a text is empty. */
export interface MapTexts {
  readonly uid: string;
  readonly gid: string;
}

/**
 * Builds a drawn world with nothing but the calls of the port, so that the model and the running kernel make it alike.
 * `uid` is the first task's: it decides which id maps new user namespaces can have, where `mapsOf` does not say.
 */
export function buildWorld(
  actor: Actor,
  drawn: readonly DrawnNamespace[],
  uid: number,
  mapsOf: (name: string) => MapTexts = () => sameIds(uid),
): BuiltWorld {
  const { first } = actor;
  const keepers = new Map<string, TaskName>();
  const fds = new Map<string, number>();
  const open = (name: string, of: TaskName, kind: NamespaceKind): void => {
    fds.set(name, must(actor, first, { op: "open", of, link: kind }));
  };
  for (const kind of KINDS) keepers.set(`${kind}:init`, first);
  const fdOf = (name: string): number => fds.get(name) ?? -1;
  const owners = new Map(drawn.map(({ name, owner }) => [name, owner]));
  let helpers = 0;
  const clone = (from: TaskName, as: TaskName, flags: number): TaskName => {
    must(actor, from, { op: "clone", flags, as });
    return as;
  };
  const make = ({ name, kind, parent, owner, by }: DrawnNamespace): void => {
    const { flag } = NAMESPACE_KINDS[kind];
    // Whoever makes it must be in the parent, and in the owner.
    const from = clone(keepers.get(parent ?? owner) ?? first, taskName(`helper-${helpers++}`), 0);
    const joins = kind === "pid" && owner !== (owners.get(parent ?? name) ?? "user:init");
    const fd = joins ? must(actor, from, { op: "open", of: keepers.get(owner) ?? first, link: "user" }) : -1;
    if (by !== undefined) {
      must(actor, from, { op: "setresgid", ids: allIds(by) });
      must(actor, from, { op: "setresuid", ids: allIds(by) });
      // Its files under /proc would be root's else, and whoever sits in the new namespace could not write below.
      must(actor, from, { op: "set-dumpable", dumpable: true });
    }
    // After the uid has changed: entering gives every capability, which a later change of uid would take away again.
    if (joins) {
      must(actor, from, { op: "setns", fd, nstype: NAMESPACE_KINDS.user.flag });
      must(actor, from, { op: "close", fd });
    }
    // Before Linux 6.3 clone3 makes no time namespace, but unshare does.
    if (kind === "time") must(actor, from, { op: "unshare", flags: flag });
    const keeper = clone(from, taskName(name), kind === "time" ? 0 : flag);
    keepers.set(name, keeper);
    if (kind === "user") map(actor, { above: keepers.get(owner) ?? first, below: keeper, uid }, mapsOf(name));
    actor.call(from, { op: "exit" });
  };
  const finish = ({ name, empty, pins = [] }: DrawnNamespace): void => {
    for (const path of pins) must(actor, first, { op: "bind", fd: fdOf(name), path });
    const keeper = keepers.get(name);
    if (empty && keeper !== undefined) must(actor, keeper, { op: "exit" });
  };
  for (const namespace of drawn) building(namespace, make);
  // Opened last: else each process would get a copy of all that is open so far.
  for (const kind of KINDS) open(`${kind}:init`, first, kind);
  for (const { name, kind } of drawn) open(name, keepers.get(name) ?? first, kind);
  for (const namespace of drawn) building(namespace, finish);
  return { fds, keepers };
}

/** A refusal says which namespace of the drawing it was for. */
function building(namespace: DrawnNamespace, work: (namespace: DrawnNamespace) => void): void {
  try {
    work(namespace);
  } catch (error) {
    if (!(error instanceof BuildRefused)) throw error;
    const { message, call, refusal } = error;
    throw new BuildRefused(`${namespace.name}: ${message}`, { call, refusal, drawn: namespace.name }, { cause: error });
  }
}

/** Every id of the parent is itself; an ordinary user may map the own id alone. */
function sameIds(uid: number): MapTexts {
  const text = uid === 0 ? "0 0 4294967295" : `${uid} ${uid} 1`;
  return { uid: text, gid: text };
}

/** An ordinary user must deny setgroups before. */
function map(
  actor: Actor,
  { above, below, uid }: { above: TaskName; below: TaskName; uid: number },
  texts: MapTexts,
): void {
  if (uid !== 0) must(actor, above, { op: "write", of: below, file: "setgroups", text: "deny" });
  if (texts.uid !== "") must(actor, above, { op: "write", of: below, file: "uid_map", text: texts.uid });
  if (texts.gid !== "") must(actor, above, { op: "write", of: below, file: "gid_map", text: texts.gid });
}

/** A fresh process in one namespace, cloned from the first task: it has the first task's descriptors. */
export function processIn(actor: Actor, world: BuiltWorld, name: string, as: TaskName): TaskName {
  const { first } = actor;
  const fd = world.fds.get(name);
  if (fd === undefined) throw new Error(`${name} is drawn nowhere`);
  const task = taskName(as);
  must(actor, first, { op: "clone", flags: 0, as: task });
  if (name.endsWith(":init")) return task;
  const kind = name.slice(0, name.indexOf(":")) as NamespaceKind;
  must(actor, task, { op: "setns", fd, nstype: NAMESPACE_KINDS[kind].flag });
  if (!nests(kind) || kind === "user") return task;
  // Only a child enters a pid namespace.
  const inside = taskName(`${as}-inside`);
  must(actor, task, { op: "clone", flags: 0, as: inside });
  return inside;
}
