import type { Actor } from "../../src/kernel/actor.ts";
import { must, type BuiltWorld } from "../../src/kernel/build-world.ts";
import { callText, taskName, type Call, type TaskName, type Value } from "../../src/kernel/call.ts";
import type { FactCase, Scene, Step } from "../kernel-cases/fact-case.ts";

/** Cases, by the drawing of the world that they share. */
export function casesByWorld<C extends FactCase>(cases: readonly C[]): Map<string, C[]> {
  const groups = new Map<string, C[]>();
  for (const one of cases) {
    const group = groups.get(one.world ?? "");
    if (group === undefined) groups.set(one.world ?? "", [one]);
    else group.push(one);
  }
  return groups;
}

/** A call before the one in question came out otherwise than the case needs: this kernel is another. */
export class SceneNotSet extends Error {
  override readonly name = "SceneNotSet";
  /** The same on every kernel that answers alike. */
  readonly what: string;

  constructor(what: string, reason?: string) {
    super(reason === undefined ? what : `${what} (${reason})`);
    this.what = what;
  }
}

/** Carries out a case with tasks that end with it, and says what came of it in the words of the facts. */
export function outcomeOf(actor: Actor, built: BuiltWorld, one: FactCase): string {
  const own = new Map<string, TaskName>();
  const named = (name: string): TaskName => own.get(name) ?? built.keepers.get(name) ?? newName(own, one.id, name);
  const fds = (name: string): number => {
    const fd = built.fds.get(name);
    if (fd === undefined) throw new Error(`${name} is not drawn`);
    return fd;
  };
  const translate = (call: Call): Call => {
    if (call.op === "clone" || call.op === "legacy-clone") return { ...call, as: newName(own, one.id, call.as) };
    if ("of" in call && typeof call.of === "string") return { ...call, of: named(call.of) };
    if (call.op === "send") return { ...call, to: named(call.to) };
    if (call.op === "ioctl" && typeof call.argument === "object") {
      const { numberOf, seenBy } = call.argument;
      return { ...call, argument: { numberOf: named(numberOf), seenBy: named(seenBy) } };
    }
    return call.op === "wait" ? { ...call, child: named(call.child) } : call;
  };
  const gave: Value[] = [];
  const make = ([caller, call]: Step) =>
    actor.call(named(caller), translate(typeof call === "function" ? call(fds, gave) : call));

  must(actor, actor.first, { op: "clone", flags: 0, as: newName(own, one.id, "shell") });
  try {
    for (const step of one.before ?? []) {
      const outcome = make(step);
      if (step[2] === "refusal" && outcome.ok) throw new SceneNotSet(`${stepText(step)} was not refused`);
      if (!outcome.ok && step[2] !== "refusal")
        throw new SceneNotSet(`${stepText(step)} was refused: ${outcome.errno}`, outcome.reason);
      if (outcome.ok) gave.push(outcome.value);
    }
    const outcome = make(one.asks);
    if (!outcome.ok) return `error ${outcome.errno}`;
    return one.shows?.(outcome.value, sceneOf(actor, built, { make, gave, caller: named(one.asks[0]) })) ?? "success";
  } finally {
    for (const task of [...own.values()].toReversed()) end(actor, task);
  }
}

const stepText = ([caller, call]: Step): string =>
  `${caller}: ${typeof call === "function" ? "a call that needs descriptors" : callText(call)}`;

function newName(own: Map<string, TaskName>, id: string, name: string): TaskName {
  const unique = taskName(`${name} of ${id}`);
  own.set(name, unique);
  return unique;
}

/** A task may have ended, or never have been: that is part of some cases. */
function end(actor: Actor, task: TaskName): void {
  try {
    actor.call(task, { op: "exit" });
  } catch {
    // It is gone.
  }
  actor.call(actor.first, { op: "wait", child: task });
}

function sceneOf(
  actor: Actor,
  built: BuiltWorld,
  { make, gave, caller }: { make(step: Step): ReturnType<Actor["call"]>; gave: readonly Value[]; caller: TaskName },
): Scene {
  const idOf = (task: TaskName, fd: number): Value | undefined => {
    const outcome = actor.call(task, { op: "fstat", fd });
    return outcome.ok ? outcome.value : undefined;
  };
  const text = (value: Value | undefined): string => JSON.stringify(value);
  return {
    gave,
    nameBehind: (fd) => {
      const id = text(idOf(caller, fd));
      return [...built.fds].find(([, known]) => text(idOf(actor.first, known)) === id)?.[0];
    },
    namesOf: (ids) => {
      const names = new Map(
        [...built.fds].map(([name, fd]) => [must64(actor, { op: "ioctl", fd, request: "NS_GET_ID" }), name]),
      );
      return ids.flatMap((id) => names.get(id) ?? []);
    },
    call: (name, call) => {
      const outcome = make([name, call]);
      return outcome.ok ? outcome.value : outcome.errno;
    },
  };
}

/** A call of the first task that gives a 64-bit number. */
function must64(actor: Actor, call: Call): bigint | undefined {
  const outcome = actor.call(actor.first, call);
  return outcome.ok && typeof outcome.value === "bigint" ? outcome.value : undefined;
}
