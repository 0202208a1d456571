import type { Actor } from "../../src/kernel/actor.ts";
import { buildWorld, processIn } from "../../src/kernel/build-world.ts";
import { taskName } from "../../src/kernel/call.ts";
import { parseDrawing, type DrawnNamespace } from "../../src/kernel/drawing.ts";
import type { KernelChange } from "../../src/rules/kernel-changes.ts";
import { IOCTL_CASES } from "../kernel-cases/all.ts";
import { casesByWorld, outcomeOf, SceneNotSet } from "../support/play-fact.ts";
import { carryOutRow } from "../kernel-cases/carry-out-row.ts";
import { carryOutScript } from "../kernel-cases/carry-out-script.ts";
import type { FactCase } from "../kernel-cases/fact-case.ts";
import { FACT_CASES } from "../kernel-cases/facts/all.ts";
import { failToJoin, failToMake, JOINED, MAKERS, TOGETHER, type Patience } from "../kernel-cases/half-way.ts";
import { NEWER_CASES } from "../kernel-cases/newer/all.ts";
import { SCRIPTS } from "../kernel-cases/scripts.ts";

/** Cases that share an actor. The answer to each is a text: kernels that behave alike give the same. */
export interface Room {
  /** What sort of cases it has. */
  readonly name: string;
  /** The uid and gid of the first task. */
  readonly uid: number;
  /** Of all of its cases, in their order. */
  readonly ids: readonly string[];
  /** Kernels without that are not asked. */
  readonly needs?: KernelChange;
  /** Gives what asks each. */
  enter(actor: Actor, patience: Patience): readonly (() => string)[];
}

/** More cases than that in one world are dealt out to several rooms. */
const MOST_CASES = 40;

/** Every kernel case, as both sides are asked it: the kernel of the guest, and later the model. */
export const ROOMS: readonly Room[] = [...ioctlRooms(), ...scriptRooms(), ...halfWayRooms(), ...factRooms()];

function ioctlRooms(): Room[] {
  return IOCTL_CASES.map(({ request, world, rows }) => ({
    name: "ioctls",
    uid: 0,
    ids: rows.map(([about, by]) => `${request} of ${about} by ${by}`),
    enter: (actor) => {
      const built = buildWorld(actor, drawn(world), 0);
      return rows.map(([about, by], at) => () => {
        const asker = processIn(actor, built, by, taskName(`asker ${at} in ${by}`));
        return JSON.stringify(carryOutRow(actor, { asker, built, request, about }), withoutReason);
      });
    },
  }));
}
/** The running kernel does not say why. */
const withoutReason = (key: string, value: unknown): unknown => (key === "reason" ? undefined : value);

function scriptRooms(): Room[] {
  return SCRIPTS.map((script) => ({
    name: "scripts",
    uid: script.uid,
    ids: [`script: ${script.title}`],
    ...(script.needs === undefined ? {} : { needs: script.needs }),
    enter: (actor) => [() => carryOutScript(actor, script)],
  }));
}

function halfWayRooms(): Room[] {
  const makers = TOGETHER.flatMap((kinds) =>
    MAKERS.flatMap((maker) =>
      kinds.map((failing): Room => ({
        name: "half-way",
        uid: 0,
        ids: [`${maker} of ${kinds.length} kinds without ${failing}`],
        enter: (actor, patience) => [() => JSON.stringify(failToMake(actor, { maker, kinds, failing }, patience))],
      })),
    ),
  );
  const joined = JOINED.map((failing): Room => ({
    name: "half-way",
    uid: 1000,
    ids: [`setns of a pidfd without ${failing}`],
    enter: (actor) => [() => JSON.stringify(failToJoin(actor, failing))],
  }));
  return [...makers, ...joined];
}

function factRooms(): Room[] {
  const worlds = [...casesByWorld<FactCase>([...FACT_CASES, ...NEWER_CASES])];
  return worlds.flatMap(([world, cases]) => split(cases).map((some) => factRoom(world, some)));
}
/** Those that share nothing, or need something, by themselves. */
function split(cases: readonly FactCase[]): (readonly FactCase[])[] {
  const isAlone = ({ apart = false, needs }: FactCase): boolean => apart || needs !== undefined;
  const together = cases.filter((one) => !isAlone(one));
  const count = Math.ceil(together.length / MOST_CASES);
  const rooms = Array.from({ length: count }, (_, at) => together.slice(at * MOST_CASES, (at + 1) * MOST_CASES));
  return [...rooms, ...cases.filter(isAlone).map((one) => [one])];
}

function factRoom(world: string, cases: readonly FactCase[]): Room {
  const needs = cases[0]?.needs;
  return {
    name: "facts",
    uid: 0,
    ids: cases.map(({ id }) => `fact ${id}`),
    ...(needs === undefined ? {} : { needs }),
    enter: (actor) => {
      const built = buildWorld(actor, drawn(world), 0);
      return cases.map((one) => () => scene(() => outcomeOf(actor, built, one)));
    },
  };
}

/** That a scene cannot be set on some kernel is an answer too. */
function scene(ask: () => string): string {
  try {
    return ask();
  } catch (error) {
    if (error instanceof SceneNotSet) return `before it, ${error.what}`;
    throw error;
  }
}

function drawn(world: string): readonly DrawnNamespace[] {
  const drawing = parseDrawing(world);
  if (!drawing.ok) throw new Error(`line ${drawing.line}: ${drawing.message}`);
  return drawing.namespaces;
}
