import { ParseError } from "../errors.ts";
import { buildWorld, processIn, type BuiltWorld } from "../kernel/build-world.ts";
import { taskName, type TaskName } from "../kernel/call.ts";
import { parseDrawing } from "../kernel/drawing.ts";
import { ModelActor } from "../kernel/model/actor.ts";
import type { Machine } from "../kernel/model/boot.ts";
import { ModelObserver } from "../kernel/model/observer.ts";

/** A machine in memory, drawn as text. */
export interface DrawnMachine extends BuiltWorld {
  /** Makes calls in it; what they change, its observers see. */
  readonly actor: ModelActor;
  /** The machine as one of its processes sees it; without a name, as its first process does. */
  observer(viewer?: TaskName): ModelObserver;
  /** A new process in the namespace of that name, such as "pid:box". */
  processIn(namespace: string): TaskName;
}

/**
 * Boots a machine in memory and makes the namespaces of a drawing in it, one a line, children indented; `KIND:init` are
 * there from the start, and each namespace has one process of its name:
 *
 *     user:init
 *       user:outer by 1000        made by uid 1000
 *     pid:init
 *       pid:box of user:outer     owned by user:outer
 *     net:blue of user:outer empty   nobody stays in it
 *
 * ParseError: a line has another form, or names what is not there (`line`). BuildRefused: the kernel that the machine
 * behaves as does not allow the drawing.
 */
export function drawMachine(drawing: string, machine: Machine = {}): DrawnMachine {
  const drawn = parseDrawing(drawing);
  if (!drawn.ok) {
    const { line, message } = drawn;
    const text = drawing.split("\n")[line - 1] ?? "";
    throw new ParseError(`line ${line} of the drawing: ${message}`, { file: "drawing", line, text });
  }
  const actor = new ModelActor(machine);
  const world = buildWorld(actor, drawn.namespaces, machine.uid ?? 0);
  let visitors = 0;
  return {
    ...world,
    actor,
    observer: (viewer = actor.first) => new ModelObserver(() => actor.world, viewer),
    processIn: (namespace) => processIn(actor, world, namespace, taskName(`visitor-${visitors++}`)),
  };
}
