import type { TaskName } from "../../../src/kernel/call.ts";
import { FLAT_KINDS } from "./as-drawing.ts";
import type { Stage } from "./explore.ts";
import { ioctlsOn, joins, pidQuestions, targetsOf, translations, type Question } from "./questions.ts";
import type { Position, Situation } from "./situation.ts";
import { below } from "./tree.ts";
import { worldsOf, type Size } from "./worlds.ts";

/** One part of what is enumerated. */
export interface Part {
  readonly title: string;
  /** Its worlds with so many namespaces made, of which an ordinary user can build some only. */
  worlds(bound: number, uid: number): readonly Situation[];
  /** Whether each user namespace owns a namespace of each kind that does not nest. */
  readonly flat: boolean;
  /** Whether those who sit in pid namespaces have a second thread. */
  readonly threads: boolean;
  questions(
    stage: Stage,
    caller: TaskName,
    asked: { readonly position: Position; readonly mountsOnly: boolean },
  ): readonly Question[];
}

const worldsOfSizes = (sizes: readonly Size[], uid: number): readonly Situation[] =>
  sizes.flatMap((size) => worldsOf(size, uid === 0 ? "any" : "one")).filter((world) => uid === 0 || canBuild(world));
/** Without privileges one makes pid namespaces in user namespaces of one's own alone. */
const canBuild = ({ owners }: Situation): boolean => owners.slice(1).every((owner) => owner !== 0);

/** How 1 to `bound` namespaces are split between user and pid namespaces. */
const splits = (bound: number): readonly Size[] =>
  below(bound + 1).flatMap((all) =>
    below(all)
      .slice(1)
      .map((users) => ({ users, pids: all - users })),
  );

const users: Part = {
  title: "user namespaces",
  worlds: (bound, uid) =>
    worldsOfSizes(
      below(bound + 1).map((made) => ({ users: made, pids: 0 })),
      uid,
    ),
  flat: true,
  threads: false,
  questions({ built }, caller, { mountsOnly }) {
    if (mountsOnly) return targetsOf(built, ["mnt"]).flatMap((target) => joins(caller, target));
    const targets = [...targetsOf(built, FLAT_KINDS), ...targetsOf(built, ["user"])];
    return [...targets.flatMap(ioctlsOn), ...targets.flatMap((target) => joins(caller, target))];
  },
};

const pids: Part = {
  title: "pid namespaces",
  // Who has no privileges needs a user namespace to make them in.
  worlds: (bound, uid) =>
    worldsOfSizes(
      below(bound + 1).map((made) => ({ users: uid === 0 ? 0 : 1, pids: made })),
      uid,
    ),
  flat: false,
  threads: true,
  questions({ built, tasks }, caller) {
    const targets = targetsOf(built, ["pid"]);
    const insides = [...built.keepers].filter(([name]) => name.startsWith("pid:"));
    return [
      ...targets.flatMap(ioctlsOn),
      ...insides.flatMap(([name, inside]) =>
        translations(built.fds.get(name) ?? 0, { inside, caller, tasks: [...tasks, caller] }),
      ),
      ...pidQuestions(caller, targets),
    ];
  },
};

const crossed: Part = {
  title: "user and pid namespaces",
  worlds: (bound, uid) => worldsOfSizes(splits(bound), uid),
  flat: false,
  threads: false,
  questions({ built }, caller) {
    const targets = targetsOf(built, ["pid"]);
    return [...targets.flatMap(ioctlsOn), ...pidQuestions(caller, targets)];
  },
};

export const PARTS: readonly Part[] = [users, pids, crossed];
