import { join } from "node:path";
import { taskName, type Call, type TaskName } from "../../src/kernel/call.ts";
import { boot } from "../../src/kernel/model/boot.ts";
import { step } from "../../src/kernel/model/step.ts";
import type { World } from "../../src/kernel/model/world.ts";
import type { FileHandle } from "../../src/rules/file-handle.ts";
import { whyNotPlayed } from "./beyond.ts";
import { bindDraft, sequenceOf } from "./draft-call.ts";
import { Scene } from "./scene.ts";

const MODEL_FOLDER = "/run/netns";
const STARTS = [{ uid: 0 }, { uid: 1000 }] as const;

/** A call in the model: the world before it and behind it. */
export interface Played {
  readonly world: World;
  readonly caller: TaskName;
  readonly call: Call;
  readonly after: World;
}

/** The random sequence that a number stands for, in the model alone. */
export function* onModel(seed: number): Iterable<Played> {
  const { start, drafts } = sequenceOf(seed, STARTS);
  const handles: FileHandle[] = [];
  let world = boot({ uid: start.uid });
  let names = 0;
  for (const draft of drafts) {
    const scene = new Scene(world, { newName: () => taskName(`t${names++}`), handles });
    for (const { caller, call: drawn } of bindDraft(draft, scene)) {
      const task = world.tasks.get(caller);
      const call =
        "path" in drawn && !drawn.path.startsWith("/") ? { ...drawn, path: join(MODEL_FOLDER, drawn.path) } : drawn;
      if (task?.memberships === undefined || task.waitsFor !== undefined) continue;
      if (whyNotPlayed(world, task, call) !== undefined) continue;
      const [after, outcome] = step(world, caller, call);
      if (outcome.ok && typeof outcome.value === "object" && "handle" in outcome.value) {
        handles.push(outcome.value.handle);
      }
      yield { world, caller, call, after };
      world = after;
    }
  }
}
