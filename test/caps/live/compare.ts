import type { CanAnswer } from "../../../src/caps/can.ts";
import { canText } from "../../../src/caps/can-text.ts";
import type { SnapshotIndex } from "../../../src/snapshot/index-snapshot.ts";
import type { Heard } from "./attempt.ts";
import { nameOfOwn, type Trial } from "./trial.ts";
import type { Stage } from "./stage.ts";

/** What came of asking and trying the same. */
export interface Compared {
  readonly trial: Trial;
  readonly answer: CanAnswer;
  readonly heard: Heard;
}

/** Whether an answer is none that the kernel contradicts: what it takes for granted and is otherwise here, it said. */
export function agrees(stage: Stage, { answer, heard }: Pick<Compared, "answer" | "heard">): boolean {
  if (heard === "nothing" || answer.verdict === "unknown" || answer.verdict === heard) return true;
  return heard === "no" && answer.assumed.some(({ what, of }) => what === "dumpable" && stage.undumpable.has(of));
}

/** A difference, with all that one has to know to see why. */
export function told(stage: Stage, index: SnapshotIndex, { trial, answer, heard }: Compared): string {
  const { who, operation, on } = trial;
  const status = index.processes.get(stage.actor.pidOf(who))?.status;
  const drawn = [...stage.drawn.values()].map(
    ({ name, owner, by, mapping }) => `  ${name} of ${owner}${by === undefined ? "" : ` by ${by}`}, ids ${mapping}`,
  );
  const places = (["user", "mnt", "pid", "net", "ipc", "uts"] as const).map((kind) => nameOfOwn(stage, who, kind));
  return [
    `The answer is ${answer.verdict}, the kernel says ${heard}: ${operation} ${JSON.stringify(on ?? "its own")}`,
    `by ${who}, in ${places.join(", ")}: ${JSON.stringify(status)}`,
    "Namespaces, as far as they could be made:",
    ...drawn,
    "",
    canText(answer, { width: 100, color: false, charset: "ascii", language: "en" }),
  ].join("\n");
}
