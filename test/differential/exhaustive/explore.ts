import { buildWorld, must, type BuiltWorld } from "../../../src/kernel/build-world.ts";
import { taskName, type TaskName } from "../../../src/kernel/call.ts";
import { printDrawing } from "../../../src/kernel/print-drawing.ts";
import type { Said } from "../compare.ts";
import type { Ground, Start } from "../ground.ts";
import type { Foreseen } from "../pair.ts";
import { asDrawing } from "./as-drawing.ts";
import { Cast, isReachable, MAIN_CLASSES, MOUNT_CLASSES, type CapabilityClass } from "./cast.ts";
import type { Part } from "./parts.ts";
import { CHILD, THREAD, type Question } from "./questions.ts";
import { Difference, SideBySide } from "./side-by-side.ts";
import type { Position, Situation } from "./situation.ts";
import { positionsIn } from "./worlds.ts";

/** How much there was of one world. */
export interface Explored {
  readonly situations: number;
  /** Positions that a first task of this uid cannot bring anybody to. */
  readonly outOfReach: number;
}

/** A world as it is built on both sides. */
export interface Stage {
  readonly actor: SideBySide;
  readonly built: BuiltWorld;
  readonly cast: Cast;
  /** Everybody of whom numbers are asked. */
  readonly tasks: readonly TaskName[];
}

/**
 * Builds one world and asks every caller's every question in it, on both sides. `heard`: each question's calls; those
 * that build are compared, and not told. Difference: the sides do not agree.
 */
export function explore(
  ground: Ground,
  part: Part,
  { world, start, heard }: { world: Situation; start: Start; heard(said: Said): void },
): Explored {
  let situations = 0;
  let outOfReach = 0;
  let who = "whoever builds it";
  const drawing = asDrawing(world, { flat: part.flat, uid: start.uid });
  try {
    const pair = ground.pair(start);
    const actor = new SideBySide(pair, heard);
    const built = buildWorld(actor, drawing, start.uid);
    const tasks = part.threads ? withThreads(actor, built) : [];
    const stage: Stage = { actor, built, cast: new Cast(actor, built, world, start.uid), tasks };
    for (const position of positionsIn(world, start.uid === 0 ? "any" : "own")) {
      if (!isReachable(world, position, start.uid)) {
        outOfReach++;
        continue;
      }
      for (const [capabilities, mountsOnly] of classesFor(position, part, start)) {
        who = `caller ${JSON.stringify(position)} with ${capabilities}`;
        askAll(stage, position, capabilities, (caller) => part.questions(stage, caller, { position, mountsOnly }));
        situations++;
      }
    }
    actor.compareState();
  } catch (error) {
    if (!(error instanceof Difference)) throw error;
    throw new Difference(`${printDrawing(drawing)}${who}\n${error.message}`, { cause: error });
  }
  return { situations, outOfReach };
}

/** An ordinary user has nothing to give up in the initial user namespace. */
function classesFor(
  { user }: Position,
  { flat }: Part,
  { uid }: Start,
): readonly (readonly [CapabilityClass, boolean])[] {
  if (uid !== 0 && user === 0) return [["all", false]];
  return [
    ...MAIN_CLASSES.map((name) => [name, false] as const),
    ...(flat ? MOUNT_CLASSES : []).map((name) => [name, true] as const),
  ];
}

/** A second thread for each process that sits in a pid namespace of the drawing. */
function withThreads(actor: SideBySide, { keepers }: BuiltWorld): readonly TaskName[] {
  const sitting = [...keepers].filter(([name]) => name.startsWith("pid:"));
  const threads = sitting
    .filter(([, keeper]) => keeper !== actor.first)
    .map(([name, keeper]) => {
      const as = taskName(`thread of ${name}`);
      must(actor, keeper, { op: "clone", flags: THREAD, as });
      return as;
    });
  return [...sitting.map(([, keeper]) => keeper), ...threads];
}

/** Asks with one caller as long as nothing that decides anything has changed about it; then with a new one. */
function askAll(
  stage: Stage,
  position: Position,
  capabilities: CapabilityClass,
  questionsOf: (caller: TaskName) => readonly Question[],
): void {
  const { actor, cast } = stage;
  let caller = cast.enter(position, capabilities);
  let questions = questionsOf(caller);
  let foreseen: Foreseen[] = [];
  for (let at = 0; at < questions.length; at++) {
    const question = questions[at];
    if (question === undefined) continue;
    const plain = actor.foresee(caller, question[0]);
    if (plain !== undefined) {
      foreseen.push(plain);
      continue;
    }
    actor.askTogether(caller, foreseen);
    foreseen = [];
    if (ask(stage, caller, question)) continue;
    cast.leave(caller, position);
    caller = cast.enter(position, capabilities);
    questions = questionsOf(caller);
  }
  actor.askTogether(caller, foreseen);
  cast.leave(caller, position);
}

/**
 * Whether the caller can go on. Memberships other than the pid namespace for children take part in no decision here;
 * that they are what they should be was asked by the question itself.
 */
function ask({ actor }: Stage, caller: TaskName, [first, ...then]: Question): boolean {
  const before = actor.task(caller);
  const outcome = actor.ask(caller, first);
  if (!outcome.ok) return true;
  if (first.op === "clone") {
    must(actor, CHILD, { op: "exit" });
    must(actor, caller, { op: "wait", child: CHILD });
  } else if (first.op === "ioctl" && OPENING.has(first.request)) {
    must(actor, caller, { op: "close", fd: Number(outcome.value) });
  }
  for (const call of then) actor.ask(caller, call);
  const after = actor.task(caller);
  return (
    after.credentials === before.credentials &&
    after.memberships?.pid_for_children === before.memberships?.pid_for_children
  );
}
const OPENING: ReadonlySet<unknown> = new Set(["NS_GET_USERNS", "NS_GET_PARENT"]);
