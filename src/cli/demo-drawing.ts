import { carryOut } from "../demo/carry-out.ts";
import { TRANSCRIPTS } from "../demo/transcripts.ts";
import { discover } from "../discover/discover.ts";
import { taskName, type TaskName } from "../kernel/call.ts";
import { ModelActor } from "../kernel/model/actor.ts";
import { ModelObserver } from "../kernel/model/observer.ts";
import type { World } from "../kernel/model/world.ts";
import { DEMO } from "../messages/demo.ts";
import { palette } from "../render/palette.ts";
import { treeText, type TreeOptions } from "../render/tree.ts";
import { indexSnapshot } from "../snapshot/index-snapshot.ts";

/** What runs in the processes of the sessions, which the model's processes do not know. */
const PROGRAMS = { sleeper: ["sleep", "1000"], inside: ["sh"] } as const;

/**
 * The tree of the namespaces that the demo makes, as the model has them, marked as a drawing: for machines
 * that show one user namespace alone, whose own tree says little about who owns what.
 */
export async function demoDrawing(options: Omit<TreeOptions, "all" | "kinds" | "depth">): Promise<string> {
  const actor = new ModelActor();
  carryOut(actor, TRANSCRIPTS);
  const world = withPrograms(actor.world);
  const stamp = { producer: { name: "nsatlas", version: "0" }, takenAt: new Date(0) };
  const snapshot = await discover(
    new ModelObserver(() => world, actor.first),
    { commandLines: true, cgroups: false },
    stamp,
  );
  if (!snapshot.ok) throw new Error(`the model refused to be looked at: ${snapshot.errno}`);
  const mark = palette(options.color).missing(DEMO["drawing-mark"][options.language]);
  return `${mark}\n\n${treeText(indexSnapshot(snapshot.value), { ...options, all: true })}`;
}

function withPrograms(world: World): World {
  const tasks = Object.entries(PROGRAMS).reduce((tasks, [role, commandLine]) => {
    const name: TaskName = taskName(role);
    const task = tasks.get(name);
    return task === undefined ? tasks : tasks.set(name, { ...task, comm: commandLine[0], commandLine });
  }, world.tasks);
  return { ...world, tasks };
}
