import type { TaskName } from "../../src/kernel/call.ts";
import { taskName, type Call, type Value } from "../../src/kernel/call.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import type { Machine } from "../../src/kernel/model/boot.ts";
import type { World } from "../../src/kernel/model/world.ts";
import type { Outcome } from "../../src/rules/outcome.ts";
import type { FileHandle } from "../../src/rules/file-handle.ts";
import { whyNotPlayed } from "../differential/beyond.ts";
import { bindDraft, sequenceOf } from "../differential/draft-call.ts";
import { Scene } from "../differential/scene.ts";

/** One call, and what the model answered, without its reason: as the running kernel answers. */
export interface RecordedCall {
  readonly caller: TaskName;
  readonly call: Call;
  readonly answer: unknown;
}
export interface RecordedRun {
  readonly machine: Machine;
  readonly calls: readonly RecordedCall[];
  /** How every task stands at the end, as /proc/PID/status has it. */
  readonly end: unknown;
}

const STARTS = [{ uid: 0 }, { uid: 0 }, { uid: 1000 }];

/**
 * Random sequences as the differential plays them on both kernels, which agree on every answer: what the model answers
 * stands for both.
 */
export function recordRuns({ seed, runs }: { readonly seed: number; readonly runs: number }): readonly RecordedRun[] {
  return Array.from({ length: runs }, (_, at) => {
    const { start: machine, drafts } = sequenceOf(seed + at, STARTS);
    const actor = new ModelActor(machine);
    const calls: RecordedCall[] = [];
    const handles: FileHandle[] = [];
    let names = 0;
    for (const draft of drafts) {
      const scene = new Scene(actor.world, { newName: () => taskName(`t${names++}`), handles });
      for (const { caller, call } of bindDraft(draft, scene)) {
        const task = actor.world.tasks.get(caller);
        if (task?.memberships === undefined || task.waitsFor !== undefined) continue;
        if (whyNotPlayed(actor.world, task, call) !== undefined) continue;
        const outcome = actor.call(caller, call);
        calls.push({ caller, call, answer: answerOf(outcome) });
        if (outcome.ok && typeof outcome.value === "object" && "handle" in outcome.value) {
          handles.push(outcome.value.handle);
        }
      }
    }
    return { machine, calls, end: standings(actor.world) };
  });
}

/** What the running kernel says too. */
export const answerOf = (outcome: Outcome<Value>): unknown => (outcome.ok ? outcome.value : outcome.errno);

/** The ids, capabilities and groups of all tasks: what the differential compares at the end of a sequence. */
export const standings = (world: World): unknown =>
  [...world.tasks.values()].map(({ name, credentials }) => {
    const { ruid, euid, suid, fsuid, rgid, egid, sgid, fsgid, groups, noNewPrivs } = credentials;
    const { permitted, effective, inheritable, bounding, ambient } = credentials;
    const uids = [ruid, euid, suid, fsuid];
    const gids = [rgid, egid, sgid, fsgid, ...groups];
    return { name, uids, gids, noNewPrivs, sets: [permitted, effective, inheritable, bounding, ambient] };
  });
