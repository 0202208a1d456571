import { onlyPins } from "../plan/only-pins.ts";
import { withoutUnheld } from "../plan/unheld.ts";
import type { Label } from "../reference.ts";
import type { ProcessNode, Topology } from "../topology.ts";
import type { CompareOptions } from "./compare.ts";

/** In which ways whoever restored wanted it otherwise than the image has it. */
export interface Otherwise {
  /** Processes that became a command. */
  readonly commands?: readonly Label[];
  /** The folder of bind mounts that keep the namespaces in place of processes. */
  readonly pinned?: string;
}

/** What is to be found after a restore, and what of it is not compared. */
export interface Expected extends CompareOptions {
  readonly image: Topology;
}

/** What becomes of a process by its command is the command's affair: its name, its credentials, its session, its files. */
const OF_A_COMMAND = [
  "comm",
  "uid",
  "gid",
  "groups",
  "capabilities",
  "noNewPrivs",
  "session",
  "group",
  "fd",
  "closeOnExec",
];

export function asRestored(image: Topology, { commands = [], pinned }: Otherwise): Expected {
  const expected = withoutUnheld(pinned === undefined ? image : onlyPins(image, pinned));
  const replaced = new Set(commands);
  const processes = expected.processes.map((process) => (replaced.has(process.label) ? executed(process) : process));
  return {
    image: { ...expected, processes },
    leftOut: new Map(commands.map((label) => [label, OF_A_COMMAND])),
  };
}

/** execve(2) enters the time namespace that is for children. */
function executed(process: ProcessNode): ProcessNode {
  const { time_for_children: time, ...namespaces } = process.namespaces;
  return time === undefined ? process : { ...process, namespaces: { ...namespaces, time } };
}
